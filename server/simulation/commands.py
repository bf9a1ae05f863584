"""The command that simulates tablets against a running server."""

from __future__ import annotations

import json
import sys
from time import monotonic

import click
from rich.console import Console as Screen
from rich.table import Table

from server.console import Console, pass_console
from server.simulation.first_morning import FirstMorning, MorningFailed
from server.simulation.people import NowhereToWalk, recruit
from server.simulation.proof import Findings
from server.simulation.run import Plan
from server.simulation.run import simulate as run
from sync.client import ClientError

ROWS = (
    ("items sent", "sent"),
    ("acknowledged", "acknowledged"),
    ("lost", "lost"),
    ("doubled", "doubled"),
    ("photos", "photos"),
    ("photos verified by hash", "photos_verified"),
    ("cases opened", "cases"),
    ("requests cut", "cuts"),
    ("tries repeated", "retries"),
)


@click.command()
@click.option("--url", default="http://127.0.0.1:8000", show_default=True, help="Where the server answers.")
@click.option("--tablets", default=5, show_default=True, type=click.IntRange(1, 200))
@click.option("--inspections", default=20, show_default=True, type=click.IntRange(1), help="A tablet.")
@click.option("--photos", default=2, show_default=True, type=click.IntRange(0, 20), help="An inspection.")
@click.option(
    "--faults", default=0.05, show_default=True, type=click.FloatRange(0, 0.9), help="Chance of a cut line."
)
@click.option("--seed", default=7, show_default=True, help="The same seed finds the same.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON, no bars.")
@pass_console
def simulate(
    console: Console,
    url: str,
    tablets: int,
    inspections: int,
    photos: int,
    faults: float,
    seed: int,
    as_json: bool,
) -> None:
    """Let tablets work offline and hand in over a bad line; exit 1 if anything was lost or doubled.

    The workers sim1 to simN and their codes are made in the database that the server uses.
    """
    plan = Plan(url, tablets, inspections, photos, faults, seed)
    try:
        with console.transaction() as session:
            recruits = recruit(session, tablets, console.now)
    except NowhereToWalk as error:
        raise click.ClickException(str(error)) from error
    started = monotonic()
    found = run(plan, recruits, quiet=as_json)
    _show(found, monotonic() - started, as_json)
    sys.exit(0 if found.sound else 1)


def _show(found: Findings, seconds: float, as_json: bool) -> None:
    values = {name: getattr(found, name) for _, name in ROWS} | {"cases": len(found.cases)}
    if as_json:
        told = {
            **values,
            "statuses": dict(found.statuses),
            "faults": found.faults,
            "seconds": round(seconds, 1),
        }
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    table = Table("simulated tablets", "", show_edge=False)
    for label, name in ROWS:
        table.add_row(label, str(values[name]))
    table.add_row("answers", ", ".join(f"{count} {status}" for status, count in found.statuses.items()))
    table.add_row("seconds", f"{seconds:.1f}")
    Screen().print(table)
    for fault in found.faults[:20]:
        click.echo(f"  {fault}", err=True)


@click.command("first-morning")
@click.option("--url", default="http://127.0.0.1:8000", show_default=True, help="Where the server answers.")
@click.option("--password-stdin", is_flag=True, required=True, help="Read the demo people's password.")
def first_morning(url: str, password_stdin: bool) -> None:
    """Let the demo people take one case from the report to its close-out, over HTTP."""
    password = sys.stdin.readline().rstrip("\r\n")
    try:
        FirstMorning(url, password, tell=click.echo).run()
    except (ClientError, MorningFailed) as error:
        raise click.ClickException(str(error)) from error
