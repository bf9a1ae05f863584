"""Cells that change, on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import orjson
from marshmallow import Schema, ValidationError

from server.auth.commands import show
from server.cells import faults, service
from server.cells.schemas import MergeSchema, RedrawSchema, SplitSchema
from server.cells.service import Asked
from server.communities.service import local_day
from server.console import Console, pass_console

WORDS = {
    "overlap": "overlaps",
    "gap": "gaps",
    "outside": "cells outside their neighbourhood",
    "wrong_number": "wrong numbers",
}
why = click.option("--why", required=True, help="The reason, kept with the change.")
dry_run = click.option("--dry-run", is_flag=True, help="Only tell what would move.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def cells() -> None:
    """Grid cells: split, merge and redraw them, see whether they fit together."""


@cells.command()
@click.argument("code")
@click.option(
    "--with",
    "file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="GeoJSON: a LineString across the cell, or a FeatureCollection of Polygons.",
)
@why
@dry_run
@as_json
@pass_console
def split(console: Console, code: str, file: Path, why: str, dry_run: bool, as_json: bool) -> None:
    """Let several cells take the place of the cell CODE, from today on."""
    given = _read(SplitSchema(), {**_shapes(file), "why": why, "dry_run": dry_run})
    with console.transaction() as session:
        asked = Asked(given["why"], dry_run, None, console.now)
        done = service.split(session, code, asked=asked, line=given["line"], polygons=given["polygons"])
    show(done, _made(done), as_json)


@cells.command()
@click.argument("code")
@click.option(
    "--with",
    "file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="GeoJSON: the cell's new outline, a Polygon.",
)
@why
@dry_run
@as_json
@pass_console
def redraw(console: Console, code: str, file: Path, why: str, dry_run: bool, as_json: bool) -> None:
    """Draw the cell CODE anew from today on; its neighbours give way or take what it leaves."""
    outlines = _shapes(file).get("polygons", [])
    outline = outlines[0] if len(outlines) == 1 else None
    given = _read(RedrawSchema(), {"outline": outline, "why": why, "dry_run": dry_run})
    with console.transaction() as session:
        asked = Asked(given["why"], dry_run, None, console.now)
        done = service.redraw(session, code, asked=asked, outline=given["outline"])
    show(done, _made(done), as_json)


@cells.command()
@click.argument("codes", nargs=-1, required=True)
@why
@dry_run
@as_json
@pass_console
def merge(console: Console, codes: tuple[str, ...], why: str, dry_run: bool, as_json: bool) -> None:
    """Let one cell take the place of the cells CODES, from today on."""
    given = _read(MergeSchema(), {"codes": list(codes), "why": why, "dry_run": dry_run})
    with console.transaction() as session:
        asked = Asked(given["why"], dry_run, None, console.now)
        done = service.merge(session, given["codes"], asked=asked)
    show(done, _made(done), as_json)


@cells.command()
@click.argument("change_id", type=click.UUID)
@dry_run
@as_json
@pass_console
def undo(console: Console, change_id: Any, dry_run: bool, as_json: bool) -> None:
    """Undo a change while nothing was recorded on what came of it."""
    with console.transaction() as session:
        done = service.undo(session, change_id, asked=Asked("", dry_run, None, console.now))
    show(done, _told(done), as_json)


@cells.command()
@click.option("--within", help="Official code that the neighbourhoods begin with.")
@click.option("--json", "as_json", is_flag=True, help="Print the faults as GeoJSON.")
@pass_console
def check(console: Console, within: str | None, as_json: bool) -> None:
    """Tell where cells overlap, leave gaps, reach outside or are numbered wrongly; ends with 1 if any do."""
    with console.transaction() as session:
        found = faults.faults(session, within, local_day(console.now))
    lines = [_line(one["properties"]) for one in found["features"]]
    counted = found["checked"]
    last = f"{len(lines)} faults in {counted['cells']} cells of {counted['neighbourhoods']} neighbourhoods."
    show(found, "\n".join([*lines, last]), as_json)
    if lines:
        raise click.exceptions.Exit(1)


def _line(fault: dict[str, Any]) -> str:
    more = f" → {fault['expected_code']}" if fault["expected_code"] else f" {fault['area_m2']} m²"
    return f"{WORDS[fault['kind']]}: {', '.join(fault['codes'])}{more}"


def _told(done: dict[str, Any]) -> str:
    begun = ", ".join(cell["code"] for cell in done["cells"])
    would = "would take" if done["dry_run"] else "take"
    moved = (
        f"{done['open_cases']} open cases, {done['communities']} communities, {len(done['workers'])} workers"
    )
    return f"{begun} {would} the place of {', '.join(done['ended'])}; {moved} follow."


def _made(done: dict[str, Any]) -> str:
    way_back = [] if done["dry_run"] else [f"It can be taken back: wangge cells undo {done['change_id']}"]
    return "\n".join([_told(done), *way_back])


def _shapes(file: Path) -> dict[str, Any]:
    try:
        told = orjson.loads(file.read_bytes())
    except orjson.JSONDecodeError as error:
        raise click.ClickException(f"{file.name} is no GeoJSON: {error}.") from error
    if not isinstance(told, dict):
        raise click.ClickException(f"{file.name} is no GeoJSON.")
    features = told.get("features", [told])
    shapes = [one.get("geometry", one) for one in features if isinstance(one, dict)]
    lines = [one for one in shapes if isinstance(one, dict) and one.get("type") == "LineString"]
    return {"line": lines[0]} if lines else {"polygons": shapes}


def _read(schema: Schema, given: dict[str, Any]) -> dict[str, Any]:
    try:
        read: dict[str, Any] = schema.load(given)
    except ValidationError as error:
        raise click.ClickException(f"Unusable: {error.messages}") from error
    return read
