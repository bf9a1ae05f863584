"""What is asked for and granted: returns, extensions, suspensions, voidings. Pure.

Whose word each needs [plan of the ledger, "Who grants"]: a return and a first extension the dispatcher's, a
second extension and a suspension the shift leader's with the lead unit's, a voiding a second shift leader's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from server.auth.actor import Actor
from server.ledger.errors import NothingAsked, NotNow, SamePerson
from server.ledger.facts import CaseFacts, Command, Decision, Known, Request, Settled, deadline_facts, moment
from server.ledger.horizon import check_ahead, check_day_ahead
from server.ledger.refusing import wrong
from server.ledger.states import OPEN_STATES
from server.ledger.stretches import counts_from
from server.problems import NotYours

DISPATCHER, SHIFT_LEADER, LEAD_UNIT = "dispatcher", "shift_leader", "lead_unit"
KIND_OF: Mapping[str, str] = {
    "case.return": "return",
    "case.request_extension": "extension",
    "case.suspend": "suspension",
    "case.void": "voiding",
}


# In which states a request still waits; once the case has moved on it lapses, and nobody's word is wanted.
WAITS_IN: Mapping[str, frozenset[str]] = {
    "return": frozenset(("dispatched", "in_progress")),
    "extension": frozenset(("in_progress", "suspended", "closeout_requested", "checking")),
    "suspension": frozenset(("in_progress",)),
    "voiding": frozenset(OPEN_STATES),
}


PARTIES_OF_ROLES: Mapping[str, frozenset[str]] = {
    "dispatcher": frozenset((DISPATCHER,)),
    "shift_leader": frozenset((DISPATCHER, SHIFT_LEADER)),
    "headquarters": frozenset((DISPATCHER, SHIFT_LEADER)),
}


def needed(case: CaseFacts, kind: str) -> frozenset[str]:
    """Return the parties whose word a request needs."""
    if kind == "voiding":
        return frozenset((SHIFT_LEADER,))
    if kind == "suspension" or (kind == "extension" and case.extension_count > 0):
        return frozenset((SHIFT_LEADER, LEAD_UNIT))
    return frozenset((DISPATCHER,))


def parties_of(case: CaseFacts, actor: Actor) -> frozenset[str]:
    """Return the parties for which a person may speak; a shift leader stands above the dispatcher."""
    own = {LEAD_UNIT} if actor.unit_code == case.lead_unit else set()
    return PARTIES_OF_ROLES.get(actor.role, frozenset()) | own


def may_speak(case: CaseFacts, request: Request, actor: Actor) -> bool:
    """Return whether this person's word on the request is still wanted."""
    if request.kind == "voiding" and _asked(case, request, actor):
        return False
    return bool((needed(case, request.kind) - set(request.words_given)) & parties_of(case, actor))


def _asked(case: CaseFacts, request: Request, actor: Actor) -> bool:
    """Return whether the person asked for it, or a stand-in of theirs did, or they stand in for who did."""
    last = case.last("case.void")
    behind = {request.asked_by} | (last.people if last is not None else set())
    return bool(behind & actor.people)


def lapsing(case: CaseFacts, decision: Decision) -> tuple[Request, ...]:
    """Return what waits still and can no longer be granted in the state that a decision leads to."""
    settled = decision.settles.request_id if decision.settles else None
    return tuple(
        request
        for request in case.pending
        if request.request_id != settled and decision.to_state not in WAITS_IN[request.kind]
    )


def ask(
    case: CaseFacts, command: Command, data: Mapping[str, Any], actor: Actor, now: datetime, known: Known
) -> Decision:
    """Decide on asking: the request waits, the case stays as it is."""
    kind = KIND_OF[command.type]
    if any(request.kind == kind for request in case.pending):
        raise NotNow("The same was asked for already; wait for the decision.", "已提出相同申请，请等待审批。")
    if kind == "extension":
        _in_time(case, data["until"], now, known.parameters.extensions_at_most)
    if kind == "suspension":
        check_day_ahead("/data/resume_on", data["resume_on"], now)
    assert known.request_id is not None
    asks = Request(
        known.request_id, kind, actor.user_id, actor.unit_code, data.get("until"), data.get("resume_on")
    )
    facts: dict[str, Any] = {"request_id": str(asks.request_id), "kind": kind}
    if asks.until is not None:
        facts["until"] = moment(asks.until)
    if asks.resume_on is not None:
        facts["resume_on"] = asks.resume_on.isoformat()
    return Decision(command.type, case.state, facts, {"reason": data["reason"]}, asks=asks)


def _in_time(case: CaseFacts, until: datetime, now: datetime, at_most: int) -> None:
    if case.extension_count >= at_most:
        raise NotNow(
            f"The deadline was moved {at_most} times already. Finish, or ask for a suspension.",
            f"已延期 {at_most} 次，不能再次延期；请完成整改，或申请挂账。",
        )
    if case.due_at is None or now > case.due_at:
        raise NotNow("The deadline has passed; it must be asked before.", "时限已过，延期须在到期前申请。")
    if until <= case.due_at:
        raise wrong("/data/until", "The new deadline must lie after the present one.", "新时限须晚于原时限。")
    check_ahead("/data/until", until, now)


def decide_request(
    case: CaseFacts, command: Command, data: Mapping[str, Any], actor: Actor, now: datetime, known: Known
) -> Decision:
    """Decide on a word about a request: refused at once, granted when every party has spoken."""
    request = _pending(case, data["request_id"])
    given = _word(case, request, actor)
    settled = Settled(request.request_id, "refused", request.words_given)
    to_state, columns = case.state, dict[str, Any]()
    facts: dict[str, Any] = {"request_id": str(request.request_id), "kind": request.kind}
    if not data["granted"]:
        if request.kind == "return":
            columns = {"buck_passing_count": case.buck_passing_count + 1}
    elif needed(case, request.kind) - given:
        settled = replace(settled, state="pending", words_given=tuple(sorted(given)))
    else:
        settled = replace(settled, state="granted", words_given=tuple(sorted(given)))
        to_state, columns, more = _effect(case, request, now, known)
        facts |= more
    facts |= {"granted": data["granted"], "outcome": settled.state}
    words = {"reason": data["reason"]} if data["reason"] else {}
    return Decision("case.decide", to_state, facts, words, columns, settles=settled)


def _pending(case: CaseFacts, request_id: UUID) -> Request:
    for request in case.pending:
        if request.request_id == request_id:
            return request
    raise NothingAsked(request_id)


def _word(case: CaseFacts, request: Request, actor: Actor) -> frozenset[str]:
    if request.kind == "voiding" and _asked(case, request, actor):
        raise SamePerson(
            "Whoever asked to void a case may not grant it.",
            "申请作废的人不得自行批准，请由另一位值班长审批。",
        )
    speaks_for = parties_of(case, actor) & needed(case, request.kind)
    if not speaks_for - set(request.words_given):
        raise NotYours(
            "Your word is not asked for here, or was given already.", "此申请无需您审批，或您已审批。"
        )
    return frozenset(request.words_given) | speaks_for


def _effect(
    case: CaseFacts, request: Request, now: datetime, known: Known
) -> tuple[str, dict[str, Any], dict[str, Any]]:
    if request.kind == "return":
        return "filed", {"returned_count": case.returned_count + 1}, {}
    if request.kind == "voiding":
        return "voided", {}, {}
    if request.kind == "suspension":
        assert request.resume_on is not None
        return "suspended", {}, {"resume_on": request.resume_on.isoformat()}
    assert request.until is not None
    deadline = known.until(counts_from(case.past, case.filed_at or now), request.until)
    columns: dict[str, Any] = {
        "extension_count": case.extension_count + 1,
        "due_at": deadline.due_at,
        "yellow_at": deadline.yellow_at,
    }
    return case.state, columns, deadline_facts(deadline)
