"""Reading inspections: lists, one in detail, and who may see which."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.auth.actor import Actor
from server.auth.rules import Reach, reach
from server.inspections import outcome_queries, queries, times, view
from server.ledger.terms import local_day
from server.photos import service as photos
from server.problems import NotFound, NotYours


def inspections(
    session: Session,
    wanted: queries.Filter,
    after: tuple[str, str] | None,
    limit: int,
    *,
    actor: Actor,
    now: datetime,
) -> list[dict[str, Any]]:
    """Return the inspections within the person's reach that pass the filter, the newest first.

    Raises:
        NotYours: the role sees no inspections.
    """
    visible = queries.within(actor, reach(actor, "inspections.list"), local_day(now))
    found = queries.page(session, wanted, visible, after, limit)
    evidence = photos.evidence(session, "inspection", [one.inspection_id for one in found])
    return [one.as_json(evidence[one.inspection_id]) for one in found]


def show(session: Session, inspection_id: UUID, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return one inspection with answers, photos, cases and what else followed.

    Raises:
        NotFound: there is none, or it is beyond the person's reach.
    """
    if not visible_inspection_ids(session, actor, [inspection_id], now):
        raise NotFound(
            "There is no such inspection, or it is not yours to see.", "检查记录不存在或您无权查看。"
        )
    found = queries.views(session, [inspection_id])[0]
    answers, location_sent = queries.answers(session, inspection_id)
    evidence = photos.evidence(session, "inspection", [inspection_id])[inspection_id]
    claimed = photos.photos_of(session, "inspection", [inspection_id])[inspection_id]
    followed = outcome_queries.of_inspection(session, inspection_id)
    sent = {name: getattr(found, name) for name in ("started_at", "finished_at", "device_time")}
    told = view.detail(found, answers, location_sent, evidence, claimed, followed)
    return told | {"times": times.as_json(queries.kept_times(session, inspection_id), sent)}


def visible_inspection_ids(session: Session, actor: Actor, ids: Collection[UUID], now: datetime) -> set[UUID]:
    """Return those of these inspections that the person may see."""
    try:
        right = reach(actor, "inspections.list")
    except NotYours:
        right = Reach.OWN
    return queries.covered(session, queries.within(actor, right, local_day(now)), ids)
