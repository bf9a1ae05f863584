"""OpenStreetMap around a county town: roads, buildings, greens of a file. Only jobs and commands load it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from geo.boundary_io.model import Feature
from server.communities.rosters.outcome import By
from server.communities.transfer.kinds import Kind
from server.communities.transfer.outcome import Taken
from server.communities.transfer.taking import How, take_in

NAME = "osm"
FOR_VEHICLES = frozenset({"motorway", "motorway_link", "trunk", "trunk_link"})


def _road(told: Mapping[str, object]) -> dict[str, object]:
    kind = told.get("hw") or told.get("highway") or "footway"
    return {"name": told.get("name"), "kind": kind, "walkable": str(kind not in FOR_VEHICLES).lower()}


def _building(told: Mapping[str, object]) -> dict[str, object]:
    return {"name": told.get("name"), "floors": told.get("building:levels")}


def _green(told: Mapping[str, object]) -> dict[str, object]:
    return {"name": told.get("name"), "kind": "green"}


@dataclass(frozen=True, slots=True)
class Part:
    """Which layer the features of one of the file's layers become, and what their cells say there."""

    layer: str
    cells: Callable[[Mapping[str, object]], dict[str, object]]


PARTS: Mapping[str, Part] = {
    "roads": Part("footways", _road),
    "buildings": Part("buildings", _building),
    "greens": Part("open-ground", _green),
}


def take_osm(
    session: Session,
    kinds: Mapping[str, Kind],
    file: Path,
    how: How,
    *,
    file_name: str,
    by: By,
    tell: Callable[[int, int | None], None] = lambda done, total: None,
) -> list[Taken]:
    """Take in a file whose features say by `layer` what they are, all of it or nothing; the others stay out.

    Names repeat along a street, so records are told apart by where they lie. `take_in` tells what is raised.
    """
    trial = session.begin_nested()
    came = []
    for name, part in PARTS.items():
        kind = replace(kinds[part.layer], named_by=())
        one = replace(
            how,
            datum=how.datum or "wgs84",
            choose=_choosing(name, part),
            titles=tuple(part.cells({})),
            mapping={},
            drawing=None,
            dry_run=False,
        )
        came.append(take_in(session, kind, file, one, file_name=file_name, by=by, tell=tell))
    if how.dry_run:
        trial.rollback()
    else:
        trial.commit()
    return [replace(one, dry_run=how.dry_run) for one in came]


def _choosing(name: str, part: Part) -> Any:
    def choose(feature: Feature) -> Mapping[str, object] | None:
        return part.cells(feature.properties) if feature.properties.get("layer") == name else None

    return choose
