"""Asking where cases, or the points of an analysis layer, cluster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from geo.hotspots import Classes, classes, getis_ord_star, moran, two_sided
from geo.metric import points_to_metres
from geo.neighbours import Neighbours, by_name
from geo.placeholders import Placeholder, on_placeholder, placeholders
from geo.study import Study, hexagons, squares
from geo.vertices import Floats
from server.auth.actor import Actor
from server.communities import service as communities
from server.communities.territory import Territory
from server.maps.errors import UnknownFilter
from server.maps.hotspots import queries
from server.maps.hotspots.errors import NoGround
from server.maps.hotspots.queries import StoredPlace
from server.maps.hotspots.question import OF_LAYERS, Question
from server.maps.packed import Records
from server.maps.points import service as layers
from server.maps.queries import unknown_categories

RIGHT = "hotspots.read"


@dataclass(frozen=True, slots=True)
class HotSpots:
    """What came of one question: n places with their scores.

    Attributes:
        names: what people call the places, where they have names.
        z, p: (n,) Gi* and its two-sided probability; nan where a place has no score.
        classes: (n,) −3…3: cold or hot at a false discovery rate of 10 %, 5 %, 1 %.
        moran: Moran's I of all counts.
        placeholders: default positions, whose records are left out.
        metric_srid: the EPSG code of the plane that squares and distances are measured in.
    """

    question: Question
    study: Study
    names: Sequence[str | None]
    z: Floats
    p: Floats
    classes: Classes
    moran: float
    placeholders: Sequence[Placeholder]
    metric_srid: int


def hot_spots(session: Session, asked: Question, *, actor: Actor, now: datetime) -> HotSpots:
    """Return where the cases of the caller's territory cluster, or the violations found in it.

    Raises:
        NotYours: the role may not ask.
        UnknownFilter: no such category, or items of cases.
        NoGround: the caller's territory has no outline.
        Constant: all places have the same count.
        TooManyPlaces: the cells are too small for the territory.
    """
    seen = communities.reach_of(session, actor, RIGHT, now)
    if asked.item and asked.what == "cases":
        raise UnknownFilter("item", asked.item)
    unknown = unknown_categories(session, asked.category)
    if unknown:
        raise UnknownFilter("category", unknown)
    srid = queries.metric_srid(session)
    if asked.by in OF_LAYERS:
        found = queries.records(session, seen, asked)
        kept, defaults = _kept(found, asked)
        study = _covered(session, seen, asked, found.among(kept), srid)
        return _scored(asked, study, [None] * len(study.ids), defaults, srid)
    places = queries.stored_places(session, seen, asked.by)
    found = queries.records(session, seen, asked, [place.id for place in places])
    kept, defaults = _kept(found, asked)
    study = _stored(session, asked, places, found.place[kept], srid)
    return _scored(asked, study, [place.name for place in places], defaults, srid)


def hot_spots_of_layer(
    session: Session, asked: Question, name: str, *, actor: Actor, now: datetime
) -> HotSpots:
    """Return where the points of an analysis layer cluster, over the whole window of the points.

    Raises:
        NotYours: the role may not ask.
        NotFound: the caller has no such layer.
        UnknownFilter: no such category, or a filter that layers do not have.
        Constant, TooManyPlaces, NoMetres: see `hot_spots`.
    """
    if asked.by not in OF_LAYERS:
        raise UnknownFilter("by", [asked.by])
    if asked.severity or asked.item:
        raise UnknownFilter("severity" if asked.severity else "item", asked.severity or asked.item)
    layer = layers.layer_of(session, name, actor=actor)
    points = layers.points(session, layer, asked.first, asked.last, asked.category)
    defaults = placeholders(points.lon[points.own], points.lat[points.own])
    left_out = on_placeholder(points.lon, points.lat, defaults) & asked.leave_out
    study = layers.covered(
        layer,
        points,
        points.own & ~left_out,
        by=asked.by,
        size_m=asked.size_m,
        origin=asked.origin,
        resolution=asked.resolution,
    )
    return _scored(asked, study, [None] * len(study.ids), defaults, layer.metric_srid)


def _kept(found: Records, asked: Question) -> tuple[NDArray[np.bool_], list[Placeholder]]:
    # Only what records say of themselves can be a default: many cases of one community lie on its middle.
    defaults = placeholders(found.lon[found.own], found.lat[found.own])
    left_out = on_placeholder(found.lon, found.lat, defaults) & found.own
    return ~left_out if asked.leave_out else np.ones(len(left_out), dtype=np.bool_), defaults


def _covered(session: Session, seen: Territory, asked: Question, found: Records, srid: int) -> Study:
    area = queries.area(session, seen)
    if area is None:
        raise NoGround
    if asked.by == "h3":
        return hexagons(found.lon, found.lat, area=area, resolution=asked.resolution, known=found.hexagon)
    return squares(
        found.lon, found.lat, area=area, metric_srid=srid, size_m=asked.size_m, origin=asked.origin
    )


def _stored(
    session: Session, asked: Question, places: Sequence[StoredPlace], numbers: NDArray[np.int64], srid: int
) -> Study:
    ids = [place.id for place in places]
    lon = np.array([place.lon for place in places], dtype=np.float64)
    lat = np.array([place.lat for place in places], dtype=np.float64)
    beside = {place.id: place.beside or () for place in places}
    return Study(
        ids=ids,
        lon=lon,
        lat=lat,
        counts=np.bincount(numbers, minlength=len(ids) + 1)[1:].astype(np.float64),
        beside=lambda: (
            _near(lon, lat, asked.radius_m, srid) if asked.by == "community" else by_name(beside, ids)
        ),
        outlines=lambda wanted: queries.outlines(session, asked.by, [ids[number] for number in wanted]),
    )


def _near(lon: Floats, lat: Floats, radius_m: float, srid: int) -> Neighbours:
    """Return who lies within a distance of whom."""
    x, y = points_to_metres(lon, lat, srid)
    near = np.hypot(x[:, None] - x[None, :], y[:, None] - y[None, :]) <= radius_m
    np.fill_diagonal(near, val=False)
    starts = np.concatenate([[0], np.cumsum(near.sum(axis=1))])
    return Neighbours(starts.astype(np.int64), np.nonzero(near)[1].astype(np.int64))


def _scored(
    asked: Question,
    study: Study,
    names: Sequence[str | None],
    defaults: Sequence[Placeholder],
    srid: int,
) -> HotSpots:
    z = getis_ord_star(study.counts, study.neighbours)
    connected = bool(study.neighbours.counts.any())
    index = moran(study.counts, study.neighbours) if connected else float("nan")
    return HotSpots(asked, study, names, z, two_sided(z), classes(z), index, defaults, srid)
