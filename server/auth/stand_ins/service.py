"""The use cases of standing in: name, revoke, leave notes, take the place of somebody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import uuid6
from sqlalchemy.orm import Session

from checklists.deadlines import SHANGHAI
from server.auth import audit
from server.auth.actor import Actor
from server.auth.stand_ins import queries
from server.auth.stand_ins.errors import NotStandingIn, StandInEnded, StandInOverlaps, unfit
from server.auth.stand_ins.tables import StandIn
from server.problems import NotFound

LONGEST_DAYS = 92
MOST_SHOWN = 200
NAMES_FOR_OTHERS = "admin"


def stand_in_for(session: Session, actor: Actor, absent_id: UUID, now: datetime) -> Actor:
    """Return the actor in the place of the absent person: the same person, with that one's role and unit.

    Nobody passes on what they hold for another: only whom `absent_id` themselves named is meant.

    Raises:
        NotStandingIn: nobody named the actor for today, or the two are no longer of one unit.
    """
    found = queries.in_force(session, absent_id, actor.user_id, _day(now))
    if found is None or actor.device_id is not None:
        raise NotStandingIn
    role, unit_code, kind, division = found
    return replace(
        actor,
        role=role,
        unit_code=unit_code,
        unit_kind=kind,
        division_code=division,
        stands_for=absent_id,
    )


def listed(session: Session, *, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """Return the stand-ins that touch the person, those that end last first; an administrator sees all."""
    whose = None if actor.role == NAMES_FOR_OTHERS else actor.user_id
    found = queries.stand_ins(session, whose=whose, limit=MOST_SHOWN)
    return _with_notes(session, found, actor, now)


def name(
    session: Session,
    *,
    absent: str | None,
    deputy: str,
    from_on: date,
    to_on: date,
    reason: str,
    note: str,
    actor: Actor,
    now: datetime,
) -> dict[str, Any]:
    """Let a colleague act for oneself, or, as an administrator, for anybody; return the stand-in.

    Raises:
        InvalidInput: the two are not of one unit, or the days cannot be.
        StandInOverlaps: another stands in on one of the days.
    """
    away = _person(session, "absent", absent if actor.role == NAMES_FOR_OTHERS and absent else actor.username)
    if absent is not None and away.username != absent:
        raise unfit(
            "absent",
            "You may name a stand-in for yourself only.",
            "只能为本人指定代班人；为他人指定请联系管理员。",
        )
    acting = _person(session, "deputy", deputy)
    _check(away, acting, from_on, to_on, _day(now))
    if queries.overlapping(session, away.user_id, from_on, to_on):
        raise StandInOverlaps
    made = StandIn(
        stand_in_id=UUID(int=uuid6.uuid7().int),
        absent_id=away.user_id,
        deputy_id=acting.user_id,
        from_on=from_on,
        to_on=to_on,
        reason=reason.strip(),
        named_by=actor.user_id,
        named_at=now,
        revoked_by=None,
        revoked_at=None,
    )
    queries.add(session, made)
    if note.strip():
        queries.add_note(session, made.stand_in_id, actor.user_id, note.strip(), now)
    facts = {"absent": away.username, "deputy": acting.username, "from": str(from_on), "to": str(to_on)}
    audit.write(session, actor, "stand_in.name", "stand_in", made.stand_in_id, facts, now)
    return _one(session, made.stand_in_id, actor, now)


def revoke(session: Session, stand_in_id: UUID, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """End a stand-in at once; each of the two may, and whoever named it.

    Raises:
        NotFound: it does not touch the person. StandInEnded: there is nothing left to end.
    """
    told = _one(session, stand_in_id, actor, now)
    if told["state"] in ("ended", "revoked") or not queries.revoke(session, stand_in_id, actor.user_id, now):
        raise StandInEnded
    audit.write(session, actor, "stand_in.revoke", "stand_in", stand_in_id, {}, now)
    return _one(session, stand_in_id, actor, now)


def add_note(
    session: Session, stand_in_id: UUID, words: str, *, actor: Actor, now: datetime
) -> dict[str, Any]:
    """Leave a note on what is handed over, there and back.

    Raises:
        NotFound: it does not touch the person.
    """
    _one(session, stand_in_id, actor, now)
    queries.add_note(session, stand_in_id, actor.user_id, words.strip(), now)
    audit.write(session, actor, "stand_in.note", "stand_in", stand_in_id, {}, now)
    return _one(session, stand_in_id, actor, now)


def one(session: Session, stand_in_id: UUID, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return one stand-in that touches the person; an administrator sees all.

    Raises:
        NotFound: it does not touch the person.
    """
    return _one(session, stand_in_id, actor, now)


def _one(session: Session, stand_in_id: UUID, actor: Actor, now: datetime) -> dict[str, Any]:
    whose = None if actor.role == NAMES_FOR_OTHERS else actor.user_id
    found = queries.stand_ins(session, whose=whose, stand_in_id=stand_in_id, limit=1)
    if not found:
        raise NotFound("There is no such stand-in, or it is not yours.", "代班记录不存在或与您无关。")
    return _with_notes(session, found, actor, now)[0]


def _with_notes(
    session: Session, found: list[Mapping[str, Any]], actor: Actor, now: datetime
) -> list[dict[str, Any]]:
    notes: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for one in queries.notes(session, [row["stand_in_id"] for row in found]):
        notes[one["stand_in_id"]].append({"at": _utc(one["at"]), "by": one["by"], "words": one["words"]})
    return [_as_json(row, notes[row["stand_in_id"]], actor, now) for row in found]


def _as_json(
    row: Mapping[str, Any], notes: list[dict[str, Any]], actor: Actor, now: datetime
) -> dict[str, Any]:
    state = _state(row, _day(now))
    return {
        "stand_in_id": str(row["stand_in_id"]),
        "absent": _named(row, "absent"),
        "deputy": _named(row, "deputy"),
        "from_on": row["from_on"],
        "to_on": row["to_on"],
        "reason": row["reason"],
        "state": state,
        "named_by": row["named_by_name"],
        "named_at": _utc(row["named_at"]),
        "revoked_by": row["revoked_by_name"],
        "revoked_at": _utc(row["revoked_at"]) if row["revoked_at"] else None,
        "notes": notes,
        "yours": row["deputy_id"] == actor.user_id,
        "may_revoke": state in ("planned", "in_force"),
    }


def _named(row: Mapping[str, Any], which: str) -> dict[str, str]:
    return {
        "user_id": str(row[f"{which}_id"]),
        "username": row[f"{which}_username"],
        "display_name": row[f"{which}_name"],
        "role": row[f"{which}_role"],
    }


def _state(row: Mapping[str, Any], day: date) -> str:
    if row["revoked_at"] is not None:
        return "revoked"
    if day < row["from_on"]:
        return "planned"
    return "in_force" if day <= row["to_on"] else "ended"


def _person(session: Session, member: str, username: str) -> Any:
    found = queries.person(session, username)
    if found is None:
        raise unfit(member, f"There is no active person {username}.", f"没有名为 {username} 的在用账号。")
    return found[0]


def _check(away: Any, acting: Any, from_on: date, to_on: date, today: date) -> None:
    if away.role == "admin":
        raise unfit("absent", "Nobody stands in for an administrator.", "系统管理员不能由他人代班。")
    if acting.user_id == away.user_id:
        raise unfit("deputy", "Choose another person.", "代班人不能是本人。")
    if acting.unit_code != away.unit_code:
        raise unfit("deputy", "Only a colleague of the same unit stands in.", "代班人须为同一单位的同事。")
    if to_on < from_on:
        raise unfit("to_on", "The last day lies before the first.", "结束日期早于开始日期。")
    if to_on < today:
        raise unfit("to_on", "These days have passed.", "所选日期已过。")
    if (to_on - from_on).days >= LONGEST_DAYS + 1:
        raise unfit("to_on", f"At most {LONGEST_DAYS + 1} days at once.", f"一次最长 {LONGEST_DAYS + 1} 天。")


def _day(now: datetime) -> date:
    return now.astimezone(SHANGHAI).date()


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
