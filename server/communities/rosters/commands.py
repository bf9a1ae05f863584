"""Rosters on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from server.communities.rosters.columns import ROSTERS
from server.communities.rosters.outcome import By
from server.console import Console, pass_console
from server.sheets.errors import TableFaulty
from server.sheets.faults import Fault, write_report

KIND = click.Choice(list(ROSTERS))
TOLD = 20


@click.group()
def roster() -> None:
    """Take in rosters kept in Excel: workers, companies, contracts, communities, assignments."""


@roster.command("template")
@click.argument("kind", type=KIND)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def write_template(kind: str, file: Path) -> None:
    """Write an empty roster to fill in."""
    from server.communities.rosters import work  # the rest of the command line does without Excel

    work.write_template(kind, file.absolute())
    click.echo(f"{ROSTERS[kind].title}: {file}")


@roster.command("import")
@click.argument("kind", type=KIND)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Try it, change nothing.")
@click.option("--skip-refused", is_flag=True, help="Take the good rows; without it, one bad row stops all.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Every fault, as CSV.")
@pass_console
def import_roster(
    console: Console, kind: str, file: Path, dry_run: bool, skip_refused: bool, report: Path | None
) -> None:
    """Take in a roster (.xlsx, .xls, .csv): all of it, or nothing when a row is faulty."""
    from server.communities.rosters import work  # the rest of the command line does without Excel

    try:
        with console.transaction() as session:
            by = By(None, console.now)
            taken = work.take_in(
                session,
                kind,
                file,
                file_name=file.name,
                dry_run=dry_run,
                by=by,
                skip_refused=skip_refused,
            )
    except TableFaulty as fault:
        _tell(fault.faults, report)
        raise
    _tell(taken.faults, report)
    done, told = "would be" if dry_run else "were", taken.outcome
    click.echo(
        f"{taken.rows} rows: {told.created} {done} created, {told.changed} changed,"
        f" {told.unchanged} stood already, {len({one.row for one in taken.faults})} refused."
    )


def _tell(faults: Sequence[Fault], report: Path | None) -> None:
    """Write every fault into the report where one is wanted, and tell the first of them."""
    if report is not None:
        write_report(report, faults)
    for one in faults[:TOLD]:
        click.echo(one.told(), err=True)
