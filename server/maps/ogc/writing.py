"""OGC API – Features Part 4 over HTTP: creating, replacing, changing and taking away features."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import uuid6
from flask import Blueprint, Response, request
from werkzeug.exceptions import MethodNotAllowed, UnsupportedMediaType

from geo.layers import Layer
from server.auth import rules
from server.auth.actor import Actor
from server.auth.desktop import visitor
from server.auth.errors import NotSignedIn
from server.communities import desk as desks
from server.communities.desk import Desk
from server.communities.territory import Territory
from server.maps.ogc import asking, bodies, seeing, service
from server.maps.ogc.answering import dressed
from server.maps.ogc.crs import CRS84, Crs, crs_named
from server.maps.ogc.documents import GEOJSON
from server.maps.ogc.errors import PreconditionRequired
from server.maps.ogc.seeing import Layers
from server.maps.reader import kept, reader
from server.problems import NotYours
from server.request import now, session
from sync.merge import REMOVED

BODIES = (GEOJSON, "application/json", "application/merge-patch+json")
_OURS = re.compile(r"(\d{1,9})-[0-9a-f]{16}(-html)?", re.ASCII)
Desks = Mapping[str, Desk]


def verbs(desk: Desk | None, actor: Actor | None) -> set[str]:
    """Return the methods by which this person may write such records somewhere."""
    if desk is None or actor is None:
        return set()
    found = set()
    if desk.create is not None and _may(actor, desk.create_right):
        found.add("POST")
    if _may(actor, desk.editable.command):
        found |= {"PUT", "PATCH"}
        # Communities are not taken away from a map: cases and inspections stand in them.
        if desk.removable:
            found.add("DELETE")
    return found


def add_to(routes: Blueprint, layers: Layers, offered: Desks) -> None:
    """Let these layers be written, each by the service of its own room."""
    items, item = "/collections/<name>/items", "/collections/<name>/items/<feature_id>"

    @routes.post(items, provide_automatic_options=False)
    def create(name: str) -> Response:
        """Store a new feature."""
        given, crs = _body()
        layer, seen, desk, actor = _asked(layers, offered, name, "POST")
        entity_id = uuid6.uuid7()
        values = bodies.fields_of(session(), given, layer, desk, crs, whole=True, new=True)
        values = bodies.with_home(session(), values, desk, now())
        with bodies.told_of(desk):
            desks.add(session(), desk, entity_id, values, actor=actor, now=now())
        response = _done(layer, seen, entity_id, 201)
        response.headers["Location"] = f"{request.url_root}ogc/collections/{layer.name}/items/{entity_id}"
        return response

    @routes.put(item, endpoint="replace", provide_automatic_options=False)
    @routes.patch(item, endpoint="update", provide_automatic_options=False)
    def write(name: str, feature_id: str) -> Response:
        """Replace a feature, or change the members that are named."""
        given, crs = _body()
        layer, seen, desk, actor = _asked(layers, offered, name, request.method)
        entity_id = _entity_id(layer, seen, feature_id)
        whole = request.method == "PUT"
        values = bodies.fields_of(session(), given, layer, desk, crs, whole=whole, new=False)
        if whole:
            values = bodies.with_home(session(), values, desk, now())
        with bodies.told_of(desk):
            _change(desk, entity_id, values, actor)
        return _done(layer, seen, entity_id, 204)

    @routes.delete(item, provide_automatic_options=False)
    def remove(name: str, feature_id: str) -> Response:
        """Take a feature away; what is kept of it stays in its history."""
        _only()
        layer, seen, desk, actor = _asked(layers, offered, name, "DELETE")
        _change(desk, _entity_id(layer, seen, feature_id), {REMOVED: True}, actor)
        return dressed(Response(status=204))


def allowed(layers: Layers, offered: Desks, name: str, *, alone: bool) -> list[str]:
    """Return the methods that a caller may use on the features of a layer, or on one `alone`."""
    layer = seeing.seen_in(kept(), layers, name, reader()).layer
    may = verbs(offered.get(layer.name), visitor().actor)
    return ["GET", "HEAD", "OPTIONS", *sorted(may - {"POST"} if alone else may & {"POST"})]


def _only() -> None:
    asking.single(dict(request.args.lists()), asking.EVERYWHERE)


def _body() -> tuple[dict[str, Any], Crs]:
    _only()
    if request.mimetype not in BODIES:
        raise UnsupportedMediaType(f"Send {' or '.join(BODIES)}.")
    crs = crs_named(request.headers.get("Content-Crs"), "Content-Crs")
    return bodies.read(request.get_data()), crs


def _asked(layers: Layers, offered: Desks, name: str, verb: str) -> tuple[Layer, Territory, Desk, Actor]:
    standing = seeing.seen_in(kept(), layers, name, reader())
    layer, seen = standing.layer, standing.seen
    desk, actor = offered.get(layer.name), visitor().actor
    possible = {"PUT", "PATCH"} if desk else set()
    possible |= {"POST"} if desk and desk.create else set()
    possible |= {"DELETE"} if desk and desk.removable else set()
    if desk is None or verb not in possible:
        raise MethodNotAllowed(["GET", "HEAD", "OPTIONS", *sorted(possible)])
    if actor is None:
        raise NotSignedIn
    rules.reach(actor, desk.create_right if verb == "POST" else desk.editable.command)
    return layer, seen, desk, actor


def _entity_id(layer: Layer, seen: Territory, feature_id: str) -> UUID:
    service.feature(session(), layer, seen, feature_id, CRS84)
    return UUID(feature_id)


def _change(desk: Desk, entity_id: UUID, values: Mapping[str, Any], actor: Actor) -> None:
    versions = _meant()
    desks.change(session(), desk, entity_id, values, versions=versions, actor=actor, now=now())


def _meant() -> set[int] | None:
    """Return the versions that If-Match names, None for whichever stands."""
    if "If-Match" not in request.headers:
        raise PreconditionRequired
    if request.if_match.star_tag:
        return None
    found = (_OURS.fullmatch(tag) for tag in request.if_match.as_set(include_weak=False))
    return {int(one[1]) for one in found if one}


def _done(layer: Layer, seen: Territory, entity_id: UUID, status: int) -> Response:
    """Return what tells the writer how the feature now stands, as far as the writer may see it."""
    session().flush()
    told = service.feature(session(), layer, seen, str(entity_id), CRS84)
    body = told.feature if status == 201 else None
    response = dressed(Response(body, status=status, content_type=GEOJSON if body else None))
    response.set_etag(told.etag)
    return response


def _may(actor: Actor, action: str) -> bool:
    try:
        rules.reach(actor, action)
    except NotYours:
        return False
    return True
