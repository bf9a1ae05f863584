"""The work calendar on the command line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from marshmallow import ValidationError

from checklists.deadlines import SHANGHAI
from server.console import Console, pass_console
from server.ledger.calendars import service
from server.ledger.calendars.reading import document_of
from server.ledger.calendars.schemas import CalendarFileSchema
from server.ledger.terms import local_day

DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def calendar() -> None:
    """The work calendar: public holidays and make-up days."""


@calendar.command()
@click.argument("year", type=click.IntRange(2000, 2200), required=False)
@pass_console
def show(console: Console, year: int | None) -> None:
    """Show the days of YEAR (this year) that differ from Monday-to-Friday, and what was changed."""
    with console.transaction() as session:
        found = service.shown(session, year or local_day(console.now).year)
    for one in found["days"]:
        mark = "?" if one["provisional"] else " "
        click.echo(f"{mark} {one['day']} {one['kind']:<7} {one['name']}  {one['source']}")
    if not found["known"]:
        click.echo(f"  The order for {found['year']} is not known: weekends and fixed holidays are off.")
    for one in found["changes"]:
        click.echo(f"  {_local(one['changed_at'])} {_change(one)}")


@calendar.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", help="The order it comes from, where the file does not say.")
@click.option("--from", "valid_from", type=DAY, help="The first day that the file speaks for.")
@click.option("--to", "valid_to", type=DAY, help="The first day that it no longer speaks for.")
@click.option("--dry-run", is_flag=True, help="Only tell what would change.")
@pass_console
def load(
    console: Console,
    file: Path,
    source: str | None,
    valid_from: datetime | None,
    valid_to: datetime | None,
    dry_run: bool,
) -> None:
    """Load FILE (CSV or JSON): its span is replaced, open deadlines move with it."""
    told = {"source": source, "valid_from": _day(valid_from), "valid_to": _day(valid_to)}
    document = document_of(file.read_bytes(), more={name: value for name, value in told.items() if value})
    try:
        given = CalendarFileSchema().load(document)
    except ValidationError as error:
        lines = [f"{file.name}#{pointer}: {fault}" for pointer, fault in _faults(error.messages, "")]
        raise click.ClickException("\n".join(["The file is faulty, nothing was loaded.", *lines])) from error
    with console.transaction() as session:
        done = service.load(
            session, {**given, "dry_run": dry_run or given["dry_run"]}, actor=None, now=console.now
        )
    for one in done["changes"]:
        click.echo(_change(one))
    for one in done["moved"]:
        click.echo(f"{one['number'] or one['case_id']}: {_local(one['was'])} → {_local(one['due_at'])}")
    verb = "would change" if done["dry_run"] else "changed"
    click.echo(f"{len(done['changes'])} days {verb}, {len(done['moved'])} open deadlines with them.")


def _day(at: datetime | None) -> str | None:
    return at.date().isoformat() if at else None


def _local(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def _change(one: Mapping[str, Any]) -> str:
    return f"{one['day']}: {_word(one['was'])} → {_word(one['becomes'])}"


def _word(facts: Mapping[str, Any] | None) -> str:
    return "an ordinary day" if facts is None else f"{facts['kind']} {facts['name']}"


def _faults(told: Any, pointer: str) -> Iterator[tuple[str, str]]:
    """Yield each fault with the place it stands at."""
    if isinstance(told, Mapping):
        for name, rest in told.items():
            yield from _faults(rest, f"{pointer}/{name}")
    else:
        for one in told if isinstance(told, list) else [told]:
            yield pointer, str(one)
