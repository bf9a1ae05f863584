"""Analysis layers on the command line; what it takes in is open to all who analyse."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from geo.datum import DATUMS, known_datum
from server.console import Console, pass_console
from server.maps.points import service
from server.maps.points.description import COUNTY_ZONE, Description, columns_of
from server.sheets.errors import TableFaulty
from server.sheets.faults import Fault, write_report

TOLD = 20
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("points")
@click.argument("file", type=FILE)
@click.option("--name", required=True, help="How the layer is asked for: a-z 0-9 _ -")
@click.option(
    "--srid", required=True, type=int, help="EPSG code of a projected CRS in metres for the region."
)
@click.option("--map", "mapping", default="", help="lon=…,lat=…,time=…,category=… with the file's columns.")
@click.option("--datum", type=click.Choice(DATUMS), default="wgs84", show_default=True)
@click.option("--zone", default=COUNTY_ZONE, show_default=True, help="Where times were written down.")
@click.option("--licence", default="", help="Under which the points may be used.")
@click.option("--source", default="", help="Where they are from.")
@click.option("--dry-run", is_flag=True, help="Try it, change nothing.")
@click.option("--skip-refused", is_flag=True, help="Take the good rows; without it, one bad row stops all.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Every fault, as CSV.")
@pass_console
def import_points(
    console: Console,
    file: Path,
    name: str,
    srid: int,
    mapping: str,
    datum: str,
    zone: str,
    licence: str,
    source: str,
    dry_run: bool,
    skip_refused: bool,
    report: Path | None,
) -> None:
    """Take in a foreign set of points (CSV, Excel, GeoJSON, GeoPackage) as an analysis layer of its own."""
    from server.maps.points import reading  # the rest of the command line does without Excel

    told = Description(name, srid, columns_of(mapping), known_datum(datum), zone, licence, source)
    try:
        with console.transaction() as session:
            service.check_new(session, told, None)
            taken = reading.take_in(
                session,
                file.absolute(),
                told,
                file_name=file.name,
                owner_id=None,
                dry_run=dry_run,
                skip_refused=skip_refused,
                now=console.now,
            )
    except TableFaulty as fault:
        _tell(fault.faults, report)
        raise
    _tell(taken.faults, report)
    came = taken.as_json()
    click.echo(
        f"{came['rows']} rows: {came['points']} points {'would be' if dry_run else 'were'} stored"
        f" as {name}, {came['refused_rows']} rows refused."
    )
    for place in came["placeholders"]:
        click.echo(f"default position {place['lon']}, {place['lat']}: {place['records']} points")


@click.group("analysis-layers")
def analysis_layers() -> None:
    """List and remove the foreign sets of points that the command line took in."""


@analysis_layers.command("list")
@pass_console
def list_layers(console: Console) -> None:
    """List the layers that are open to all who analyse."""
    with console.transaction() as session:
        for layer in service.open_layers(session):
            click.echo(f"{layer.name}\t{layer.points} points\tEPSG:{layer.metric_srid}\t{layer.file_name}")


@analysis_layers.command("remove")
@click.argument("name")
@pass_console
def remove_layer(console: Console, name: str) -> None:
    """Remove such a layer with its points."""
    with console.transaction() as session:
        service.remove(session, name, actor=None, now=console.now)
    click.echo(f"{name} removed")


def _tell(faults: Sequence[Fault], report: Path | None) -> None:
    """Write every fault into the report where one is wanted, and tell the first of them."""
    if report is not None:
        write_report(report, faults)
    for one in faults[:TOLD]:
        click.echo(one.told(), err=True)
