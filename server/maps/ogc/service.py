"""Use cases of reading features: a page of a collection, one feature with its ETag."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy.orm import Session

from geo.layers import Layer
from server.communities.territory import Territory
from server.maps.held import Held
from server.maps.ogc import queries
from server.maps.ogc.asking import Asked, asked_of
from server.maps.ogc.conditions import Bound, Kind, plain
from server.maps.ogc.crs import Crs
from server.maps.ogc.errors import BadQuery, NoSuchFeature
from server.maps.ogc.walking import WholeLayer
from server.maps.shelf import Shelf
from server.maps.standing import Standing
from server.paging import cursor_of

MOST_HELD = 20_000


@dataclass(frozen=True, slots=True)
class Page:
    """A page: GeoJSON texts (UTF-8) with commas between; `cursor` is where the next one begins."""

    features: bytes
    shown: int
    matched: int
    cursor: str | None
    crs: Crs


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a process remembers of one database: layers, pages, and how many features match."""

    layers: Held[WholeLayer] = field(default_factory=lambda: Held(64 * 1024 * 1024))
    pages: Shelf[Page] = field(default_factory=lambda: Shelf(16 * 1024 * 1024))
    counts: Shelf[int] = field(default_factory=lambda: Shelf(1024 * 1024))


@dataclass(frozen=True, slots=True)
class Told:
    """One feature as GeoJSON text; `etag` changes with all that it shows and names the record's version."""

    feature: str
    etag: str


def page(session: Session, remembered: Remembered, seen: Standing, given: Mapping[str, str]) -> Page:
    """Return the features that the parameters ask for, as far as the caller sees.

    A page is read once while nothing of what it shows changes, for all who see the same part of the layer.
    How many match is counted once likewise; the pages that follow carry it in their cursors. Whoever walks
    through a layer that is not large gets slices of the whole, which is read once.

    Raises:
        BadQuery, CursorInvalid: a parameter cannot be read.
    """
    question = sorted(given.items())
    known = remembered.pages.get(seen.named("page", question))
    if known is not None:
        return known
    asked = asked_of(given, seen.layer, queries.kinds_of(session, seen.layer))
    return _sliced(session, remembered, seen, asked) or _read(session, remembered, seen, asked, question)


def _sliced(session: Session, remembered: Remembered, seen: Standing, asked: Asked) -> Page | None:
    """Return a page of a layer that is held whole, None where it is not."""
    if asked.narrowed:
        return None
    held = remembered.layers.of(
        seen,
        asked.crs.uri,
        lambda: queries.whole(session, seen.layer, seen.seen, MOST_HELD, asked.crs),
    )
    whole = None if held is None else held.whole
    found = None if whole is None else whole.page(asked.after, asked.limit)
    if whole is None or found is None:
        return None
    matched = len(whole.keys) if asked.matched is None else asked.matched
    cursor = None if found.last_key is None else cursor_of([found.last_key, matched])
    return Page(found.features, found.shown, matched, cursor, asked.crs)


def _read(
    session: Session, remembered: Remembered, seen: Standing, asked: Asked, question: Sequence[Any]
) -> Page:
    found = queries.page(session, seen.layer, seen.seen, asked)
    matched = asked.matched if asked.matched is not None else found.shown
    if found.more and asked.matched is None:
        matched = _counted(session, remembered, seen, asked)
    cursor = cursor_of([found.last_key, matched]) if found.more else None
    told = Page(found.features, found.shown, matched, cursor, asked.crs)
    remembered.pages.put(seen.named("page", question, version=found.version), told, len(told.features))
    return told


def _counted(session: Session, remembered: Remembered, seen: Standing, asked: Asked) -> int:
    question = [asked.condition, [str(value) for value in asked.values.values()], asked.past]
    known = remembered.counts.get(seen.named("count", question))
    if known is None:
        version, known = queries.count(session, seen.layer, seen.seen, asked)
        remembered.counts.put(seen.named("count", question, version=version), known)
    return known


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
