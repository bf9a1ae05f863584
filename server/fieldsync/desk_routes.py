"""The office's desks for what is held or quarantined."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_smorest import Blueprint

from server.auth.request import actor
from server.fieldsync import conflicts, desks, service
from server.fieldsync import desk_schemas as schemas
from server.fieldsync.desk_queries import Wanted
from server.fieldsync.rules import RELEASE
from server.paging import CursorInvalid, page, place_of
from server.photos.service import DERIVE
from server.queue import wake
from server.request import database, now, redis, session
from sync.decide import Ports
from sync.desk import Desk
from sync.mutations import CommandType
from sync.waiting import Place


def blueprint(command_types: Mapping[str, CommandType]) -> Any:
    """Return the blueprint of the desks; what is applied there goes to these commands."""
    routes = Blueprint("desks", __name__, url_prefix="/api/v1/sync", description="Items that wait for people")
    handed = service.ports(command_types)

    @routes.route("/desks")
    @routes.response(200, schemas.DesksSchema)
    def count_waiting() -> dict[str, int]:
        """Say how much waits at each desk within the caller's reach."""
        caller = actor()
        held, quarantined = (desks.count(session(), desk, caller) for desk in ("held", "quarantined"))
        return {
            "held": held,
            "quarantined": quarantined,
            "conflicts": conflicts.count(session(), caller),
        }

    @routes.route("/held")
    @routes.arguments(schemas.ItemQuery, location="query")
    @routes.response(200, schemas.OpenItemPage)
    def list_held(query: dict[str, Any]) -> dict[str, Any]:
        """List what waits for something or for a person, the longest waiting first."""
        return _listed("held", query)

    @routes.route("/quarantine")
    @routes.arguments(schemas.ItemQuery, location="query")
    @routes.response(200, schemas.OpenItemPage)
    def list_quarantine(query: dict[str, Any]) -> dict[str, Any]:
        """List what is kept for the office, the longest waiting first."""
        return _listed("quarantined", query)

    @routes.route("/held/<uuid:device_id>/<int:seq>/resolve", methods=["POST"])
    @routes.arguments(schemas.DeskChoiceSchema)
    @routes.response(200, schemas.DeskDecisionSchema)
    def resolve_held(given: dict[str, Any], device_id: UUID, seq: int) -> Mapping[str, Any]:
        """Apply or reject a held item, for good; the same choice again is answered alike."""
        return _resolved("held", handed, Place(device_id, seq), given)

    @routes.route("/quarantine/<uuid:device_id>/<int:seq>/resolve", methods=["POST"])
    @routes.arguments(schemas.DeskChoiceSchema)
    @routes.response(200, schemas.DeskDecisionSchema)
    def resolve_quarantined(given: dict[str, Any], device_id: UUID, seq: int) -> Mapping[str, Any]:
        """Apply or reject a quarantined item, for good; the same choice again is answered alike."""
        return _resolved("quarantined", handed, Place(device_id, seq), given)

    @routes.route("/gaps")
    @routes.arguments(schemas.GapQuery, location="query")
    @routes.response(200, schemas.DeclaredGapPage)
    def list_gaps(query: dict[str, Any]) -> dict[str, Any]:
        """List what tablets declared lost, the newest first."""
        after = _after(query["cursor"], str, str, int)
        wanted = Wanted(device_id=query["device_id"], worker=query["worker"], after=after)
        found = desks.gaps(session(), wanted, query["limit"] + 1, actor())
        return page(
            found, query["limit"], lambda one: [one["declared_at"], one["device_id"], one["from_seq"]]
        )

    @routes.route("/absent-photos")
    @routes.arguments(schemas.GapQuery, location="query")
    @routes.response(200, schemas.AbsentPhotoPage)
    def list_absent_photos(query: dict[str, Any]) -> dict[str, Any]:
        """List the photos that records name and that have not arrived, the longest awaited first."""
        after = _after(query["cursor"], str, str, str)
        wanted = Wanted(device_id=query["device_id"], worker=query["worker"], after=after)
        found = desks.absent_photos(session(), wanted, query["limit"] + 1, actor())
        return page(found, query["limit"], lambda one: [one["claimed_at"], one["device_id"], one["sha256"]])

    return routes


def _listed(status: Desk, query: dict[str, Any]) -> dict[str, Any]:
    filters = {name: query[name] for name in ("device_id", "worker", "type", "reason")}
    wanted = Wanted(**filters, after=_after(query["cursor"], str, str, int, str))
    found = desks.listed(session(), status, wanted, query["limit"] + 1, actor())
    return page(found, query["limit"], _key)


def _resolved(status: Desk, handed: Ports, place: Place, given: dict[str, Any]) -> Mapping[str, Any]:
    caller = actor()
    session().commit()  # the decision has a transaction of its own, which a deadlock begins anew
    decision = desks.resolve(database(), handed, status, place, **given, actor=caller, now=now())
    wake(redis(), RELEASE)
    wake(redis(), DERIVE)
    return decision


def _key(item: Mapping[str, Any]) -> list[Any]:
    return [item["decided_at"], item["device_id"], item["seq"], item["digest"]]


def _after(cursor: str | None, *types: type) -> tuple[Any, ...] | None:
    place = place_of(cursor, *types)
    if place is None:
        return None
    try:
        return datetime.fromisoformat(place[0]), str(UUID(place[1])), *place[2:]
    except ValueError as error:
        raise CursorInvalid from error
