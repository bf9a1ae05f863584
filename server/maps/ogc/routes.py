"""OGC API – Features over HTTP: reading."""

from __future__ import annotations

from datetime import UTC
from typing import Any

import orjson
from flask import Blueprint, Response, current_app, request

from geo.layers import Layer
from server.auth.desktop import token_in_address, visitor
from server.maps.ogc import asking, documents, openapi, queries, seeing, service, writing
from server.maps.ogc.answering import answer, form, items
from server.maps.ogc.crs import crs_named
from server.maps.ogc.documents import GEOJSON, HTML, JSON, OPENAPI, SCHEMA, Place
from server.maps.ogc.seeing import Layers
from server.maps.ogc.writing import Desks
from server.maps.reader import kept, reader
from server.maps.standing import Standing
from server.request import look, now, session

ROOT = "/ogc"
PAGE_OF_GDAL = 1000


def blueprint(layers: Layers, desks: Desks) -> Blueprint:
    """Return the blueprint that offers these layers by name, and lets those with a desk be written."""
    routes = Blueprint("ogc", __name__, url_prefix=ROOT, template_folder="templates")
    routes.after_request(_ask_for_basic)

    @routes.get("/", strict_slashes=False)
    def landing() -> Response:
        """Return what is here."""
        _only()
        return answer(documents.landing(_place(), form()), JSON, form(), documents.TITLE)

    @routes.get("/conformance")
    def conformance() -> Response:
        """Return the standards that hold here."""
        _only()
        return answer(documents.conformance(_place(), form()), JSON, form(), "Conformance")

    @routes.get("/api")
    def api() -> Response:
        """Return the OpenAPI file."""
        _only()
        shown = seeing.visible(layers, visitor().actor)
        kinds = {layer.name: queries.kinds_of(session(), layer) for layer in shown}
        verbs = {layer.name: writing.verbs(desks.get(layer.name), visitor().actor) for layer in shown}
        return answer(openapi.document(_root(), shown, kinds, verbs), OPENAPI, form(), "OpenAPI 3.0")

    @routes.get("/collections")
    def collections() -> Response:
        """List the layers that the caller may see."""
        _only()
        shown, box = seeing.visible(layers, visitor().actor), queries.county_box(session())
        return answer(documents.collections(_place(), shown, box, form()), JSON, form(), "图层 Collections")

    @routes.get("/collections/<name>")
    def collection(name: str) -> Response:
        """Return one layer."""
        _only()
        layer = _seen(layers, name).layer
        told = documents.collection(_place(), layer, queries.county_box(session()))
        return answer(told, JSON, form(), layer.title)

    @routes.get("/collections/<name>/queryables")
    def queryables(name: str) -> Response:
        """Return the properties that filters may name."""
        _only()
        layer = _seen(layers, name).layer
        told = documents.queryables(_place(), layer, queries.kinds_of(session(), layer))
        return answer(told, SCHEMA, form(), layer.title)

    @routes.get("/collections/<name>/items", provide_automatic_options=False)
    def features(name: str) -> Response:
        """Return a page of features within the caller's reach."""
        seen = _seen(layers, name)
        with look() as looking:
            given = _only(*asking.ITEMS, *queries.kinds_of(looking, seen.layer))
            page = service.page(looking, _remembered(), seen, given)
        return items(_collection(page, _place(), seen.layer, given), page.crs, form(), seen.layer.title)

    @routes.get("/collections/<name>/items/<feature_id>", provide_automatic_options=False)
    def feature(name: str, feature_id: str) -> Response:
        """Return one feature within the caller's reach."""
        given = _only("crs")
        seen = _seen(layers, name)
        layer, crs = seen.layer, crs_named(given.get("crs"), "crs")
        with look() as looking:
            told = service.feature(looking, layer, seen.seen, feature_id, crs)
        path = f"/collections/{layer.name}"
        links = [
            *_place().both(f"{path}/items/{feature_id}", GEOJSON, form(), **_kept(given)),
            _place().link("collection", path, JSON, layer.title),
        ]
        response = items(_with(told.feature, {"links": links}), crs, form(), layer.title)
        response.set_etag(f"{told.etag}{'-html' if form() == HTML else ''}")
        response.make_conditional(request)
        return response

    @routes.route("/collections/<name>/items", methods=["OPTIONS"])
    @routes.route("/collections/<name>/items/<feature_id>", methods=["OPTIONS"])
    def options(name: str, feature_id: str | None = None) -> Response:
        """Return the methods that the caller may use."""
        response = Response(status=204)
        response.headers["Allow"] = ", ".join(
            writing.allowed(layers, desks, name, alone=feature_id is not None)
        )
        return response

    writing.add_to(routes, layers, desks)
    return routes


def _only(*known: str) -> dict[str, str]:
    return asking.single(dict(request.args.lists()), (*asking.EVERYWHERE, *known))


def _seen(layers: Layers, name: str) -> Standing:
    return seeing.seen_in(kept(), layers, name, reader())


def _remembered() -> service.Remembered:
    found: service.Remembered | None = current_app.extensions.get("wangge.pages")
    if found is None:
        found = current_app.extensions.setdefault("wangge.pages", service.Remembered())
    return found


def _root() -> str:
    return request.url_root.rstrip("/") + ROOT


def _place() -> Place:
    return Place(_root(), token_in_address())


def _kept(given: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in given.items() if name not in asking.EVERYWHERE}


def _collection(page: service.Page, place: Place, layer: Layer, given: dict[str, str]) -> bytes:
    path, kept = f"/collections/{layer.name}", _kept(given)
    links = [
        *place.both(f"{path}/items", GEOJSON, form(), **kept),
        place.link("collection", path, JSON, layer.title),
    ]
    if page.cursor is not None:
        media, word = (HTML, "html") if form() == HTML else (GEOJSON, "json")
        links.append(
            place.link(
                "next", f"{path}/items", media, **{**kept, **_larger(kept), "cursor": page.cursor, "f": word}
            )
        )
    told: dict[str, Any] = {
        "type": "FeatureCollection",
        "timeStamp": now().astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "numberMatched": page.matched,
        "numberReturned": page.shown,
        "links": links,
    }
    return b'%b,"features":[%b]}' % (orjson.dumps(told)[:-1], page.features)


def _larger(kept: dict[str, str]) -> dict[str, str]:
    """Return the limit of the pages to come, where the caller's own is a program's default and no choice.

    GDAL before 3.8 does not read the API's maximum: it asks for ten features, mostly without giving its name,
    and follows `next` to the end.
    """
    agent = request.headers.get("User-Agent", "")
    unaware = (not agent or agent.startswith("GDAL/")) and kept.get("limit") == "10"
    return {"limit": str(PAGE_OF_GDAL)} if unaware else {}


def _with(feature: str, more: dict[str, Any]) -> bytes:
    return b"%b,%b" % (feature[:-1].encode(), orjson.dumps(more)[1:])


def _ask_for_basic(response: Response) -> Response:
    """Let browsers and desktop GIS ask for a user name."""
    if response.status_code == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="wangge", charset="UTF-8"'
    return response
