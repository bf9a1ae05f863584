"""The ledger's own numbers on the command line."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from uuid import UUID

import click

from server.console import Console, pass_console
from server.ledger import link_limits, ruling
from server.ledger.terms import local_day


@click.group()
def rule() -> None:
    """The ledger's own numbers: shares, factors, distances, counts."""


@rule.command("list")
@pass_console
def list_rules(console: Console) -> None:
    """Show every value with its validity; * marks the one that holds today."""
    with console.transaction() as session:
        for row in ruling.listed(session, console.now):
            until = f" to {row['valid_to']}" if row["valid_to"] else ""
            mark = "*" if row["in_force"] else " "
            click.echo(
                f"{mark} {row['name']:<24} {row['value'].normalize():>8f} {row['unit']:<20}"
                f" from {row['valid_from']}{until}  {row['source']}"
            )


@rule.command("set")
@click.argument("name")
@click.argument("value")
@click.option("--from", "valid_from", type=click.DateTime(["%Y-%m-%d"]), help="The first day; today.")
@click.option("--source", required=True, help="The document or decision that the value comes from.")
@pass_console
def set_rule(console: Console, name: str, value: str, valid_from: datetime | None, source: str) -> None:
    """Let VALUE hold for NAME from a day on."""
    now = console.now
    day: date = valid_from.date() if valid_from else local_day(now)
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        raise click.BadParameter(f"{value!r} is no number", param_hint="VALUE") from error
    with console.transaction() as session:
        ruling.set_rule(session, name, number, valid_from=day, source=source, actor=None, now=now)
    click.echo(f"{name} is {number} from {day} on.")


@rule.command("links")
@pass_console
def list_links(console: Console) -> None:
    """Show how long each link may take with validity; * marks what holds today."""
    with console.transaction() as session:
        for row in link_limits.listed(session, console.now):
            until = f" to {row['valid_to']}" if row["valid_to"] else ""
            mark = "*" if row["in_force"] else " "
            click.echo(
                f"{mark} {row['link']:<9} {row['severity']} {row['amount']:>5} {row['unit']}"
                f" from {row['valid_from']}{until}  {row['source']}"
            )


@rule.command("link")
@click.argument("link", type=click.Choice(link_limits.LIMITED))
@click.argument("severity", type=click.Choice(link_limits.SEVERITIES))
@click.argument("amount", type=int)
@click.argument("unit", type=click.Choice(["uh", "wh", "wd", "cd"]))
@click.option("--from", "valid_from", type=click.DateTime(["%Y-%m-%d"]), help="The first day; today.")
@click.option("--source", required=True, help="The document or decision that the limit comes from.")
@pass_console
def set_link(
    console: Console,
    link: str,
    severity: str,
    amount: int,
    unit: str,
    valid_from: datetime | None,
    source: str,
) -> None:
    """Let LINK take AMOUNT of UNIT (urgent hours, work hours, work days, calendar days) from a day on."""
    now = console.now
    day = valid_from.date() if valid_from else local_day(now)
    wanted = link_limits.LinkLimit(
        link=link, severity=severity, amount=amount, unit=unit, source=source, valid_from=day
    )
    with console.transaction() as session:
        link_limits.set_limit(session, wanted, actor=None, now=now)
    click.echo(f"{link} may take {amount} {unit} at severity {severity} from {day} on.")


@rule.command("part")
@click.argument("community_id", type=click.UUID)
@click.argument("part", type=click.Choice(ruling.PARTS))
@click.argument("unit_code")
@click.option("--from", "valid_from", type=click.DateTime(["%Y-%m-%d"]), help="The first day; today.")
@pass_console
def set_part(
    console: Console, community_id: UUID, part: str, unit_code: str, valid_from: datetime | None
) -> None:
    """Say who is developer, utility, operator, lift maintainer or former work unit of a community."""
    day = valid_from.date() if valid_from else local_day(console.now)
    with console.transaction() as session:
        ruling.set_part(session, community_id, part, unit_code, day)
    click.echo(f"{unit_code} is {part} of {community_id} from {day} on.")
