"""What a caller asks of a collection's items: the address line's parameters, read and bound."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geo.layers import Layer
from server.maps.ogc.conditions import Bound, Kind, Kinds, cast, in_boxes, in_stretch, plain
from server.maps.ogc.cql import condition_of
from server.maps.ogc.crs import Crs, boxes_of, crs_named
from server.maps.ogc.errors import BadQuery
from server.maps.ogc.moments import stretch_of
from server.paging import CursorInvalid, place_of

DEFAULT_LIMIT = 100
MOST_FEATURES = 10_000
EVERYWHERE = ("f", "token")
ITEMS = ("limit", "bbox", "bbox-crs", "crs", "datetime", "filter", "filter-lang", "filter-crs", "cursor")
_COUNT = re.compile(r"\+?\d+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to a layer.

    Attributes:
        condition, values: which features, as SQL and what it binds.
        narrowed: something leaves features of the layer out, apart from where the page begins.
        after: the key after which the page begins, as the page before told it.
        matched: how many features match, where a page before has counted them.
        past: features that no longer hold are wanted, too.
    """

    condition: str
    values: Mapping[str, Any]
    crs: Crs
    limit: int
    narrowed: bool
    after: str | None
    matched: int | None
    past: bool


def single(given: Mapping[str, Sequence[str]], known: Sequence[str]) -> dict[str, str]:
    """Return parameters by name.

    Raises:
        BadQuery: one is unknown, given twice, or holds a NUL character.
    """
    for name, values in given.items():
        if name not in known:
            listed = ", ".join(known)
            raise BadQuery(name, f"is no parameter here; known are {listed}", f"未知参数；可用参数：{listed}")
        if len(values) > 1:
            raise BadQuery(name, "must be given once", "只能给出一次")
        if "\0" in values[0]:
            raise BadQuery(name, "must not hold a NUL character", "不得含有空字符")
    return {name: values[0] for name, values in given.items()}


def asked_of(given: Mapping[str, str], layer: Layer, kinds: Kinds) -> Asked:
    """Return what the parameters of a collection's items ask.

    Raises:
        BadQuery, CursorInvalid: a value cannot be read.
    """
    bound, parts = Bound(), list[str]()
    if "bbox" in given:
        box_crs = crs_named(given.get("bbox-crs"), "bbox-crs")
        parts.append(in_boxes(boxes_of(given["bbox"], box_crs), box_crs, bound))
    else:
        crs_named(given.get("bbox-crs"), "bbox-crs")
    stretch = stretch_of(given.get("datetime"))
    if stretch is not None and layer.time is not None:
        parts.append(in_stretch(stretch, layer.time, kinds, bound))
    language, filter_crs = (
        given.get("filter-lang", "cql2-text"),
        crs_named(given.get("filter-crs"), "filter-crs"),
    )
    if "filter" in given:
        parts.append(condition_of(given["filter"], language, kinds, filter_crs, bound))
    for name in kinds.keys() & given.keys():
        value = plain(given[name], kinds[name], name)
        parts.append(f'"{name}" = {bound.put(value, cast(kinds[name]))}')
    past = stretch is not None and layer.time is not None
    narrowed = bool(parts) or past
    after, matched = _place(given.get("cursor"))
    if after is not None:
        parts.append(f"{layer.key} > {_key(after, kinds.get(layer.key, Kind.TEXT), bound)}")
    crs = crs_named(given.get("crs"), "crs")
    limit = limit_of(given.get("limit"))
    return Asked(" AND ".join(parts) or "TRUE", bound.values, crs, limit, narrowed, after, matched, past)


def limit_of(given: str | None) -> int:
    """Return how many features to answer; more than the most is the most.

    Raises:
        BadQuery: it is no whole number of at least 1.
    """
    if given is None:
        return DEFAULT_LIMIT
    if not _COUNT.fullmatch(given) or not given.strip("+0"):
        raise BadQuery(
            "limit", f"must be a whole number from 1 to {MOST_FEATURES}", f"须为 1 至 {MOST_FEATURES} 的整数"
        )
    return MOST_FEATURES if len(given) > 12 else min(int(given), MOST_FEATURES)


def _place(cursor: str | None) -> tuple[str | None, int | None]:
    place = place_of(cursor, str, int)
    return (None, None) if place is None else (place[0], place[1])


def _key(after: str, kind: Kind, bound: Bound) -> str:
    try:
        return bound.put(plain(after, kind, "cursor"), kind)
    except BadQuery as error:
        raise CursorInvalid from error
