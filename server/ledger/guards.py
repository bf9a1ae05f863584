"""The guards of each command: who may order it, and what must be shown. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from server.auth.actor import Actor
from server.ledger import requests, turns
from server.ledger.errors import EvidenceMissing, SamePerson
from server.ledger.facts import (
    CaseFacts,
    Command,
    Decision,
    Filing,
    Known,
    PastEntry,
    Place,
    deadline_facts,
    moment,
    place_facts,
)
from server.ledger.horizon import check_ahead
from server.ledger.masking import masked
from server.ledger.nearness import error_of, metres_between
from server.ledger.refusing import no_such_unit, wrong
from server.problems import NotYours

GRAVEST_SIGNED_BY = "headquarters"
OF_THE_UNIT = frozenset(
    (
        "case.accept",
        "case.claim_fixed",
        "case.return",
        "case.request_extension",
        "case.suspend",
        "case.withdraw_claim",
        "case.report_dissuaded",
    )
)


def person_guard(case: CaseFacts, command: str, actor: Actor) -> None:
    """Refuse whom the case itself rules out.

    Raises:
        NotYours: the unit is not responsible, the check was given to another, severity A is for headquarters.
        SamePerson: the fixer or their unit would check, or the checker would sign.
    """
    if command in OF_THE_UNIT and actor.unit_code != case.unit_code:
        raise NotYours("Only the responsible unit may do this.", "只有责任单位可以执行此操作。")
    if command == "case.verify" and case.verifier_id not in actor.people:
        raise NotYours("Another worker was asked to verify this.", "核实任务指派给了其他网格员。")
    if command == "case.decide" and not any(requests.may_speak(case, one, actor) for one in case.pending):
        raise NotYours("Nothing here waits for your word.", "此案卷没有待您审批的申请。")
    if command == "case.check":
        if case.checker_id not in actor.people:
            raise NotYours("The check was given to another person.", "核查任务指派给了其他人。")
        _not_the_fixer(case, actor.people, actor.unit_code)
    if command == "case.close":
        _may_sign(case, actor)


def _not_the_fixer(case: CaseFacts, people: frozenset[UUID], unit_code: str) -> None:
    claims = [entry for entry in case.past if entry.command == "case.claim_fixed"]
    if any(entry.people & people or entry.actor_unit == unit_code for entry in claims):
        raise SamePerson(
            "Whoever mended, and their unit, may not check. Choose a checker of another unit.",
            "整改人及其所在单位不得核查，请选择其他单位的核查人。",
        )


def _may_sign(case: CaseFacts, actor: Actor) -> None:
    if case.severity == "A" and actor.role != GRAVEST_SIGNED_BY:
        raise NotYours("Severity A is signed by headquarters.", "A 级案卷由指挥部签字销号。")
    check = case.last("case.check")
    if check is not None and check.people & actor.people:
        raise SamePerson(
            "Whoever checked may not sign the close-out, nor a stand-in of theirs.",
            "核查人及其代班人不得签字销号。",
        )
    if any(one.people & actor.people for one in case.past if one.command == "case.claim_fixed"):
        raise SamePerson(
            "Whoever mended may not sign the close-out, nor a stand-in of theirs.",
            "整改人及其代班人不得签字销号。",
        )


def _file(
    case: CaseFacts, command: Command, data: Mapping[str, Any], actor: Actor, now: datetime, known: Known
) -> Decision:
    assert known.filing is not None
    filing = known.filing
    columns = filing_columns(filing, now)
    words = dict[str, str]()
    if data.get("offender"):
        words = {"offender": masked(data["offender"])}
        columns |= words
    return Decision("case.file", "filed", filing_facts(filing), words, columns, follows=copies(filing))


def copies(filing: Filing) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    """Return the entry by which a filed case is copied to its departments, if it is."""
    if not filing.copied:
        return ()
    facts = {"units": list(filing.copied), "why": "severity_a", **tasks_due(filing.departments_due_at)}
    return (("case.copy", facts),)


def tasks_due(at: datetime | None) -> dict[str, str]:
    """Return what an entry that opens departments' tasks says of their deadline."""
    return {} if at is None else {"departments_due_at": moment(at)}


def filing_facts(filing: Filing) -> dict[str, Any]:
    """Return what the entry of a filing says."""
    return {
        "category": filing.category,
        "severity": filing.severity,
        "measure": filing.measure,
        "lead_unit": filing.lead_unit,
        "unit": filing.unit_code,
        "limit_amount": filing.limit_amount,
        "limit_unit": filing.limit_unit,
        **deadline_facts(filing.deadline),
        "urging_unit": filing.urging_unit,
        "investigating_units": list(filing.investigating),
        "own_duty": list(filing.own_duty),
        **tasks_due(filing.departments_due_at),
    }


def filing_columns(filing: Filing, now: datetime) -> dict[str, Any]:
    """Return the columns that a filing sets."""
    return {
        "category": filing.category,
        "severity": filing.severity,
        "measure": filing.measure,
        "photo_required": filing.photo_required,
        "limit_amount": filing.limit_amount,
        "limit_unit": filing.limit_unit,
        "lead_unit": filing.lead_unit,
        "unit_code": filing.unit_code,
        "urging_unit": filing.urging_unit,
        "investigating_units": list(filing.investigating),
        "filed_at": now,
        "first_due_at": filing.deadline.due_at,
        "due_at": filing.deadline.due_at,
        "yellow_at": filing.deadline.yellow_at,
    }


def _dispatch(
    case: CaseFacts, command: Command, data: Mapping[str, Any], actor: Actor, now: datetime, known: Known
) -> Decision:
    if not known.unit_exists:
        raise no_such_unit()
    columns: dict[str, Any] = {
        "unit_code": data["unit"],
        "demand": data["demand"],
        "dispatched_at": now,
    }
    facts: dict[str, Any] = {"unit": data["unit"]}
    due_at: datetime | None = data.get("due_at")
    if due_at is not None:
        check_ahead("/data/due_at", due_at, now)
        deadline = known.until(now, due_at)
        columns |= {"due_at": deadline.due_at, "yellow_at": deadline.yellow_at}
        facts |= deadline_facts(deadline)
    return Decision("case.dispatch", "dispatched", facts, {"demand": data["demand"]}, columns)


def _accept(
    case: CaseFacts, command: Command, data: Mapping[str, Any], actor: Actor, now: datetime, known: Known
) -> Decision:
    person_guard(case, "case.accept", actor)
    return Decision("case.accept", "in_progress", columns={"accepted_at": now})


def _claim_fixed(
    case: CaseFacts, command: Command, data: Mapping[str, Any], actor: Actor, now: datetime, known: Known
) -> Decision:
    person_guard(case, "case.claim_fixed", actor)
    photos = tuple((digest, "after") for digest in data["photos"])
    facts = {"photos": list(data["photos"]), **place_facts(data.get("location"))}
    words = {"done": data["done"], "paid_by": data["paid_by"]}
    return Decision("case.claim_fixed", "closeout_requested", facts, words, {"claimed_at": now}, photos)


def _assign_check(
    case: CaseFacts, command: Command, data: Mapping[str, Any], actor: Actor, now: datetime, known: Known
) -> Decision:
    checker = known.checker
    if checker is None or not checker.may_check:
        raise wrong(
            "/data/checker",
            "This person cannot check. Choose a worker, the desk or the street; never the fixer's unit.",
            "此人不能担任核查人，请从网格员、派遣员、值班长、社区或街道人员中选择，整改单位除外。",
        )
    _not_the_fixer(case, frozenset((checker.user_id,)), checker.unit_code)
    return Decision(
        "case.assign_check",
        "checking",
        {"checker": str(checker.user_id)},
        {},
        {"checker_id": checker.user_id},
    )


def _check(
    case: CaseFacts, command: Command, data: Mapping[str, Any], actor: Actor, now: datetime, known: Known
) -> Decision:
    person_guard(case, "case.check", actor)
    claim = case.last("case.claim_fixed")
    assert claim is not None
    if command.base_version is not None and command.base_version < claim.version:
        raise wrong(
            "/base_version",
            "The check was made before the claim. Check again.",
            "核查早于销号申请，请重新核查。",
        )
    photos = tuple((digest, "check") for digest in data["photos"])
    facts = {"passed": data["passed"], "photos": list(data["photos"]), **place_facts(data.get("location"))}
    words = {"reason": data["reason"]} if data["reason"] else {}
    if data["passed"]:
        _near_and_fresh(case, claim, data, known)
        return Decision("case.check", "check_passed", facts, words, {"checked_at": now}, photos)
    columns: dict[str, Any] = {"checked_at": now, "rework_count": case.rework_count + 1}
    if case.limit_amount is not None and case.limit_unit is not None:
        deadline = known.deadline(now, case.limit_amount, case.limit_unit)
        columns |= {"due_at": deadline.due_at, "yellow_at": deadline.yellow_at}
        facts |= deadline_facts(deadline)
    return Decision("case.check", "in_progress", facts, words, columns, photos)


def _near_and_fresh(case: CaseFacts, claim: PastEntry, data: Mapping[str, Any], known: Known) -> None:
    place: Place | None = data.get("location")
    if case.place is not None and place is not None:
        allowed = known.parameters.check_within_m + error_of(place) + error_of(case.place)
        apart = metres_between(case.place, place)
        if apart > allowed:
            raise wrong(
                "/data/location",
                f"Checked {apart:.0f} m from the case, {allowed:.0f} m are allowed. Check on the spot.",
                f"核查位置距案卷 {apart:.0f} 米，最多允许 {allowed:.0f} 米，请到现场核查。",
            )
    old = [
        index
        for index, digest in enumerate(data["photos"])
        if digest in known.first_seen and known.first_seen[digest] <= claim.recorded_at
    ]
    if old:
        raise EvidenceMissing(
            "A photo of the check was known before the claim. Take a new one on the spot.",
            "核查照片在申请销号之前已存在，请现场重新拍摄。",
            errors=[
                {
                    "pointer": f"/data/photos/{index}",
                    "detail": "known before the claim",
                    "detail_zh": "早于销号申请",
                }
                for index in old
            ],
        )


def _close(
    case: CaseFacts, command: Command, data: Mapping[str, Any], actor: Actor, now: datetime, known: Known
) -> Decision:
    person_guard(case, "case.close", actor)
    if known.evidence_gaps:
        raise EvidenceMissing(
            "The evidence is not complete: " + "; ".join(gap for gap, _ in known.evidence_gaps) + ".",
            "证据不全：" + "；".join(gap for _, gap in known.evidence_gaps) + "。",
        )
    return Decision("case.close", "closed", {}, {}, {})


def _record_refusal(
    case: CaseFacts, command: Command, data: Mapping[str, Any], actor: Actor, now: datetime, known: Known
) -> Decision:
    photos = tuple((digest, "document") for digest in data["photos"])
    return Decision(
        "case.record_refusal",
        case.state,
        {"photos": list(data["photos"])},
        {"note": data["note"]} if data["note"] else {},
        {"refused_count": case.refused_count + 1},
        photos,
    )


def _note(
    case: CaseFacts, command: Command, data: Mapping[str, Any], actor: Actor, now: datetime, known: Known
) -> Decision:
    photos = tuple((digest, "other") for digest in data["photos"])
    facts = {"photos": list(data["photos"])} if data["photos"] else {}
    return Decision("case.note", case.state, facts, {"text": data["text"]}, {}, photos)


def _in_person(guard: Guard) -> Guard:
    """Return the guard with the persons' rule before it."""

    def guarded(
        case: CaseFacts, command: Command, data: Mapping[str, Any], actor: Actor, now: datetime, known: Known
    ) -> Decision:
        person_guard(case, command.type, actor)
        return guard(case, command, data, actor, now, known)

    return guarded


Guard = Callable[[CaseFacts, Command, Mapping[str, Any], Actor, datetime, Known], Decision]
GUARDS: Mapping[str, Guard] = {
    "case.file": _file,
    "case.dispatch": _dispatch,
    "case.accept": _accept,
    "case.claim_fixed": _claim_fixed,
    "case.assign_check": _assign_check,
    "case.check": _check,
    "case.close": _close,
    "case.record_refusal": _record_refusal,
    "case.note": _note,
    "case.ask_verification": turns.ask_verification,
    "case.verify": _in_person(turns.verify),
    "case.decline": turns.decline,
    "case.merge": turns.merge,
    "case.return": _in_person(requests.ask),
    "case.request_extension": _in_person(requests.ask),
    "case.suspend": _in_person(requests.ask),
    "case.void": requests.ask,
    "case.decide": requests.decide_request,
    "case.resume": turns.resume,
    "case.withdraw_claim": _in_person(turns.withdraw_claim),
    "case.reopen": turns.reopen,
    "case.transfer": turns.transfer,
    "case.report_dissuaded": _in_person(turns.report_dissuaded),
    "case.record_disposition": turns.record_disposition,
}
