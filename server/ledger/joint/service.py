"""The use cases of joint enforcement: propose, decide, record results, conclude, show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import uuid6
from sqlalchemy.orm import Session

from server.auth import audit
from server.auth.actor import Actor
from server.auth.rules import Reach, reach
from server.ledger import history, wires
from server.ledger import queries as cases
from server.ledger.command_data import invalid
from server.ledger.errors import NotNow, StaleVersion, UnknownCommand
from server.ledger.history import SYSTEM, Author
from server.ledger.joint import queries, rules
from server.ledger.joint.proposing import note
from server.ledger.joint.rules import Action
from server.ledger.plan import Plan
from server.ledger.service import visible_case_ids
from server.ledger.states import OPEN_STATES
from server.problems import NotFound, NotYours

JOINT_LEVEL = 4


def propose(
    session: Session,
    *,
    case_ids: Sequence[UUID],
    participants: Sequence[str],
    reason: str,
    actor: Actor,
    now: datetime,
) -> dict[str, Any]:
    """Propose a joint action on cases of one subdistrict; return it.

    Raises:
        NotYours: the role may not propose, or the cases lie beyond its place.
        NotFound: a case is not there, or not the actor's to see.
        InvalidInput: the cases lie in several subdistricts, or a unit is unknown.
        NotNow: a case has ended or is part of another joint action.
    """
    right = reach(actor, "joint.propose")
    wanted = sorted(set(case_ids))
    if visible_case_ids(session, actor, wanted, now) != set(wanted):
        raise NotFound("One of the cases is not there, or not yours to see.", "有案卷不存在或您无权查看。")
    cases.lock(session, wanted)
    grounds = queries.grounds(session, wanted)
    streets = {row["subdistrict_unit"] for row in grounds}
    if len(streets) != 1:
        raise _wrong("case_ids", "the cases must lie in one subdistrict", "案卷须属于同一街道")
    [street] = streets
    if right is not Reach.COUNTY and actor.unit_code != street:
        raise NotYours("The cases lie in another subdistrict.", "案卷属于其他街道。")
    if any(row["bundled"] or not row["open"] for row in grounds):
        raise NotNow(
            "A case has ended or is part of another joint action.", "有案卷已办结，或已列入其他联合执法。"
        )
    units = {street, *participants, *(unit for row in grounds for unit in row["departments"])}
    _known_units(session, units)
    action_id = UUID(int=uuid6.uuid7().int)
    queries.create(session, action_id, street, reason, now, actor.user_id)
    queries.add_participants(session, action_id, units)
    queries.add_cases(session, action_id, wanted, now, by_product=False)
    _tell_cases(session, action_id, "proposed", actor, now)
    audit.write(session, actor, "joint.propose", "joint_action", action_id, {"cases": len(wanted)}, now)
    return show(session, action_id, actor=actor)


def obey(
    session: Session,
    action_id: UUID,
    *,
    command: str,
    base_version: int,
    data: Mapping[str, Any],
    actor: Actor,
    now: datetime,
) -> dict[str, Any]:
    """Carry out one command on a joint action, write it into every bundled case; return the action.

    Raises:
        UnknownCommand, NotFound, NotYours, NotNow, StaleVersion, InvalidInput: it may not be.
    """
    if command not in rules.NEXT:
        raise UnknownCommand(command)
    queries.lock(session, action_id)
    action = queries.action(session, action_id)
    if action is None or not rules.covers(actor, "joint.list", action):
        raise _not_there()
    if base_version != action.version:
        raise StaleVersion(base_version, action.version, show(session, action_id, actor=actor))
    rules.permitted(action, command, actor)
    _DO[command](session, action, data, actor, now)
    audit.write(session, actor, command, "joint_action", action_id, {"base_version": base_version}, now)
    return show(session, action_id, actor=actor)


def show(session: Session, action_id: UUID, *, actor: Actor) -> dict[str, Any]:
    """Return a joint action with its cases, participants, results and the commands the actor may give.

    Raises:
        NotFound: there is none, or it is beyond the actor's reach.
    """
    action, row = queries.action(session, action_id), queries.view(session, action_id)
    if action is None or row is None or not rules.covers(actor, "joint.list", action):
        raise _not_there()
    return {**_as_json(row), "commands": [name for name in rules.NEXT if _may(action, name, actor)]}


def listed(
    session: Session, states: Sequence[str], after: tuple[str, str] | None, limit: int, *, actor: Actor
) -> list[dict[str, Any]]:
    """Return the joint actions within the actor's reach, newest proposal first."""
    right = reach(actor, "joint.list")
    values = {
        "states": list(states),
        "everywhere": right is Reach.COUNTY,
        "division": (actor.division_code or "-") if right is Reach.SUBDISTRICT else "-",
        "unit": actor.unit_code,
        "after_at": after[0] if after else None,
        "after_id": after[1] if after else None,
        "limit": limit,
    }
    return [_as_json(row) for row in queries.page(session, values)]


def _accept(session: Session, action: Action, data: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    if data["held_on"] is None:
        raise _wrong("data/held_on", "name the day", "请填写执法日期")
    more = set(data["participants"])
    _known_units(session, more)
    if len(action.participants | more) < rules.FEWEST:
        raise _wrong("data/participants", "two units at least take part", "至少两个单位参与")
    queries.add_participants(session, action.joint_action_id, more)
    queries.decide(
        session, action.joint_action_id, "accepted", actor.user_id, now, data["reason"], data["held_on"]
    )
    _tell_cases(session, action.joint_action_id, "accepted", actor, now, level=JOINT_LEVEL)


def _decline(session: Session, action: Action, data: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    if not data["reason"]:
        raise _wrong("data/reason", "say why", "请说明理由")
    queries.decide(session, action.joint_action_id, "declined", actor.user_id, now, data["reason"], None)
    _tell_cases(session, action.joint_action_id, "declined", actor, now)


def _record(session: Session, action: Action, data: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    for name in ("finding", "result"):
        if not data[name]:
            raise _wrong(f"data/{name}", "must not be empty", "不能为空")
    queries.add_result(
        session, action.joint_action_id, actor.unit_code, data["finding"], data["result"], actor.user_id, now
    )
    _tell_cases(session, action.joint_action_id, "result_recorded", actor, now)


def _conclude(session: Session, action: Action, data: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    if data["succeeded"] is None or not data["summary"]:
        missing = "summary" if data["succeeded"] is not None else "succeeded"
        raise _wrong(f"data/{missing}", "say how it ended", "请说明结果")
    state = "succeeded" if data["succeeded"] else "failed"
    queries.conclude(session, action.joint_action_id, state, actor.user_id, now, data["summary"])
    _tell_cases(session, action.joint_action_id, state, actor, now)


_DO = {
    "joint.accept": _accept,
    "joint.decline": _decline,
    "joint.record_result": _record,
    "joint.conclude": _conclude,
}


def _tell_cases(
    session: Session, action_id: UUID, event: str, actor: Actor, now: datetime, level: int = 0
) -> None:
    """Write into every bundled case what happened, and raise those that are still open to the level."""
    heads = queries.heads(session, action_id)
    plan = Plan(heads=dict(heads))
    for case_id, head in heads.items():
        note(plan, head, action_id, event, Author(actor.user_id, actor.unit_code), now)
        if head.level < level and head.state in OPEN_STATES:
            facts = {"level": level, "why": "joint_action_accepted"}
            standing = plan.heads[case_id]
            plan.add(
                history.write(
                    standing,
                    "case.raise_level",
                    standing.state,
                    author=SYSTEM,
                    at=now,
                    salt=b"",
                    facts=facts,
                    level=level,
                )
            )
    if plan.entries:
        cases.store_plan(session, plan)
        wires.tell(session, sorted(heads))


def _may(action: Action, command: str, actor: Actor) -> bool:
    try:
        rules.permitted(action, command, actor)
    except (NotYours, NotNow):
        return False
    return True


def _known_units(session: Session, units: set[str]) -> None:
    unknown = queries.unknown_units(session, units)
    if unknown:
        raise _wrong("participants", f"there is no unit {unknown[0]}", f"没有单位 {unknown[0]}")


def _as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: _plain(value) for name, value in row.items()}
    return {**told, **{name: told[name] or [] for name in ("cases", "participants", "results")}}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _wrong(pointer: str, detail: str, detail_zh: str) -> Exception:
    return invalid([{"pointer": f"/{pointer}", "detail": detail, "detail_zh": detail_zh}])


def _not_there() -> NotFound:
    return NotFound("There is no such joint action, or it is not yours.", "联合执法不存在或您无权查看。")
