"""Which collections, and which of their features, a visitor may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from geo.layers import Layer
from server.auth import rules
from server.auth.actor import Actor
from server.auth.desktop import visitor
from server.auth.errors import NotSignedIn
from server.maps.errors import UnknownLayer
from server.maps.kept import Kept
from server.maps.standing import Reader, Standing, open_to_all, standing
from server.problems import NotYours

Layers = Mapping[str, Layer]


def visible(layers: Layers, actor: Actor | None) -> list[Layer]:
    """Return the layers of which a visitor may see anything; without an actor the published ones."""
    return [layer for layer in layers.values() if layer.published or _has_right(actor, layer)]


def seen_in(kept: Kept, layers: Layers, name: str, reader: Reader) -> Standing:
    """Return a layer as the visitor may see it, and how far.

    Raises:
        UnknownLayer: there is no such layer.
        NotSignedIn: somebody who showed nothing asks for what is not published.
        NotYours: the role has no right to the layer.
    """
    layer = layers.get(name)
    if layer is None:
        raise UnknownLayer(name, [one.name for one in visible(layers, visitor().actor)])
    if reader.caller is None:
        if layer.published is None:
            raise NotSignedIn
        return open_to_all(kept, _published(layer), reader)
    try:
        return standing(kept, layer, reader)
    except NotYours:
        if layer.published is None:
            raise
        return open_to_all(kept, _published(layer), reader)


def _published(layer: Layer) -> Layer:
    return replace(layer, sql=f"SELECT * FROM ({layer.sql}) AS layer WHERE {layer.published}")


def _has_right(actor: Actor | None, layer: Layer) -> bool:
    try:
        return actor is not None and bool(rules.reach(actor, layer.right))
    except NotYours:
        return False
