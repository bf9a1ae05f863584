"""The office works off the conflict list: what met, what stands now, and what shall stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.orm import Session

from server.auth import audit
from server.auth.actor import Actor
from server.auth.rules import Reach, reach
from server.communities.editing import Editable, change_value
from server.communities.reading import fault, unreadable
from server.communities.territory import NOWHERE
from server.fieldsync import conflict_queries as queries
from server.fieldsync.conflict_queries import Listed
from server.fieldsync.errors import AlreadyResolved
from server.problems import NotFound
from sync import fates, undecided
from sync.mutations import Outcome
from sync.problem import problem
from sync.waiting import Place

RIGHT = "conflicts.resolve"
Editables = Mapping[str, Editable]


@dataclass(frozen=True, slots=True)
class Choice:
    """What the office decides: what stands now shall stay, the other value shall stand, or a third one."""

    choose: Literal["current", "other", "value"]
    reason: str
    value: Any = None


def conflicts(
    session: Session,
    editables: Editables,
    filters: Mapping[str, Any],
    after: tuple[str, str] | None,
    limit: int,
    *,
    actor: Actor,
    now: datetime,
) -> list[dict[str, Any]]:
    """Return lines of the conflict list within the person's reach, the newest first.

    Raises:
        NotYours: the role does not work off conflicts.
    """
    found = queries.listed(session, _division(actor), filters, after, limit)
    return _with_current(session, editables, found, now)


def count(session: Session, actor: Actor) -> int:
    """Return how many open conflicts lie within the person's reach; it stops counting at 1000.

    Raises:
        NotYours: the role does not work off conflicts.
    """
    return queries.count(session, _division(actor))


def resolve(
    session: Session, editables: Editables, conflict_id: UUID, choice: Choice, *, actor: Actor, now: datetime
) -> dict[str, Any]:
    """Decide a conflict for good: change the record where asked, record it, and tell the tablet.

    Raises:
        NotFound: there is no such conflict within the person's reach.
        AlreadyResolved: it was decided before.
        InvalidInput: `other` or `value` for a whole item, or a value that cannot be read.
    """
    one = _one(session, conflict_id, actor)
    if one.resolved_at is not None:
        raise AlreadyResolved(one.as_json())
    value, version = _carry_out(session, editables, one, choice, now)
    stored = queries.resolve(
        session,
        {
            "conflict_id": conflict_id,
            "choose": choice.choose,
            "value": value,
            "version": version,
            "reason": choice.reason,
            "user_id": actor.user_id,
            "unit_code": actor.unit_code,
            "now": now,
        },
    )
    if not stored:
        raise AlreadyResolved(None)
    facts = {
        "conflict_id": str(conflict_id),
        "field": one.field,
        "fact": one.fact,
        "choose": choice.choose,
    }
    audit.write(session, actor, "conflict.resolve", one.entity, one.entity_id, facts, now)
    _tell(session, one, choice, version, now)
    return _with_current(session, editables, [_one(session, conflict_id, actor)], now)[0]


def _one(session: Session, conflict_id: UUID, actor: Actor) -> Listed:
    found = queries.listed(session, _division(actor), {}, None, 1, conflict_id)
    if not found:
        raise NotFound("There is no such conflict within your reach.", "您的范围内没有该冲突。")
    return found[0]


def _division(actor: Actor) -> str | None:
    return None if reach(actor, RIGHT) is Reach.COUNTY else actor.division_code or NOWHERE


def _carry_out(
    session: Session, editables: Editables, one: Listed, choice: Choice, now: datetime
) -> tuple[Any, int | None]:
    """Return the value chosen, None for what stands, and the version that the record has by it."""
    if choice.choose == "current":
        return None, None
    if one.field is None:
        detail = "A whole item is not carried out from here: act on the record itself, then choose current."
        zh = "整条命令不能在此执行：请直接处理该记录，然后选择保留现状。"
        raise unreadable([fault("/choose", detail, zh)])
    wanted, at = (choice.value, "/value") if choice.choose == "value" else (one.other, "/choose")
    return change_value(session, editables[one.entity], one.entity_id, (one.field, one.fact), wanted, now, at)


def _tell(session: Session, one: Listed, choice: Choice, version: int | None, now: datetime) -> None:
    """Tell the tablet whose item it was; a body that was forgotten by age tells nobody."""
    place = Place(one.device_id, one.seq)
    items = [
        found
        for found in undecided.find(session, place, "merged", "conflict")
        if found.item.mid == one.mid and not found.clash
    ]
    for found in items:
        told = problem(
            "office-resolved",
            f"The office decided: {choice.reason}",
            f"办公室已处理：{choice.reason}",
            conflict_id=str(one.conflict_id),
            field=one.field,
            fact=one.fact,
            choose=choice.choose,
        )
        fates.record(session, found, Outcome(found.status, version=version, problem=told), now)


def _with_current(
    session: Session, editables: Editables, found: Sequence[Listed], now: datetime
) -> list[dict[str, Any]]:
    standing = {
        entity: editables[entity].load(session, ids, now, lock=False)
        for entity, ids in _ids(found, whole=False).items()
        if entity in editables
    }
    travelling = session.info["travelling"]
    wires = {
        entity: {wire.entity_id: wire for wire in travelling[entity].load(session, [str(one) for one in ids])}
        for entity, ids in _ids(found, whole=True).items()
        if entity in travelling
    }
    lines = []
    for one in found:
        line = one.as_json() | {"name": None, "current": None, "version": None, "payload": None}
        stands = standing.get(one.entity, {}).get(one.entity_id) if one.field else None
        wire = None if one.field else wires.get(one.entity, {}).get(str(one.entity_id))
        if stands is not None and one.field is not None:
            line |= {"current": _standing(stands.values, one), "version": stands.version}
            line["name"] = stands.values.get("name")
        elif wire is not None:
            line |= {"current": wire.data, "version": wire.version}
            line["name"] = wire.data.get("name") or wire.data.get("number")
        if one.field is None:
            line["payload"] = _payload(session, one)
        lines.append(line)
    return lines


def _standing(values: Mapping[str, Any], one: Listed) -> Any:
    found = values.get(one.field or "")
    return found if one.fact is None else (found or {}).get(one.fact)


def _ids(found: Sequence[Listed], *, whole: bool) -> dict[str, set[UUID]]:
    ids: dict[str, set[UUID]] = {}
    for one in found:
        if (one.field is None) is whole:
            ids.setdefault(one.entity, set()).add(one.entity_id)
    return ids


def _payload(session: Session, one: Listed) -> Mapping[str, Any] | None:
    for found in undecided.find(session, Place(one.device_id, one.seq), "conflict"):
        if found.item.mid == one.mid and found.item.mutation is not None:
            return found.item.mutation.data
    return None
