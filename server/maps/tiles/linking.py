"""Where a layer's tiles are, as other documents point to them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from geo.datum import Datum
from geo.layers import Layer

MVT = "application/vnd.mapbox-vector-tile"


def address(layer: Layer, root: str, token: str | None = None, datum: Datum = "wgs84") -> str:
    """Return the template of a layer's tiles.

    Args:
        root: the server's address without a slash at its end.
        token: what the caller's own address line held; desktop GIS sign in by it.
        datum: that of the base map below.
    """
    coord = None if datum == "wgs84" else datum
    return f"{root}/tiles/{layer.name}/{{z}}/{{x}}/{{y}}.mvt{_signed(token, coord)}"


def links(layer: Layer, root: str, token: str | None = None) -> list[dict[str, Any]]:
    """Return the links to a layer's tiles and their description, for OGC collections; see `address`."""
    title = f"Vector tiles of {layer.name}"
    described = f"{root}/tiles/{layer.name}/tilejson.json{_signed(token)}"
    return [
        {"rel": "item", "type": MVT, "title": title, "href": address(layer, root, token), "templated": True},
        {"rel": "describedby", "type": "application/json", "title": title, "href": described},
    ]


def _signed(token: str | None, coord: str | None = None) -> str:
    told = {name: value for name, value in (("token", token), ("coord", coord)) if value}
    return f"?{urlencode(told)}" if told else ""
