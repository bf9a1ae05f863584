"""The ledger in Excel on the command line."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import click

from server.communities.commands import DAY
from server.console import Console, pass_console
from server.ledger.lifecycle import STATES
from server.ledger.lists import Filter
from server.ledger.schemas import SIGNALS
from server.ledger.sheets.columns import KINDS
from server.photos.store import Folder

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
