"""Work orders of the hotline on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

import click

from server.complaints.hotline import pasting
from server.complaints.hotline.lifecycle import SIGNALS, STATES
from server.complaints.hotline.tables import Desk
from server.complaints.hotline.taking import By
from server.console import Console, pass_console
from server.sheets.errors import TableFaulty
from server.sheets.faults import Fault, write_report

TOLD = 20
FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def hotline() -> None:
    """Take in work orders of the hotline 12345, and write them back with their replies."""


@hotline.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--map", "mapped", multiple=True, metavar="COLUMN=FIELD", help="What a column becomes.")
@click.option("--dry-run", is_flag=True, help="Try it, change nothing.")
@click.option("--report", type=FILE, help="Every fault, as CSV.")
@pass_console
def import_orders(
    console: Console, file: Path, mapped: Sequence[str], dry_run: bool, report: Path | None
) -> None:
    """Take in a sheet (.xlsx, .xls, .csv): all of it, or nothing when a row is faulty."""
    from server.complaints.hotline import sheet  # the rest of the command line does without Excel

    columns = sheet.look_into(file, file.name)["fields"] | dict(_pair(one) for one in mapped)
    try:
        with console.transaction() as session:
            by = By(None, Desk(), "sheet", console.now)
            taken = sheet.take_sheet(
                session, file, file.name, columns, by, dry_run=dry_run, tell=lambda done, total: None
            )
    except TableFaulty as fault:
        _tell(fault.faults, report)
        raise
    _count(taken.as_json(), dry_run)


@hotline.command("paste")
@click.argument("text", type=click.File("r", encoding="utf-8"), default="-")
@click.option("--dry-run", is_flag=True, help="Try it, change nothing.")
@pass_console
def paste_orders(console: Console, text: TextIO, dry_run: bool) -> None:
    """Take in orders from a text, or from what is typed in: blocks of "工单编号：…", or rows of a sheet."""
    try:
        with console.transaction() as session:
            by = By(None, Desk(), "paste", console.now)
            told = pasting.take_text(session, text.read(), by, dry_run=dry_run)
    except TableFaulty as fault:
        _tell(fault.faults, None)
        raise
    _count(told, dry_run)


@hotline.command("export")
@click.argument("file", type=FILE)
@click.option("--state", "states", multiple=True, type=click.Choice(STATES))
@click.option("--signal", "signals", multiple=True, type=click.Choice(SIGNALS))
@pass_console
def export_orders(console: Console, file: Path, states: Sequence[str], signals: Sequence[str]) -> None:
    """Write orders as Excel in the platform's columns, with callers and replies."""
    from server.complaints.hotline import sheet  # the rest of the command line does without Excel

    filters = {"states": list(states) or None, "signals": list(signals) or None}
    with console.database.snapshot() as session:
        rows = sheet.write_sheet(session, file.absolute(), Desk(), filters, console.now)
    click.echo(f"{rows} orders in {file}")


def _pair(told: str) -> tuple[str, str]:
    title, found, name = told.partition("=")
    if not found:
        raise click.BadParameter(f"{told!r} is not COLUMN=FIELD")
    return title, name


def _count(told: dict[str, int], dry_run: bool) -> None:
    done = "would be" if dry_run else "were"
    click.echo(
        f"{told['rows']} orders: {told['created']} {done} new, {told['changed']} {done} changed,"
        f" {told['unchanged']} stood already."
    )


def _tell(faults: Sequence[Fault], report: Path | None) -> None:
    if report is not None:
        write_report(report, faults)
    for one in faults[:TOLD]:
        click.echo(one.told(), err=True)
