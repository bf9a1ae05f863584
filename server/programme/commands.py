"""The command that loads the county."""

from __future__ import annotations

import click

from server.console import Console, pass_console
from server.programme import service


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
