"""The ledger in Excel on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

import click
import orjson

from server.communities.commands import DAY
from server.console import Console, pass_console
from server.ledger.lists import Filter
from server.ledger.schemas import SIGNALS
from server.ledger.sheets import mappings
from server.ledger.sheets.columns import KINDS
from server.ledger.sheets.mapping import amended, mapping_of
from server.ledger.states import STATES
from server.photos.store import Folder
from server.sheets.errors import TableFaulty
from server.sheets.faults import Fault, reasons, write_report

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("export")
@click.argument("file", type=FILE)
@click.option("--kind", type=click.Choice(sorted(KINDS)), default="ledger", show_default=True)
@click.option("--state", multiple=True, type=click.Choice(STATES))
@click.option("--category", multiple=True, help="The category's code.")
@click.option("--measure", multiple=True, type=int)
@click.option("--severity", multiple=True, type=click.Choice(["A", "B", "C"]))
@click.option("--signal", multiple=True, type=click.Choice(SIGNALS))
@click.option("--community", "community_id", type=click.UUID, help="The community's id.")
@click.option("--grid-cell", help="15 digits.")
@click.option("--unit", help="Code of the responsible unit.")
@click.option("--from", "opened_from", type=DAY, help="First day of the report.")
@click.option("--to", "opened_to", type=DAY, help="Last day of the report.")
@click.option("--text", help="Words of the description, the number or the community.")
@click.option("--thumbnails", is_flag=True, help="Show small photos; up to 5000 lines.")
@click.option("--address", default="", help="Where the pages are, for links: https://…")
@pass_console
def export_ledger(
    console: Console, /, file: Path, kind: str, thumbnails: bool, address: str, **filters: Any
) -> None:
    """Write cases as Excel: the ledger (整改台账), 问题清单, 责任清单, 销号清单, or the A3 print view."""
    from server.ledger.sheets import export  # the rest of the command line does without Excel

    look = export.Look(kind, address, Folder(console.settings.photo_store) if thumbnails else None)
    with console.database.snapshot() as session:
        rows = export.export(
            session, file.absolute(), _filter(**filters), look, actor=None, now=console.now, tell=_tell
        )
    click.echo("", err=True)
    click.echo(f"{rows} cases in {file}")


def _filter(
    opened_from: datetime | None, opened_to: datetime | None, community_id: UUID | None, **more: Any
) -> Filter:
    return Filter(
        opened_from=opened_from.date() if opened_from else None,
        opened_to=opened_to.date() if opened_to else None,
        community_id=community_id,
        **more,
    )


def _tell(rows: int) -> None:
    click.echo(f"\r{rows:,} rows", nl=False, err=True)


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--mapping", "saved_as", help="A saved mapping to begin with.")
@click.option("--mapping-file", type=click.File("rb"), help="A mapping as JSON.")
@click.option("--map", "mapped", multiple=True, metavar="COLUMN=FIELD", help="What a column becomes.")
@click.option("--default", "defaults", multiple=True, metavar="FIELD=VALUE", help="Where nothing is told.")
@click.option("--save-mapping", "save_as", help="Keep the mapping under this name.")
@click.option("--dry-run", is_flag=True, help="Read and judge every row, change nothing.")
@click.option("--skip-refused", is_flag=True, help="Take the good rows; without it, one bad row stops all.")
@click.option(
    "--photos",
    type=click.Path(exists=True, path_type=Path),
    help="A zip or folder with the files that photo columns name.",
)
@click.option("--report", type=FILE, help="Write every refused row and its reason as CSV.")
@pass_console
def import_ledger(
    console: Console,
    file: Path,
    saved_as: str | None,
    mapping_file: BinaryIO | None,
    mapped: tuple[str, ...],
    defaults: tuple[str, ...],
    save_as: str | None,
    dry_run: bool,
    skip_refused: bool,
    photos: Path | None,
    report: Path | None,
) -> None:
    """Take in an existing ledger (.xlsx, .xls, .csv): closed cases as they were, open ones to work on."""
    from server.ledger.sheets import taking  # the rest of the command line does without Excel

    given = _json(mapping_file) if mapping_file else None
    how = taking.How(dry_run, skip_refused)
    settings = console.settings
    beside = taking.Beside(Folder(settings.photo_store), settings.max_photo_bytes, photos)
    try:
        with console.transaction() as session:
            begun = mappings.saved(session, saved_as) if saved_as else mapping_of(given or {})
            mapping = amended(begun, _pairs(mapped), _pairs(defaults))
            if save_as:
                mapping = mappings.save(session, save_as, mapping, actor=None, now=console.now)
            taken = taking.take_in(
                session,
                file,
                mapping,
                how,
                file_name=file.name,
                actor=None,
                now=console.now,
                beside=beside,
                tell=_tell,
            )
    except TableFaulty as fault:
        _report(report, fault.faults)
        raise
    finally:
        click.echo("", err=True)
    _report(report, taken.faults)
    done = "would be taken in" if dry_run else "taken in"
    click.echo(
        f"{taken.rows} rows: {taken.open_cases} open and {taken.closed_cases} closed cases {done},"
        f" {taken.photos} photos, {taken.refused_rows} rows refused."
    )


def _report(file: Path | None, faults: Sequence[Fault]) -> None:
    """Write the report where one is wanted, and tell the most frequent reasons."""
    if file is not None:
        write_report(file, faults)
    for reason, count in list(reasons(faults).items())[:20]:
        click.echo(f"{count:>8} × {reason}", err=True)


def _pairs(told: Sequence[str]) -> dict[str, str]:
    for one in told:
        if "=" not in one:
            raise click.BadParameter(f"{one!r} is not NAME=VALUE")
    return dict(one.rsplit("=", 1) for one in told)


def _json(file: BinaryIO) -> object:
    try:
        return orjson.loads(file.read())
    except orjson.JSONDecodeError as fault:
        raise click.BadParameter(f"the mapping is no JSON: {fault}") from fault
