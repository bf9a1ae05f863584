"""Analysis layers: whose they are, their points in a period, and the places that these are counted in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from shapely.geometry import box
from sqlalchemy.orm import Session

from geo.study import NoMetres, Study, check_resolution, hexagons_counted, squares_counted
from geo.vertices import Floats
from server.auth import audit
from server.auth.actor import Actor
from server.auth.rules import reach
from server.maps.points import queries
from server.maps.points.columns import Columns, LastRead
from server.maps.points.description import Description
from server.maps.points.errors import AnalysisLayerStands, UnknownAnalysisLayer
from server.maps.points.tables import AnalysisLayer

READ, KEEP = "analysis_layers.list", "analysis_layer.keep"
_last_read = LastRead()


@dataclass(frozen=True, slots=True)
class Chosen:
    """The points of a layer; `own` tells (n,) which of them pass the filter."""

    columns: Columns
    own: NDArray[np.bool_]

    @property
    def lon(self) -> Floats:
        """Return (n,) degrees, WGS 84."""
        return self.columns.lon

    @property
    def lat(self) -> Floats:
        """Return (n,) degrees, WGS 84."""
        return self.columns.lat


def layers_of(session: Session, *, actor: Actor) -> list[AnalysisLayer]:
    """Return the caller's layers and those that came by the command line.

    Raises:
        NotYours: the role may not ask.
    """
    reach(actor, READ)
    return list(queries.layers(session, actor.user_id))


def open_layers(session: Session) -> list[AnalysisLayer]:
    """Return the layers that came by the command line."""
    return list(queries.layers(session, None))


def layer_of(session: Session, name: str, *, actor: Actor) -> AnalysisLayer:
    """Return a layer of the caller's, or one that came by the command line.

    Raises:
        NotYours: the role may not ask.
        UnknownAnalysisLayer: the caller has none of that name.
    """
    reach(actor, READ)
    found = queries.layer(session, actor.user_id, name)
    if found is None:
        raise UnknownAnalysisLayer(name)
    return found


def check_new(session: Session, told: Description, owner_id: UUID | None) -> None:
    """Raise what stops a new layer before its file is read.

    Raises:
        Unusable: its name, CRS, zone or mapping cannot be used.
        AnalysisLayerStands: the owner has one of that name.
    """
    told.check()
    if queries.owned(session, owner_id, told.name) is not None:
        raise AnalysisLayerStands(told.name)


def remove(session: Session, name: str, *, actor: Actor | None, now: datetime) -> None:
    """Remove a layer with its points; everybody removes only what is their own, the command line its own.

    Raises:
        NotYours: the role may not, or the layer came by the command line.
        UnknownAnalysisLayer: the caller has none of that name.
    """
    if actor is not None:
        reach(actor, KEEP)
    found = queries.owned(session, actor.user_id if actor else None, name)
    if found is None:
        raise UnknownAnalysisLayer(name)
    queries.remove(session, found.layer_id)
    audit.write(
        session, actor, "analysis_layer.remove", "analysis_layer", found.layer_id, {"name": name}, now
    )


def points(
    session: Session, layer: AnalysisLayer, first: date | None, last: date | None, category: Sequence[str]
) -> Chosen:
    """Return all points of a layer; `own` tells which of them lie in the period (days of its own zone)."""
    zone = ZoneInfo(layer.time_zone)
    since = datetime(first.year, first.month, first.day, tzinfo=zone) if first else None
    after = last + timedelta(days=1) if last else None
    until = datetime(after.year, after.month, after.day, tzinfo=zone) if after else None
    read = _last_read.of(layer.layer_id, lambda: queries.columns(session, layer.layer_id))
    return Chosen(read, read.chosen(since, until, category))


def covered(
    layer: AnalysisLayer,
    found: Chosen,
    counted: NDArray[np.bool_],
    *,
    by: str,
    size_m: float,
    origin: tuple[float, float],
    resolution: int,
) -> Study:
    """Return the squares or hexagons over the window of all points, with how many of the counted lie in each.

    Raises:
        TooManyPlaces: the cells are too small for the window.
        NoMetres: a point has no place in the layer's plane.
    """
    if by == "h3":
        ground = box(layer.west, layer.south, layer.east, layer.north)
        check_resolution(ground, resolution)
        cells, number = found.columns.hexagons(resolution)
        counts = np.bincount(number[counted], minlength=len(cells))
        full = np.flatnonzero(counts)
        held = dict(zip(cells[full].tolist(), counts[full].tolist(), strict=True))
        return hexagons_counted(held, ground, resolution)
    x, y = found.columns.metres(layer.metric_srid)
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise NoMetres(layer.metric_srid)
    window = (float(x.min()), float(y.min()), float(x.max()), float(y.max()))
    return squares_counted(
        x[counted],
        y[counted],
        area=None,
        metric_srid=layer.metric_srid,
        size_m=size_m,
        origin=origin,
        window=window,
    )


def as_json(layer: AnalysisLayer, actor: Actor) -> dict[str, Any]:
    """Return a layer as its reader sees it."""
    return {
        "layer_id": str(layer.layer_id),
        "name": layer.name,
        "own": layer.owner_id == actor.user_id,
        "points": layer.points,
        "metric_srid": layer.metric_srid,
        "datum": layer.datum,
        "time_zone": layer.time_zone,
        "bbox": [layer.west, layer.south, layer.east, layer.north],
        "first_at": layer.first_at,
        "last_at": layer.last_at,
        "file_name": layer.file_name,
        "licence": layer.licence,
        "source": layer.source,
        "created_at": layer.created_at,
    }


def with_categories(session: Session, layer: AnalysisLayer, actor: Actor) -> dict[str, Any]:
    """Return a layer with its categories, the most frequent first."""
    found = queries.categories(session, layer.layer_id)
    return {
        **as_json(layer, actor),
        "categories": [{"category": name, "points": count} for name, count in found],
    }
