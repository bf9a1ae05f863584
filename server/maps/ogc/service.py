"""Use cases of reading features: a page of a collection, one feature with its ETag."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy.orm import Session

from geo.layers import Layer
from server.communities.territory import Territory
from server.maps.ogc import queries
from server.maps.ogc.asking import Asked, asked_of
from server.maps.ogc.conditions import Bound, Kind, plain
from server.maps.ogc.crs import Crs
from server.maps.ogc.errors import BadQuery, NoSuchFeature
from server.paging import cursor_of


@dataclass(frozen=True, slots=True)
class Page:
    """A page of features, each a GeoJSON text; `cursor` is where the next one begins, None at the end."""

    features: list[str]
    matched: int
    cursor: str | None
    crs: Crs


@dataclass(frozen=True, slots=True)
class Told:
    """One feature as GeoJSON text; `etag` changes with all that it shows and names the record's version."""

    feature: str
    etag: str


def page(session: Session, layer: Layer, seen: Territory, given: Mapping[str, str]) -> Page:
    """Return the features that the parameters ask for, as far as the caller sees.

    Features are counted once: the pages that follow carry the number in their cursors.

    Raises:
        BadQuery, CursorInvalid: a parameter cannot be read.
    """
    asked = asked_of(given, layer, queries.kinds_of(session, layer))
    found = queries.page(session, layer, seen, asked)
    shown, more = found[: asked.limit], len(found) > asked.limit
    matched = _matched(session, layer, seen, asked, len(shown), more=more)
    cursor = cursor_of([shown[-1][0], matched]) if more else None
    return Page([feature for _, feature in shown], matched, cursor, asked.crs)


def _matched(session: Session, layer: Layer, seen: Territory, asked: Asked, shown: int, *, more: bool) -> int:
    if asked.matched is not None:
        return asked.matched
    return queries.count(session, layer, seen, asked) if more else shown


def feature(session: Session, layer: Layer, seen: Territory, feature_id: str, crs: Crs) -> Told:
    """Return one feature within the caller's reach.

    Raises:
        NoSuchFeature: there is none of this id, or not within reach.
    """
    kind = queries.kinds_of(session, layer).get(layer.key, Kind.TEXT)
    bound = Bound()
    try:
        wanted = bound.put(plain(feature_id, kind, "featureId"), kind)
    except BadQuery as error:
        raise NoSuchFeature from error
    found = queries.one(session, layer, seen, f"{layer.key} = {wanted}", bound.values, crs)
    if found is None:
        raise NoSuchFeature
    return Told(found, etag_of(found))


def etag_of(told: str) -> str:
    """Return the strong ETag of a feature's text: its version, where it has one, and a digest."""
    properties: dict[str, Any] = orjson.loads(told)["properties"]
    version = properties.get("version")
    digest = sha256(told.encode()).hexdigest()[:16]
    return digest if version is None else f"{version}-{digest}"
