"""Use cases of coverage: what was visited and walked, whole and by place or worker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from server.auth import rules
from server.auth.actor import Actor
from server.auth.rules import Reach
from server.communities.service import reach_of
from server.communities.territory import NOWHERE
from server.inspections.coverage import queries
from server.inspections.coverage.queries import By, Period
from server.ledger.terms import local_day
from server.problems import InvalidInput

RIGHT = "coverage.list"
USUAL_DAYS = 30
LONGEST_DAYS = 1100
MOST_PATROLS = 1000


def period_of(
    first: date | None, last: date | None, now: datetime, *, subdistrict: str | None, user_id: Any
) -> Period:
    """Return the period asked for; the last thirty days up to today if nothing is named.

    Raises:
        InvalidInput: it ends before it begins, or is longer than three years.
    """
    ends = last or local_day(now)
    starts = first or ends - timedelta(days=USUAL_DAYS - 1)
    if not 0 <= (ends - starts).days < LONGEST_DAYS:
        detail = "The last day must follow the first within three years."
        zh = "结束日期须不早于开始日期，且不超过三年。"
        raise InvalidInput(detail, zh, errors=[{"pointer": "/query/to", "detail": detail, "detail_zh": zh}])
    return Period(first=starts, last=ends, subdistrict=subdistrict, user_id=user_id)


def coverage(
    session: Session,
    by: By,
    period: Period,
    *,
    unvisited_days: int | None,
    with_outline: bool,
    actor: Actor,
    now: datetime,
) -> dict[str, Any]:
    """Return visits by community, cell, subdistrict or worker within the person's reach, and the totals.

    Args:
        unvisited_days: of places only those that nobody visited in so many days up to the period's last.

    Raises:
        NotYours: the role may not see it.
    """
    seen = replace(reach_of(session, actor, RIGHT, now), day=period.last)
    found = queries.rows(session, by, period, seen, with_outline=with_outline)
    shown = [_place(row, period.last) if "visits" in row and "days" in row else _share(row) for row in found]
    if unvisited_days is not None:
        shown = [one for one in shown if _unvisited(one, unvisited_days)]
    return {
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "by": by,
        "totals": _share(queries.totals(session, period, seen)),
        "items": shown,
    }


def patrols(session: Session, period: Period, *, actor: Actor) -> dict[str, Any]:
    """Return what each worker walked on each day within the person's reach, the latest day first.

    Raises:
        NotYours: the role sees no tracks.
    """
    right = rules.reach(actor, "tracks.list")
    division = None if right in (Reach.COUNTY, Reach.OWN) else actor.division_code or NOWHERE
    asked = replace(period, user_id=actor.user_id) if right is Reach.OWN else period
    found = queries.patrols(session, asked, division, MOST_PATROLS)
    return {
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "items": [_walk(row) for row in found],
    }


def _unvisited(place: Mapping[str, Any], days: int) -> bool:
    since = place.get("days_since")
    return "days_since" in place and (since is None or since >= days)


def _place(row: Mapping[str, Any], last: date) -> dict[str, Any]:
    at: datetime | None = row["last_visit_at"]
    since = None if at is None else (last - local_day(at)).days
    moments = {name: _told(row[name]) for name in ("first_at", "last_at", "last_visit_at")}
    return {**row, **moments, "days_since": since}


def _share(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "communities_share": _part(row["communities_visited"], row["communities"]),
        "cells_share": _part(row["cells_visited"], row["cells"]),
    }


def _walk(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "day": row["day"].isoformat(),
        "worker": {"user_id": row["user_id"], "name": row["name"]},
        "tracks": row["tracks"],
        "length_m": round(float(row["length_m"]), 1),
        "duration_s": round(float(row["duration_s"]), 1),
        "begun_at": _told(row["begun_at"]),
        "ended_at": _told(row["ended_at"]),
        "communities": row["communities"],
        "passed": row["passed"],
        "passed_share": _part(row["passed"], row["communities"]),
    }


def _part(some: int, whole: int) -> float | None:
    return round(some / whole, 4) if whole else None


def _told(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat()
