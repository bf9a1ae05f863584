"""`wangge siting rows …`: the rows that siting reckons with, on the command line."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

import click

from server.console import Console, pass_console
from server.siting.rows import service
from server.siting.rows.books import BOOKS, FUNDS, ITEMS, POWER, PRICES, RATE, RATES, RULES, UNITS, Book

_FROM = click.option("--from", "valid_from", type=click.DateTime(["%Y-%m-%d"]), help="The first day; today.")
_SOURCE = click.option("--source", required=True, help="The document or decision that it comes from.")


@click.group()
def rows() -> None:
    """Distances, prices, rates of demand and spare power that siting reckons with."""


@rows.command("list")
@click.argument("book", type=click.Choice(list(BOOKS)))
@pass_console
def list_rows(console: Console, book: str) -> None:
    """Show every row with its validity; * marks what holds today."""
    shown = BOOKS[book]
    with console.transaction() as session:
        for row in service.listed(session, shown, actor=None, now=console.now):
            until = f" to {row['valid_to']}" if row["valid_to"] else ""
            told = "  ".join(str(row[name]) for name in (*shown.key, *shown.values))
            mark = "*" if row["in_force"] else " "
            click.echo(f"{mark} {told}  from {row['valid_from']}{until}  {row['source']}")


@rows.command("rule")
@click.argument("rule_set")
@click.argument("name")
@click.argument("value")
@click.option("--kind", help="What the distance is to, or `figure`.")
@click.option("--unit", type=click.Choice(UNITS))
@click.option("--hard/--soft", default=None, help="Whether a place that breaks it is rejected.")
@_FROM
@_SOURCE
@pass_console
def set_rule(console: Console, /, value: str, hard: bool | None, **given: Any) -> None:
    """Let a rule of a set be VALUE from a day on; VALUE `none` ends it."""
    _set(console, RULES, {**given, "value": _number(value), "hard": hard})


@rows.command("price")
@click.argument("item", type=click.Choice(ITEMS))
@click.argument("yuan")
@click.option("--paid-by", type=click.Choice(FUNDS))
@_FROM
@_SOURCE
@pass_console
def set_price(console: Console, /, yuan: str, **given: Any) -> None:
    """Let ITEM cost YUAN from a day on."""
    _set(console, PRICES, {**given, "yuan": _number(yuan)})


@rows.command("rate")
@click.argument("name", type=click.Choice(RATES))
@click.argument("value")
@click.option("--place", type=click.UUID, help="A community or building with a rate of its own.")
@_FROM
@_SOURCE
@pass_console
def set_rate(console: Console, /, value: str, place: UUID | None, **given: Any) -> None:
    """Let a rate be VALUE from a day on; VALUE `none` ends a place's own."""
    _set(console, RATE, {**given, "value": _number(value), "place": str(place) if place else ""})


@rows.command("power")
@click.argument("facility_id", type=click.UUID)
@click.argument("spare_kva")
@_FROM
@_SOURCE
@pass_console
def set_power(console: Console, /, spare_kva: str, **given: Any) -> None:
    """Write down what a transformer has left from a day on; `none` when nobody knows any more."""
    _set(console, POWER, {**given, "spare_kva": _number(spare_kva)})


def _set(console: Console, book: Book, given: dict[str, Any]) -> None:
    day: datetime | None = given.pop("valid_from")
    wanted = {**given, "valid_from": day.date() if day else None}
    with console.transaction() as session:
        service.set_row(session, book, wanted, actor=None, now=console.now)
    click.echo("stored / 已保存")


def _number(text: str) -> Decimal | None:
    if text == "none":
        return None
    try:
        found = Decimal(text)
    except InvalidOperation as fault:
        raise click.BadParameter(f"{text!r} is no number") from fault
    if not found.is_finite() or found < 0:
        raise click.BadParameter(f"{text!r} is no number from 0 on")
    return found
