"""The documents of `/ogc` beside features: landing page, conformance, collections, queryables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from geo.layers import Layer
from server.maps.ogc.asking import MOST_FEATURES
from server.maps.ogc.conditions import Kind, Kinds
from server.maps.ogc.crs import CRS84, LISTED, Box
from server.maps.tiles.linking import links

JSON, GEOJSON, HTML, SCHEMA = (
    "application/json",
    "application/geo+json",
    "text/html",
    "application/schema+json",
)
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
TITLE = "wangge 网格巡检"
DESCRIPTION = "住宅小区巡查与整改的图层 · Layers of the inspection of residential communities"

_FEATURES = "http://www.opengis.net/spec/ogcapi-features-"
_CQL2 = "http://www.opengis.net/spec/cql2/1.0/conf/"
CONFORMS_TO = (
    *(f"{_FEATURES}1/1.0/conf/{name}" for name in ("core", "geojson", "html", "oas30")),
    f"{_FEATURES}2/1.0/conf/crs",
    *(
        f"{_FEATURES}3/1.0/conf/{name}"
        for name in ("queryables", "queryables-query-parameters", "filter", "features-filter")
    ),
    *(
        f"{_FEATURES}4/1.0/conf/{name}"
        for name in ("create-replace-delete", "update", "optimistic-locking-etags")
    ),
    *(
        _CQL2 + name
        for name in (
            "cql2-text",
            "cql2-json",
            "basic-cql2",
            "advanced-comparison-operators",
            "case-insensitive-comparison",
            "basic-spatial-functions",
            "basic-spatial-functions-plus",
            "spatial-functions",
        )
    ),
)
_SCHEMAS: dict[Kind, dict[str, str]] = {
    Kind.TEXT: {"type": "string"},
    Kind.ID: {"type": "string", "format": "uuid"},
    Kind.WHOLE: {"type": "integer"},
    Kind.NUMBER: {"type": "number"},
    Kind.FLAG: {"type": "boolean"},
    Kind.DAY: {"type": "string", "format": "date"},
    Kind.MOMENT: {"type": "string", "format": "date-time"},
    Kind.OTHER: {"type": "object"},
}

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where `/ogc` stands, and the token that its links carry on when the caller came with one."""

    root: str
    token: str | None = None

    def link(self, rel: str, path: str, media: str, title: str = "", **query: str) -> dict[str, str]:
        """Return one link."""
        given = {**query, **({"token": self.token} if self.token else {})}
        href = self.root + path + (f"?{urlencode(given)}" if given else "")
        return {"rel": rel, "type": media, "href": href, **({"title": title} if title else {})}

    def both(self, path: str, media: str, shown: str, **query: str) -> list[dict[str, str]]:
        """Return the links of a document to itself and to its other form; `shown` is the form it has now."""
        rels = ("alternate", "self") if shown == HTML else ("self", "alternate")
        return [
            self.link(rels[0], path, media, f=_WORD.get(media, "json"), **query),
            self.link(rels[1], path, HTML, f="html", **query),
        ]


_WORD = {HTML: "html"}


def landing(place: Place, shown: str) -> Document:
    """Return the landing page."""
    return {
        "title": TITLE,
        "description": DESCRIPTION,
        "links": [
            *place.both("/", JSON, shown),
            place.link("service-desc", "/api", OPENAPI, "OpenAPI 3.0"),
            place.link("service-doc", "/api", HTML, "OpenAPI 3.0", f="html"),
            place.link("conformance", "/conformance", JSON, "Conformance"),
            place.link("data", "/collections", JSON, "图层 Collections"),
        ],
    }


def conformance(place: Place, shown: str) -> Document:
    """Return the conformance classes."""
    return {"conformsTo": list(CONFORMS_TO), "links": place.both("/conformance", JSON, shown)}


def collections(place: Place, layers: Iterable[Layer], box: Box | None, shown: str) -> Document:
    """Return the collections that a caller may see."""
    return {
        "links": place.both("/collections", JSON, shown),
        "crs": [crs.uri for crs in LISTED],
        "collections": [collection(place, layer, box) for layer in layers],
    }


def collection(place: Place, layer: Layer, box: Box | None) -> Document:
    """Return one collection, the same as in the list."""
    path = f"/collections/{layer.name}"
    extent: Document = {"spatial": {"bbox": [list(box or CRS84.world)], "crs": CRS84.uri}}
    if layer.time:
        gregorian = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"
        extent["temporal"] = {"interval": [[None, None]], "trs": gregorian}
    return {
        "id": layer.name,
        "title": layer.title or layer.name,
        "itemType": "feature",
        "extent": extent,
        "crs": [crs.uri for crs in LISTED],
        "storageCrs": CRS84.uri,
        "links": [
            *place.both(path, JSON, JSON),
            place.link("items", f"{path}/items", GEOJSON, layer.title),
            place.link("items", f"{path}/items", HTML, layer.title, f="html"),
            place.link("http://www.opengis.net/def/rel/ogc/1.0/queryables", f"{path}/queryables", SCHEMA),
            *links(layer, place.root.removesuffix("/ogc"), place.token),
        ],
    }


def queryables(place: Place, layer: Layer, kinds: Kinds) -> Document:
    """Return the JSON Schema of the properties that filters may name."""
    compared = {
        name: {"title": name, **schema(kind)} for name, kind in kinds.items() if kind is not Kind.OTHER
    }
    return {
        "$schema": "https://json-schema.org/draft/2019-09/schema",
        "$id": f"{place.root}/collections/{layer.name}/queryables",
        "type": "object",
        "title": layer.title or layer.name,
        "properties": {**compared, "geometry": {"title": "geometry", "format": "geometry-any"}},
        "additionalProperties": False,
    }


def schema(kind: Kind) -> dict[str, str]:
    """Return the JSON Schema of a value of this kind."""
    return dict(_SCHEMAS[kind])


def limits() -> Document:
    """Return the schema of `limit`; more than its maximum is answered with the maximum."""
    return {"type": "integer", "minimum": 1, "maximum": MOST_FEATURES, "default": 100}
