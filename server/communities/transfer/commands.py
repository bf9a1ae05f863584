"""Files of places on the command line: `wangge import LAYER FILE`, `wangge export LAYER FILE`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from geo.boundary_io.model import FORMATS, Format
from geo.datum import DATUMS, Datum, known_datum
from server.communities.rosters.outcome import By
from server.communities.service import local_day
from server.communities.territory import Territory
from server.communities.transfer.errors import PlacesFaulty
from server.communities.transfer.jobs import OSM
from server.communities.transfer.kinds import Kind
from server.communities.transfer.schemas import ENCODINGS
from server.console import Console, pass_console
from server.sheets.faults import Fault, write_report

if TYPE_CHECKING:
    from server.communities.transfer.outcome import Taken
    from server.communities.transfer.taking import How

TOLD = 20
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
NEW = click.Path(dir_okay=False, path_type=Path)


@click.group("import")
def import_group() -> None:
    """Take in what others drew: a layer of places, OpenStreetMap, points."""


def add_layers(group: click.Group, kinds: Mapping[str, Kind]) -> None:
    """Give a group one command for each layer, and one for OpenStreetMap."""
    for name in (*kinds, OSM):
        group.add_command(_importing(name, kinds))


def export_command(kinds: Mapping[str, Kind]) -> click.Command:
    """Return the command that writes a layer into a file."""

    @click.command("export")
    @click.argument("layer", type=click.Choice(list(kinds)))
    @click.argument("file", type=NEW)
    @click.option(
        "--format", "form", type=click.Choice(list(FORMATS)), help="By the file's ending otherwise."
    )
    @click.option("--datum", type=click.Choice(DATUMS), default="wgs84", show_default=True)
    @click.option("--encoding", type=click.Choice(ENCODINGS), default="UTF-8", help="Of a Shapefile's words.")
    @pass_console
    def export_places(
        console: Console, layer: str, file: Path, form: Format | None, datum: Datum, encoding: str
    ) -> None:
        """Write a layer as GeoJSON, GeoPackage, zipped Shapefile or CSV."""
        from server.communities.transfer import giving  # the rest of the command line does without GDAL

        day = local_day(console.now)
        with console.transaction() as session:
            told = giving.give_out(
                session,
                kinds[layer],
                file.absolute(),
                form=form or _by_ending(file),
                datum=datum,
                encoding=encoding,
                seen=Territory(day),
                day=day,
            )
        click.echo(f"{told['rows']} rows in {file}")
        if told["cut"]:
            click.echo(f"{told['cut']} values were too long for a Shapefile and were cut.", err=True)

    return export_places


def _by_ending(file: Path) -> Format:
    found = next((form for form, ending in FORMATS.items() if file.suffix.lower() == ending), None)
    if found is None:
        raise click.UsageError(f"Say --format: {', '.join(FORMATS)}.")
    return found


def _importing(layer: str, kinds: Mapping[str, Kind]) -> click.Command:
    @click.command(layer, help=f"Take in {layer}: all of the file, or nothing when a row is faulty.")
    @click.argument("file", type=FILE)
    @click.option("--datum", type=click.Choice(DATUMS), help="Upon which the coordinates are.")
    @click.option(
        "--map", "pairs", multiple=True, metavar="FIELD=COLUMN", help="What a field of the file means."
    )
    @click.option("--table", help="Which of several tables in the file.")
    @click.option("--dry-run", is_flag=True, help="Try it, change nothing.")
    @click.option(
        "--skip-refused", is_flag=True, help="Take the good rows; without it, one bad row stops all."
    )
    @click.option("--report", type=NEW, help="Every fault, as CSV.")
    @click.option("--changes", type=NEW, help="What it changes, as GeoJSON.")
    @pass_console
    def import_places(
        console: Console,
        file: Path,
        datum: str | None,
        pairs: Sequence[str],
        table: str | None,
        dry_run: bool,
        skip_refused: bool,
        report: Path | None,
        changes: Path | None,
    ) -> None:
        from server.communities.transfer import taking  # the rest of the command line does without GDAL

        how = taking.How(
            known_datum(datum) if datum else None,
            _mapping(pairs),
            table,
            dry_run,
            skip_refused,
            changes.absolute() if changes else None,
        )
        try:
            came = _take(console, layer, kinds, file, how)
        except PlacesFaulty as fault:
            _tell_faults(fault.faults, report)
            raise
        for one in came:
            _tell(one, report)

    return import_places


def _take(console: Console, layer: str, kinds: Mapping[str, Kind], file: Path, how: How) -> Sequence[Taken]:
    from server.communities.transfer import osm, taking

    by = By(None, console.now)
    with console.transaction() as session:
        if layer == OSM:
            return osm.take_osm(session, kinds, file, how, file_name=file.name, by=by)
        return [taking.take_in(session, kinds[layer], file, how, file_name=file.name, by=by)]


def _mapping(pairs: Sequence[str]) -> dict[str, str]:
    split = [pair.rpartition("=") for pair in pairs]
    odd = next(
        (pair for pair, (field, _, column) in zip(pairs, split, strict=True) if not field or not column), None
    )
    if odd is not None:
        raise click.UsageError(f"{odd!r} is not FIELD=COLUMN.")
    return {field.strip(): column.strip() for field, _, column in split}


def _tell(taken: Taken, report: Path | None) -> None:
    _tell_faults(taken.faults, report)
    for row, note in taken.mended[:TOLD]:
        click.echo(f"row {row}: {note.detail} / {note.detail_zh}", err=True)
    for warned in taken.warnings:
        click.echo(f"{warned.detail} / {warned.detail_zh}", err=True)
    done = "would be" if taken.dry_run else "were"
    click.echo(
        f"{taken.layer}: {taken.rows} rows upon {taken.datum}: {taken.count('created')} {done} created,"
        f" {taken.count('changed')} changed, {taken.count('unchanged')} stood already,"
        f" {taken.count('repeated')} repeated, {len({one.row for one in taken.faults})} refused,"
        f" {len({row for row, _ in taken.mended})} mended."
    )


def _tell_faults(faults: Sequence[Fault], report: Path | None) -> None:
    if report is not None:
        write_report(report, faults)
    for one in faults[:TOLD]:
        click.echo(one.told(), err=True)
