"""The base map on the command line."""

from __future__ import annotations

import click

from geo.datum import known_datum
from server.console import Console, pass_console
from server.maps.base import service
from server.maps.base.service import BaseMap


@click.group("base-map")
def base_map() -> None:
    """The picture below all maps; they do without one, too."""


@base_map.command("show")
@pass_console
def show(console: Console) -> None:
    """Show the base map that is set."""
    with console.transaction() as session:
        found = service.base_map(session)
    click.echo(f"{found.kind}\t{found.datum}\t{found.url}" if found else "no base map")


@base_map.command("set")
@click.argument("url")
@click.option("--kind", type=click.Choice(service.KINDS), default="xyz", show_default=True)
@click.option("--datum", type=click.Choice(service.DATUMS), required=True, help="That the picture is in.")
@click.option("--attribution", default="", help="Whom the map has to name.")
@click.option("--max-zoom", default=18, show_default=True, type=click.IntRange(0, 22))
@click.option("--tile-size", default="256", type=click.Choice([str(one) for one in service.TILE_SIZES]))
@pass_console
def set_(
    console: Console, url: str, kind: str, datum: str, attribution: str, max_zoom: int, tile_size: str
) -> None:
    """Let all maps stand on the pictures at URL, with {z}, {x} and {y} in it, or on one PMTiles file."""
    wanted = BaseMap(kind, url, known_datum(datum), attribution, 0, max_zoom, int(tile_size))
    with console.transaction() as session:
        service.set_base_map(session, wanted, actor=None, now=console.now)
    click.echo(f"maps stand on {url} ({datum})")


@base_map.command("remove")
@pass_console
def remove(console: Console) -> None:
    """Let maps do without a base map again."""
    with console.transaction() as session:
        service.remove(session, actor=None, now=console.now)
    click.echo("no base map any more")
