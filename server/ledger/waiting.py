"""What waits for a person on the ledger: one table of links, each with the command that ends the wait."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session

from geo.tables import Community
from server.auth.actor import Actor
from server.auth.rules import Reach, rights
from server.ledger import lists, requests, visibility
from server.ledger.tables import Case, CaseRequest, DepartmentTask
from server.ledger.terms import local_day

Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Wait:
    """One kind of waiting.

    Attributes:
        commands: any of these rights lets a person end the wait; the first one is what a desk does.
        rows: the condition of the cases that wait, for the person who asks.
    """

    commands: tuple[str, ...]
    rows: Callable[[Actor], Condition]


def _in_state(state: str) -> Callable[[Actor], Condition]:
    return lambda actor: Case.state == state


def _with_unit(state: str) -> Callable[[Actor], Condition]:
    return lambda actor: and_(Case.state == state, Case.unit_code == actor.unit_code)


def _asked(actor: Actor) -> Condition:
    """Return the condition that a request waits for this person's word: `requests.may_speak` as SQL."""
    asked, kind, given = CaseRequest, CaseRequest.kind, CaseRequest.words_given
    higher = or_(kind == "suspension", and_(kind == "extension", Case.extension_count > 0))
    first = or_(kind == "return", and_(kind == "extension", Case.extension_count == 0))
    party: dict[str, Condition] = {
        requests.DISPATCHER: first,
        requests.SHIFT_LEADER: or_(higher, and_(kind == "voiding", asked.asked_by.not_in(actor.people))),
    }
    words = [
        and_(condition, ~given.contains([name]))
        for name, condition in party.items()
        if name in requests.PARTIES_OF_ROLES.get(actor.role, ())
    ]
    own = and_(higher, Case.lead_unit == actor.unit_code, ~given.contains([requests.LEAD_UNIT]))
    return exists(
        select(asked.request_id).where(
            asked.case_id == Case.case_id, asked.state == "pending", or_(*words, own)
        )
    )


def _task(actor: Actor) -> Condition:
    mine = select(DepartmentTask.case_id).where(
        DepartmentTask.case_id == Case.case_id,
        DepartmentTask.unit_code == actor.unit_code,
        DepartmentTask.state == "open",
    )
    return exists(mine)


WAITS: Mapping[str, Wait] = {
    "report": Wait(("case.file", "case.ask_verification"), _in_state("reported")),
    "verification": Wait(
        ("case.verify",),
        lambda actor: and_(Case.state == "verifying", Case.verifier_id == actor.placed_as),
    ),
    "dispatch": Wait(("case.dispatch",), _in_state("filed")),
    "request": Wait(("case.decide",), _asked),
    "checker": Wait(("case.assign_check",), _in_state("closeout_requested")),
    "check": Wait(
        ("case.check",), lambda actor: and_(Case.state == "checking", Case.checker_id == actor.placed_as)
    ),
    "signature": Wait(
        ("case.close",),
        lambda actor: and_(Case.state == "check_passed", Case.checker_id.not_in(actor.people)),
    ),
    "receipt": Wait(("case.accept",), _with_unit("dispatched")),
    "repair": Wait(("case.claim_fixed",), _with_unit("in_progress")),
    "disposition": Wait(("case.record_disposition",), _task),
}


def cases_waiting(kind: str, actor: Actor, now: datetime) -> Condition:
    """Return the condition of the cases that wait in this way for this person; never true without the right.

    The statement must join `Community`.
    """
    wait, held = WAITS[kind], rights(actor)
    reaches = [held[name] for name in wait.commands if name in held]
    if not reaches:
        return false()
    within = [visibility.within(actor, Reach(one), local_day(now)) for one in reaches]
    return and_(wait.rows(actor), or_(*within))


def counted(session: Session, *, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """Return how many cases wait for this person, per kind they may end, in the order of a case's life.

    Each with `command` (what ends it), how many are `red` or `yellow`, and the report of the oldest.
    """
    held = rights(actor)
    mine = {kind: wait for kind, wait in WAITS.items() if any(name in held for name in wait.commands)}
    return [_count(session, kind, wait, held, actor, now) for kind, wait in mine.items()]


def _count(
    session: Session, kind: str, wait: Wait, held: Mapping[str, str], actor: Actor, now: datetime
) -> dict[str, Any]:
    signal = lists.signal_at(now)
    found = (
        select(
            func.count().label("count"),
            func.count().filter(signal == "red").label("red"),
            func.count().filter(signal == "yellow").label("yellow"),
            func.min(Case.reported_at).label("oldest_at"),
        )
        .select_from(Case)
        .join(Community, Community.community_id == Case.community_id)
        .where(cases_waiting(kind, actor, now))
    )
    row = session.execute(found).one()
    command = next(name for name in wait.commands if name in held)
    return {"kind": kind, "command": command, **row._mapping}
