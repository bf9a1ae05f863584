"""GeoJSON features that callers send, as the fields of a room's own service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NoReturn

import orjson
from shapely.geometry import mapping, shape
from sqlalchemy.orm import Session

from geo.layers import Layer
from geo.queries import community_at
from server.communities.desk import Desk
from server.communities.drawn_queries import building_near
from server.communities.drawn_rules import FARTHEST_M
from server.communities.reading import fault, unreadable
from server.communities.service import local_day
from server.maps.ogc import queries
from server.maps.ogc.crs import Crs
from server.maps.ogc.errors import BadQuery
from server.maps.ogc.shapes import shape_of
from server.problems import DomainError
from sync.merge import REMOVED


def read(body: bytes) -> dict[str, Any]:
    """Return the JSON object of a body.

    Raises:
        InvalidInput: it is none, or no GeoJSON feature.
    """
    try:
        given = orjson.loads(body)
    except ValueError:
        given = None
    if not isinstance(given, dict) or given.get("type", "Feature") != "Feature":
        _refuse("", "must be a GeoJSON Feature", "须为 GeoJSON 要素")
    if not isinstance(given.get("properties") or {}, dict):
        _refuse("/properties", "must be an object", "须为对象")
    return given


def fields_of(
    session: Session, given: Mapping[str, Any], layer: Layer, desk: Desk, crs: Crs, *, whole: bool, new: bool
) -> dict[str, Any]:
    """Return the values that a feature gives to the fields of a record.

    Properties that only the server sets may come along as they were read.

    Args:
        whole: what the feature leaves out becomes null; else it stays as it is.
        new: the record is yet to be, so that it names its community.

    Raises:
        InvalidInput: `errors` point at a geometry that cannot be read, or at unknown properties.
    """
    properties = given.get("properties") or {}
    writable = {*desk.fields(session), *(desk.needs if new else ())} - {desk.shape, REMOVED}
    unknown = [name for name in properties if name not in writable and name not in layer.properties]
    if unknown:
        listed = ", ".join(sorted(writable))
        _refuse(f"/properties/{unknown[0]}", f"is unknown; known are {listed}", f"未知属性；可用：{listed}")
    values = {name: properties.get(name) for name in sorted(writable) if whole or name in properties}
    if whole or "geometry" in given:
        values[desk.shape] = _shape(session, given.get("geometry"), desk, crs)
    return values


def with_home(session: Session, values: dict[str, Any], desk: Desk, now: datetime) -> dict[str, Any]:
    """Return the values of a whole record with the community or building where it lies, if none is named."""
    place = values.get(desk.shape)
    home = "community_id" if "community_id" in values else "building_id"
    if not isinstance(place, dict) or values.get(home, "") is not None:
        return values
    lon, lat = _middle(place)
    if home == "community_id":
        found = community_at(session, lon, lat, local_day(now))
    else:
        found = building_near(session, lon, lat, FARTHEST_M[home])
    return values if found is None else {**values, home: str(found)}


def _middle(place: dict[str, Any]) -> tuple[float, float]:
    if "lon" in place:
        return place["lon"], place["lat"]
    middle = shape(place).representative_point()
    return middle.x, middle.y


@contextmanager
def told_of(desk: Desk) -> Iterator[None]:
    """Let faults point into the feature instead of into the room's own data."""
    try:
        yield
    except DomainError as error:
        for one in error.errors:
            name = one["pointer"].removeprefix("/data").removeprefix("/fields").strip("/")
            field, _, below = name.partition("/")
            at = "/geometry" if field == desk.shape else f"/properties/{field}"
            at = f"{at}/{below}" if below else at
            error.detail = error.detail.replace(one["pointer"], at)
            error.detail_zh = error.detail_zh.replace(one["pointer"], at)
            one["pointer"] = at
        raise


def _shape(session: Session, given: Any, desk: Desk, crs: Crs) -> Any:
    if given is None:
        return None
    try:
        shape = shape_of(given, crs, "geometry")
    except BadQuery as error:
        raise unreadable([fault("/geometry", error.detail, error.detail_zh)]) from error
    told = mapping(shape) if crs.srid == 4326 else queries.to_wgs84(session, shape, crs)
    if desk.shape != "location":
        return told
    if told["type"] != "Point":
        _refuse("/geometry", "must be a Point", "须为点")
    lon, lat = told["coordinates"][:2]
    return {"lon": lon, "lat": lat}


def _refuse(pointer: str, detail: str, detail_zh: str) -> NoReturn:
    raise unreadable([fault(pointer, detail, detail_zh)])
