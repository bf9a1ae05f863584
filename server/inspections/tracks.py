"""`track.append`: where a worker walked, in pieces that may come in any order and more than once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.auth import rules
from server.auth.actor import Actor
from server.auth.rules import Reach
from server.communities.fieldwork import person_behind
from server.communities.outline import county_outline
from server.communities.territory import NOWHERE
from server.inspections import track_queries as queries
from server.inspections.track_reading import read_points
from server.outcomes import rejected, unknown_field
from server.problems import DomainError, NotYours
from sync import field_times
from sync.mutations import CommandType, Mutation, Outcome, Sender

APPEND = "track.append"
RIGHT = "tracks.list"
KNOWN = frozenset(("points", "datum"))


def append_tracks(
    session: Session, sender: Sender, mutations: Sequence[Mutation], now: datetime
) -> list[Outcome]:
    """Add pieces of tracks; each gets its outcome."""
    actor = person_behind(session, sender)
    return [_append(session, sender, actor, mutation, now) for mutation in mutations]


def _append(session: Session, sender: Sender, actor: Actor, mutation: Mutation, now: datetime) -> Outcome:
    try:
        rules.reach(actor, APPEND)
        points = read_points(mutation.data, county_outline(session))
        owner = queries.owner_for_update(session, mutation.entity_id)
        if owner not in (None, sender.user_id):
            raise NotYours("This track is another person's.", "该轨迹属于他人。")
    except DomainError as error:
        return rejected(error)
    begin_for = (sender.user_id, sender.device_id) if owner is None else None
    queries.append(session, mutation.entity_id, points, begin_for=begin_for, now=now)
    unknown = sorted(str(name) for name in mutation.data if name not in KNOWN)[:20]
    return Outcome("applied", version=1, warnings=tuple(map(unknown_field, unknown)))


def tracks(
    session: Session,
    *,
    actor: Actor,
    user_id: UUID | None,
    day: date | None,
    with_line: bool,
    after: tuple[str, str] | None,
    limit: int,
) -> list[dict[str, Any]]:
    """Return the tracks within the person's reach, the newest first; `day` is the local day they began on.

    Raises:
        NotYours: the role sees no tracks.
    """
    right = rules.reach(actor, RIGHT)
    division = own = None
    if right is Reach.OWN:
        own = actor.user_id
    elif right is not Reach.COUNTY:
        division = actor.division_code or NOWHERE
    found = queries.tracks(
        session,
        division=division,
        own=own,
        user_id=user_id,
        day=day,
        with_line=with_line,
        after=after,
        limit=limit,
    )
    tablets = field_times.of(session, [UUID(str(row["track_id"])) for row in found])
    return [{**_as_json(row), "tablets": tablets[UUID(str(row["track_id"]))]} for row in found]


def _as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "track_id": row["track_id"],
        "worker": {"user_id": row["user_id"], "name": row["name"]},
        "begun_at": row["begun_at"].astimezone(UTC).isoformat(),
        "ended_at": row["ended_at"].astimezone(UTC).isoformat(),
        "point_count": row["point_count"],
        "length_m": round(row["length_m"], 1),
        "duration_s": round((row["ended_at"] - row["begun_at"]).total_seconds(), 1),
        "geometry": row["geometry"],
    }


APPEND_TRACK = CommandType(APPEND, append_tracks)
