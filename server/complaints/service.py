"""Reading complaints, within the reader's reach."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.auth.actor import Actor
from server.auth.rules import Reach, reach
from server.communities.territory import NOWHERE
from server.complaints import queries
from server.complaints.queries import Seen
from server.photos import service as photos
from server.photos.claims import Evidence
from server.problems import NotYours
from sync import field_times

RIGHT = "complaints.list"


def complaints(
    session: Session, filters: Mapping[str, Any], after: tuple[str, str] | None, limit: int, *, actor: Actor
) -> list[dict[str, Any]]:
    """Return the complaints within reach that pass `community_id` and `channel`, the newest first.

    Raises:
        NotYours: the role sees no complaints.
    """
    found = queries.complaints(session, _seen(actor), **filters, after=after, limit=limit)
    ids = [UUID(row["complaint_id"]) for row in found]
    evidence, tablets = photos.evidence(session, "complaint", ids), field_times.of(session, ids)
    return [
        {**_as_json(row, evidence[one]), "tablets": tablets[one]} for row, one in zip(found, ids, strict=True)
    ]


def visible_complaint_ids(session: Session, actor: Actor, ids: Collection[UUID]) -> set[UUID]:
    """Return those of these complaints that the person may see."""
    try:
        seen = _seen(actor)
    except NotYours:
        return set()
    return {UUID(row["complaint_id"]) for row in queries.complaints(session, seen, ids=ids)}


def _seen(actor: Actor) -> Seen:
    right = reach(actor, RIGHT)
    if right is Reach.COUNTY:
        return Seen()
    if right in (Reach.SUBDISTRICT, Reach.NEIGHBOURHOOD):
        return Seen(division=actor.division_code or NOWHERE)
    return Seen(own=actor.user_id)


def _as_json(row: Mapping[str, Any], evidence: Evidence) -> dict[str, Any]:
    names = (
        "complaint_id",
        "community_id",
        "community_name",
        "neighbourhood_code",
        "grid_cell_code",
        "channel",
        "category",
        "description",
    )
    placed = row["lon"] is not None
    contacted = row["contact_name"] is not None
    return {
        **{name: row[name] for name in names},
        "location": {"lon": row["lon"], "lat": row["lat"], "accuracy_m": row["accuracy_m"], "datum": "wgs84"}
        if placed
        else None,
        "contact": {"name": row["contact_name"], "phone": row["contact_phone"]} if contacted else None,
        "taken_by": {"user_id": row["user_id"], "name": row["taken_by"]},
        "received_at": row["received_at"].astimezone(UTC).isoformat(),
        "evidence": evidence.as_json(),
    }
