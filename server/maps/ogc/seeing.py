"""Which collections, and which of their features, a visitor may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from geo.layers import Layer
from server.auth import rules
from server.auth.actor import Actor
from server.auth.errors import NotSignedIn
from server.communities.service import local_day, reach_of
from server.communities.territory import Territory
from server.maps.errors import UnknownLayer
from server.problems import NotYours

Layers = Mapping[str, Layer]


def visible(layers: Layers, actor: Actor | None) -> list[Layer]:
    """Return the layers of which a visitor may see anything; without an actor the published ones."""
    return [layer for layer in layers.values() if layer.published or _has_right(actor, layer)]


def seen_in(
    session: Session, layers: Layers, name: str, actor: Actor | None, now: datetime
) -> tuple[Layer, Territory]:
    """Return a layer as the visitor may see it, and how far.

    Raises:
        UnknownLayer: there is no such layer.
        NotSignedIn: somebody who showed nothing asks for what is not published.
        NotYours: the role has no right to the layer.
    """
    layer = layers.get(name)
    if layer is None:
        raise UnknownLayer(name, [one.name for one in visible(layers, actor)])
    if actor is not None and (layer.published is None or _has_right(actor, layer)):
        return layer, reach_of(session, actor, layer.right, now)
    if layer.published is None:
        raise NotSignedIn
    shown = f"SELECT * FROM ({layer.sql}) AS layer WHERE {layer.published}"
    return replace(layer, sql=shown), Territory(local_day(now))


def _has_right(actor: Actor | None, layer: Layer) -> bool:
    try:
        return actor is not None and bool(rules.reach(actor, layer.right))
    except NotYours:
        return False
