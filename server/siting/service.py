"""Reading charging sites, within the reader's reach."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.auth.actor import Actor
from server.communities.service import reach_of
from server.problems import NotYours
from server.siting import queries

RIGHT = "charging_sites.list"


def sites(
    session: Session,
    filters: dict[str, Any],
    after: tuple[str, str] | None,
    limit: int,
    *,
    actor: Actor,
    now: datetime,
) -> list[dict[str, Any]]:
    """Return the sites within reach that pass the filters `community_id` and `status`, the newest first.

    Raises:
        NotYours: the role sees no sites.
    """
    found = queries.seen(session, reach_of(session, actor, RIGHT, now), **filters, after=after, limit=limit)
    wires = {row.id: row.data for row in queries.wires(session, [str(site_id) for site_id, _ in found])}
    return [{**wires[str(site_id)], "proposed_at": at.isoformat()} for site_id, at in found]


def visible_site_ids(session: Session, actor: Actor, ids: Collection[UUID], now: datetime) -> set[UUID]:
    """Return those of these sites that the person may see."""
    try:
        territory = reach_of(session, actor, RIGHT, now)
    except NotYours:
        return set()
    return {site_id for site_id, _ in queries.seen(session, territory, ids=ids)}
