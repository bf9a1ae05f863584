"""The guards of what turns a case off its straight way: before filing, while treated, after its end. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from server.auth.actor import Actor
from server.ledger.errors import EvidenceMissing, NotNow
from server.ledger.facts import CaseFacts, Command, Deadline, Decision, Known, deadline_facts, place_facts
from server.ledger.horizon import check_day_not_ahead
from server.ledger.masking import masked
from server.ledger.nearness import error_of, metres_between
from server.ledger.refusing import no_such_unit, wrong

OUTSIDE_SOURCES = frozenset(("resident", "hotline", "spot_check", "self"))


def ask_verification(
    case: CaseFacts, command: Command, data: Mapping[str, Any], actor: Actor, now: datetime, known: Known
) -> Decision:
    """Send a worker to look whether a report is true; what a worker reported was seen already."""
    if case.source not in OUTSIDE_SOURCES:
        raise wrong("/type", "A worker saw this; it needs no verification.", "网格员现场上报，无需核实。")
    if known.verifier is None or not known.verifier.may_check:
        raise wrong(
            "/data/worker",
            "This person cannot verify. Choose an active grid worker.",
            "此人不能担任核实人，请选择在岗的网格员。",
        )
    worker = known.verifier.user_id
    return Decision(
        "case.ask_verification", "verifying", {"worker": str(worker)}, {}, {"verifier_id": worker}
    )


def verify(
    case: CaseFacts, command: Command, data: Mapping[str, Any], actor: Actor, now: datetime, known: Known
) -> Decision:
    """Record what the worker found on site."""
    facts = {
        "finding": data["finding"],
        "photos": list(data["photos"]),
        **place_facts(data.get("location")),
    }
    role = "before" if data["finding"] == "true" else "other"
    photos = tuple((digest, role) for digest in data["photos"])
    return Decision("case.verify", "reported", facts, {}, {"finding": data["finding"]}, photos)


def decline(
    case: CaseFacts, command: Command, data: Mapping[str, Any], actor: Actor, now: datetime, known: Known
) -> Decision:
    """Refuse to file a report, with the reason."""
    return Decision("case.decline", "declined", {}, {"reason": data["reason"]})


def merge(
    case: CaseFacts, command: Command, data: Mapping[str, Any], actor: Actor, now: datetime, known: Known
) -> Decision:
    """Make a report further evidence of another open case of the same problem."""
    target = known.target
    if target is None or not target.open or target.case_id == case.case_id:
        raise wrong(
            "/data/into",
            "There is no such open case. Choose one of those proposed.",
            "没有这样的未结案卷，请从系统提示的案卷中选择。",
        )
    if target.category != case.category:
        raise wrong(
            "/data/into",
            "It is of another category. Choose an open case of the same one.",
            "问题类别不同，不能并案，请选择同类别的未结案卷。",
        )
    if target.another:
        raise wrong(
            "/data/into",
            "It is of another community or another asset; this category is merged within one only.",
            "所属小区或设施不同，该类别只能在同一小区或同一设施内并案。",
        )
    if case.place and target.place and target.radius_m is not None:
        allowed = target.radius_m + error_of(case.place) + error_of(target.place)
        apart = metres_between(case.place, target.place)
        if apart > allowed:
            raise wrong(
                "/data/into",
                f"It lies {apart:.0f} m away, {allowed:.0f} m are allowed.",
                f"两案相距 {apart:.0f} 米，超过允许的 {allowed:.0f} 米。",
            )
    return Decision("case.merge", "merged", {"into": str(target.case_id)})


def resume(
    case: CaseFacts, command: Command, data: Mapping[str, Any], actor: Actor, now: datetime, known: Known
) -> Decision:
    """Let the clock of a suspended case run again: what was left when it stopped is left now."""
    return Decision("case.resume", "in_progress", *resumed(case, now, known))


def resumed(
    case: CaseFacts, now: datetime, known: Known
) -> tuple[dict[str, Any], dict[str, str], dict[str, Any]]:
    """Return facts, words and columns of a resumption."""
    assert case.paused_at is not None
    assert known.after_pause is not None
    if case.due_at is None or case.limit_unit is None:
        return {}, {}, {}
    due = known.after_pause(case.due_at, case.paused_at, now, case.limit_unit)
    # The light waits as the deadline does; "hours" because only a deadline ends with the working day.
    hours = "wh" if case.limit_unit == "wd" else case.limit_unit
    yellow = known.after_pause(case.yellow_at or case.due_at, case.paused_at, now, hours)
    moved = Deadline(due, min(yellow, due))
    return deadline_facts(moved), {}, {"due_at": moved.due_at, "yellow_at": moved.yellow_at}


def withdraw_claim(
    case: CaseFacts, command: Command, data: Mapping[str, Any], actor: Actor, now: datetime, known: Known
) -> Decision:
    """Take back the word that it is mended."""
    return Decision(
        "case.withdraw_claim", "in_progress", {}, {"reason": data["reason"]}, {"claimed_at": None}
    )


def reopen(
    case: CaseFacts, command: Command, data: Mapping[str, Any], actor: Actor, now: datetime, known: Known
) -> Decision:
    """Reopen a closed case whose problem is back; the limit runs anew."""
    assert case.closed_at is not None
    within = known.parameters.rebound_within_days
    if now - case.closed_at > timedelta(days=within):
        raise NotNow(
            f"It was closed more than {within} days ago: report a new case that repeats it.",
            f"销号已超过 {within} 天，请另行上报新案卷并注明与本案重复。",
        )
    if not known.unit_exists:
        raise NotNow(
            f"The unit {case.unit_code} was closed meanwhile: report a new case that repeats this one.",
            f"责任单位 {case.unit_code} 已停用，请另行上报新案卷并注明与本案重复。",
        )
    if case.unit_code is None or case.limit_amount is None or case.limit_unit is None:
        raise NotNow(
            "It was taken in from an old ledger without a unit or limit: report a new case.",
            "该案卷由旧台账导入，没有责任单位或时限，请另行上报。",
        )
    _fresh(case, data, known)
    deadline = known.deadline(now, case.limit_amount, case.limit_unit)
    facts = {
        "photos": list(data["photos"]),
        **deadline_facts(deadline),
        **place_facts(data.get("location")),
    }
    columns = {
        "rebound_count": case.rebound_count + 1,
        "due_at": deadline.due_at,
        "yellow_at": deadline.yellow_at,
        "claimed_at": None,
        "checker_id": None,
        "checked_at": None,
    }
    photos = tuple((digest, "before") for digest in data["photos"])
    words = {"reason": data["reason"]} if data["reason"] else {}
    return Decision("case.reopen", "in_progress", facts, words, columns, photos)


def _fresh(case: CaseFacts, data: Mapping[str, Any], known: Known) -> None:
    closed_at = case.closed_at
    assert closed_at is not None
    seen = known.first_seen
    if not any(digest not in seen or seen[digest] > closed_at for digest in data["photos"]):
        raise EvidenceMissing(
            "A reopened case needs a photo taken after it was closed.", "反弹须有销号之后拍摄的新照片。"
        )


def transfer(
    case: CaseFacts, command: Command, data: Mapping[str, Any], actor: Actor, now: datetime, known: Known
) -> Decision:
    """Hand the case over to another body, with its receipt."""
    if not known.unit_exists:
        raise no_such_unit()
    photos = tuple((digest, "document") for digest in data["photos"])
    facts = {"unit": data["unit"], "photos": list(data["photos"])}
    return Decision("case.transfer", "transferred", facts, {}, {"transferred_to": data["unit"]}, photos)


def report_dissuaded(
    case: CaseFacts, command: Command, data: Mapping[str, Any], actor: Actor, now: datetime, known: Known
) -> Decision:
    """Record that the company told the owner to stop and reported it: it has done its part."""
    photos = tuple((digest, "document") for digest in data["photos"])
    words = {"note": data["note"]} if data["note"] else {}
    return Decision("case.report_dissuaded", case.state, {"photos": list(data["photos"])}, words, {}, photos)


def record_disposition(
    case: CaseFacts, command: Command, data: Mapping[str, Any], actor: Actor, now: datetime, known: Known
) -> Decision:
    """Register what a department did by law, or why it did nothing."""
    if not data["none_because"] and not (data["document_no"] and data["kind"] and data["basis"]):
        raise wrong(
            "/data",
            "Name document number, kind and legal basis, or say why there is no disposition.",
            "请填写文号、处理种类和法律依据，或说明未处理的原因。",
        )
    if data["decided_on"] is not None:
        check_day_not_ahead("/data/decided_on", data["decided_on"], now)
    named = {name: data[name] for name in ("document_no", "basis", "kind") if data[name]}
    facts: dict[str, Any] = {**named, "carried_out": data["carried_out"]}
    if data["amount_yuan"] is not None:
        facts["amount_yuan"] = str(data["amount_yuan"])
    if data["decided_on"] is not None:
        facts["decided_on"] = data["decided_on"].isoformat()
    words = {name: data[name] for name in ("party", "none_because") if data[name]}
    columns = {"offender": masked(data["party"])} if data["party"] else {}
    return Decision("case.record_disposition", case.state, facts, words, columns)
