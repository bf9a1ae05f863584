"""The command that loads demo places with a history."""

from __future__ import annotations

import secrets
from time import monotonic

import click
from rich.console import Console as Screen
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from server.console import Console, pass_console
from server.photos.store import Folder
from server.simulation.history.load import Wish, load

STEPS = 1000


@click.command("load")
@click.option("--communities", default=300, show_default=True, type=click.IntRange(12, 1500))
@click.option("--years", default=2, show_default=True, type=click.IntRange(1, 5))
@click.option("--seed", default=7, show_default=True, help="The same seed draws the same, up to the day.")
@pass_console
def load_demo_history(console: Console, communities: int, years: int, seed: int) -> None:
    """Load demo places with people, inspections, cases and photos of the years up to now: all or nothing.

    All demo people share one password, which is printed at the end.
    """
    begun, password = monotonic(), f"sishui-{secrets.token_hex(4)}"
    wish = Wish(communities=communities, years=years, seed=seed)
    columns = (TextColumn("{task.description:<10}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(*columns, TimeElapsedColumn(), console=Screen(stderr=True)) as bars:
        bar = bars.add_task("places", total=STEPS)
        loaded = load(
            console.database,
            Folder(console.settings.photo_store),
            wish,
            password=password,
            now=console.now,
            tell=lambda what, share: bars.update(bar, description=what, completed=share * STEPS),
        )
    click.echo(
        f"{loaded.communities} communities, {loaded.people} people, {loaded.inspections} inspections, "
        f"{loaded.cases} cases ({loaded.open_cases} open), {loaded.outcomes} other outcomes, "
        f"{loaded.photos} photos in {monotonic() - begun:.0f} s."
    )
    click.echo(f"Demo people (demo_dispatcher_001 and so on) sign in with {password}")
