"""The OpenAPI 3.0.3 file of `/ogc`, with what the caller may see and write spelled out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from geo.layers import Layer
from server.maps.ogc.asking import ITEMS
from server.maps.ogc.conditions import Kind, Kinds
from server.maps.ogc.cql import LANGUAGES
from server.maps.ogc.crs import CRS84, LISTED
from server.maps.ogc.documents import DESCRIPTION, GEOJSON, JSON, SCHEMA, TITLE, limits, schema

Document = dict[str, Any]
PROBLEM = "application/problem+json"
_URIS = [crs.uri for crs in LISTED]
_TEXT = {"type": "string"}
_CRS = {"type": "string", "enum": _URIS, "default": CRS84.uri}
_PARAMETERS: Mapping[str, Document] = {
    "limit": {**limits(), "description": "More than the maximum is answered with the maximum."},
    "bbox": {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6},
    "bbox-crs": _CRS,
    "crs": _CRS,
    "datetime": {**_TEXT, "description": "RFC 3339: a moment, a day, or two with / between; .. is open."},
    "filter": {**_TEXT, "description": "CQL2"},
    "filter-lang": {"type": "string", "enum": list(LANGUAGES), "default": LANGUAGES[0]},
    "filter-crs": _CRS,
    "cursor": {**_TEXT, "description": "Where the page begins, as the link next has it."},
}
_NAMES = {name: name for name in ITEMS}
_ERRORS = (400, 401, 403, 404, 422)


def document(
    root: str, layers: Iterable[Layer], kinds: Mapping[str, Kinds], verbs: Mapping[str, set[str]]
) -> Document:
    """Return the file.

    Args:
        root: the address of `/ogc`.
        kinds: by layer, what its properties hold.
        verbs: by layer, the methods by which this caller may write (`POST`, `PUT`, `PATCH`, `DELETE`).
    """
    paths: Document = {
        "/": {"get": _get("Landing page", JSON)},
        "/conformance": {"get": _get("Conformance classes", JSON)},
        "/api": {"get": _get("This file", "application/vnd.oai.openapi+json;version=3.0")},
        "/collections": {"get": _get("Collections", JSON)},
    }
    for layer in layers:
        paths |= _paths_of(layer, kinds[layer.name], verbs.get(layer.name, set()))
    return {
        "openapi": "3.0.3",
        "info": {"title": TITLE, "description": DESCRIPTION, "version": "1"},
        "servers": [{"url": root}],
        "security": [{"basic": []}, {"bearer": []}, {"token": []}, {}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "basic": {"type": "http", "scheme": "basic"},
                "bearer": {"type": "http", "scheme": "bearer"},
                "token": {"type": "apiKey", "in": "query", "name": "token"},
            },
            "parameters": {
                "f": _parameter("f", {"type": "string", "enum": ["json", "html"]}),
                # Here QGIS looks for how large its pages may be.
                "limit": _parameter("limit", _PARAMETERS["limit"]),
            },
        },
    }


def _paths_of(layer: Layer, kinds: Kinds, verbs: set[str]) -> Document:
    path = f"/collections/{layer.name}"
    own = [
        _parameter(name, schema(kind))
        for name, kind in kinds.items()
        if kind is not Kind.OTHER and name not in _NAMES
    ]
    items = [_parameter(name, shape) for name, shape in _PARAMETERS.items()]
    items_path: Document = {"get": _get(f"{layer.title} · items", GEOJSON, [*items, *own])}
    if "POST" in verbs:
        items_path["post"] = _write("Create a feature", 201, body=True)
    return {
        path: {"get": _get(layer.title, JSON)},
        f"{path}/queryables": {"get": _get(f"{layer.title} · queryables", SCHEMA)},
        f"{path}/items": items_path,
        f"{path}/items/{{featureId}}": _feature_path(layer, verbs),
    }


def _feature_path(layer: Layer, verbs: set[str]) -> Document:
    path: Document = {
        "parameters": [{"name": "featureId", "in": "path", "required": True, "schema": _TEXT}],
        "get": _get(f"{layer.title} · one feature", GEOJSON, [_parameter("crs", _CRS)]),
    }
    if "PUT" in verbs:
        path["put"] = _write("Replace a feature", 204, body=True, guarded=True)
    if "PATCH" in verbs:
        path["patch"] = _write("Change some members of a feature", 204, body=True, guarded=True)
    if "DELETE" in verbs:
        path["delete"] = _write("Take a feature away", 204, guarded=True)
    return path


def _parameter(name: str, shape: Document, place: str = "query") -> Document:
    found: Document = {"name": name, "in": place, "required": False, "schema": shape}
    # The abstract tests of Part 1 want to see the style even where it is the default.
    return found | ({"style": "form", "explode": False} if place == "query" else {})


def _get(summary: str, media: str, parameters: Iterable[Document] = ()) -> Document:
    content = {media: {"schema": {"type": "object"}}, "text/html": {"schema": _TEXT}}
    return {
        "summary": summary,
        "parameters": [*parameters, {"$ref": "#/components/parameters/f"}],
        "responses": {"200": {"description": summary, "content": content}, **_problems()},
    }


def _write(summary: str, status: int, *, body: bool = False, guarded: bool = False) -> Document:
    headers = [_parameter("Content-Crs", _TEXT, "header")] if body else []
    headers += [_parameter("If-Match", _TEXT, "header")] if guarded else []
    told: Document = {
        "summary": summary,
        "parameters": headers,
        "responses": {
            str(status): {"description": summary},
            **_problems(*((412, 428) if guarded else ()), *((409, 415) if body else (409,))),
        },
    }
    if body:
        told["requestBody"] = {"required": True, "content": {GEOJSON: {"schema": {"type": "object"}}}}
    return told


def _problems(*more: int) -> Document:
    content = {PROBLEM: {"schema": {"type": "object"}}}
    return {str(status): {"description": "Problem", "content": content} for status in (*_ERRORS, *more, 406)}
