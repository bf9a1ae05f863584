"""Commands that load the county and remove its demo places."""

from __future__ import annotations

import click

from server.console import Console, pass_console
from server.programme import demo_removal, service

WARNINGS = {
    "emptied": "All inspections, cases and numbers go with the demo places, as all of them lie there. Go on?",
    "retired": "Real records exist: the demo places are hidden from today on, their cases stay. Go on?",
}
DONE = {
    "emptied": "The demo places and all records in them are gone; numbers begin anew.",
    "retired": "The demo places are hidden from today on; their cases stay.",
}


@click.command("load-county")
@click.option(
    "--demo/--no-demo",
    "with_demo",
    default=None,
    help="Draw demo places; left out: at the first load only.",
)
@click.option("--seed", default=7, show_default=True, help="What the demo places are drawn from.")
@pass_console
def load_county(console: Console, with_demo: bool | None, seed: int) -> None:
    """Load the county: outline, divisions, units, measures, rules, calendar, checklists, demo places."""
    with console.transaction() as session:
        service.load_county(
            session,
            with_demo=with_demo,
            seed=seed,
            now=console.now,
            tell=lambda line: click.echo(f"  {line}"),
        )


@click.group()
def demo() -> None:
    """The demo places."""


@demo.command("remove")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@pass_console
def remove_demo(console: Console, yes: bool) -> None:
    """Remove the demo places, with all records while every one of them lies in a demo place.

    Once there are real records the places are only retired and their cases stay. Needs DATABASE_OWNER_URL.
    """
    with console.owner_database.transaction() as session:
        what = demo_removal.planned(session)
    if not yes:
        click.confirm(WARNINGS[what], abort=True)
    with console.owner_database.transaction() as session:
        done = demo_removal.remove(session, console.now)
    click.echo(DONE[done])
