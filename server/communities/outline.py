"""The county's outline, read once a process for each database."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from server.communities.field_queries import outline_wkb

_KNOWN: WeakKeyDictionary[Engine, BaseGeometry] = WeakKeyDictionary()
# Before the county is loaded nothing lies outside it.
_EVERYWHERE = shapely.box(-180, -90, 180, 90)


def county_outline(session: Session) -> BaseGeometry:
    """Return the county's outline in WGS 84, prepared for many questions."""
    engine = session.get_bind().engine
    if engine not in _KNOWN:
        stored = outline_wkb(session)
        if stored is None:
            return _EVERYWHERE
        outline = shapely.from_wkb(bytes(stored))
        shapely.prepare(outline)
        _KNOWN[engine] = outline
    return _KNOWN[engine]
