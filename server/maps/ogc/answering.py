"""How `/ogc` answers: JSON or a plain page, as `f` or `Accept` ask."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response, render_template, request

from server.maps.ogc.crs import Crs
from server.maps.ogc.documents import GEOJSON, HTML, JSON, OPENAPI, SCHEMA
from server.maps.ogc.errors import BadQuery

FORMS = ("json", "html")
# A page of layers runs no script and loads nothing from anywhere.
PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def form() -> str:
    """Return the form to answer in, `text/html` or `application/json` for all that is JSON.

    Raises:
        BadQuery: `f` is neither `json` nor `html`.
    """
    asked = request.args.get("f")
    if asked is not None:
        if asked not in FORMS:
            raise BadQuery("f", f"must be {' or '.join(FORMS)}", f"须为 {' 或 '.join(FORMS)}")
        return HTML if asked == "html" else JSON
    kinds = [JSON, GEOJSON, SCHEMA, OPENAPI.partition(";")[0], HTML]
    return HTML if request.accept_mimetypes.best_match(kinds) == HTML else JSON


def answer(document: dict[str, Any], media: str, shown: str, title: str) -> Response:
    """Return a document as JSON of this media type, or as a page."""
    if shown != HTML:
        return dressed(Response(orjson.dumps(document), content_type=media))
    return _page(document, title)


def items(text: bytes, crs: Crs, shown: str, title: str) -> Response:
    """Return GeoJSON text in this reference system, or as a page."""
    response = (
        _page(orjson.loads(text), title) if shown == HTML else dressed(Response(text, content_type=GEOJSON))
    )
    response.headers["Content-Crs"] = f"<{crs.uri}>"
    return response


def dressed(response: Response) -> Response:
    """Return the answer with what caches must know: it is for this caller alone."""
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Authorization, Accept"
    return response


def _page(document: dict[str, Any], title: str) -> Response:
    rows = document.get("features", [document] if document.get("type") == "Feature" else [])
    told = document.get("description")
    if "numberMatched" in document:
        told = f"{document['numberReturned']} / {document['numberMatched']}"
    page = render_template(
        "ogc.html",
        title=title,
        told=told,
        links=document.get("links", []),
        parts=document.get("collections", []),
        rows=rows,
        columns=list(rows[0]["properties"]) if rows else [],
        raw=orjson.dumps(document, option=orjson.OPT_INDENT_2).decode(),
    )
    response = dressed(Response(page, content_type="text/html; charset=utf-8"))
    response.headers.update(PAGE_HEADERS)
    return response
