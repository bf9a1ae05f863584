"""What becomes of a complaint, step by step, and what each step has to say. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from server.communities import values
from server.communities.reading import Fault, an_id, fault, read_members, unreadable
from server.complaints.errors import ComplaintNotNow, ComplaintStateForbids

STATES = (
    "received",
    "acknowledged",
    "verifying",
    "verified",
    "not_accepted",
    "transferred",
    "answered",
    "closed",
    "reopened",
)
# What each command leads from and to; the database holds the same table.
NEXT: Mapping[str, Mapping[str, str]] = {
    "complaint.acknowledge": {"received": "acknowledged"},
    "complaint.refuse": dict.fromkeys(("received", "acknowledged", "verifying", "reopened"), "not_accepted"),
    "complaint.ask_verification": dict.fromkeys(
        ("received", "acknowledged", "verifying", "verified", "reopened"), "verifying"
    ),
    "complaint.verify": dict.fromkeys(
        ("received", "acknowledged", "verifying", "reopened", "verified"), "verified"
    ),
    "complaint.transfer": {"verified": "transferred"},
    "complaint.answer": dict.fromkeys(("acknowledged", "reopened", "verified", "transferred"), "answered"),
    "complaint.close": dict.fromkeys(("answered", "not_accepted"), "closed"),
    "complaint.reopen": dict.fromkeys(("answered", "not_accepted", "closed"), "reopened"),
    "complaint.note": {state: state for state in STATES},
}
# What the product itself writes.
OWN: Mapping[str, Mapping[str, str]] = {
    "complaint.receive": {"": "received"},
    "complaint.follow_case": {"transferred": "transferred"},
    "complaint.case_ended": {"transferred": "transferred"},
    "complaint.erase_identity": {"closed": "closed"},
}
FINDINGS = ("true", "false", "not_found")
OUTCOMES = ("satisfied", "unsatisfied", "unreachable", "no_objection")
CASE_ENDED = frozenset(("closed", "declined", "voided", "transferred"))


@dataclass(frozen=True, slots=True)
class Standing:
    """A complaint as its rules see it; `case_state` is that of the case it became."""

    state: str
    version: int
    finding: str | None = None
    case_state: str | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """The moments that rules give from now on, and how long a closed complaint may be reopened."""

    verify_due_at: datetime
    answer_due_at: datetime
    reopen_within: timedelta


@dataclass(frozen=True, slots=True)
class Step:
    """An entry of the history that is still to be written."""

    command: str
    from_state: str
    to_state: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)


_READERS: Mapping[str, Mapping[str, values.Reader]] = {
    "complaint.acknowledge": {"text": values.words(0)},
    "complaint.refuse": {"reason": values.words(1)},
    "complaint.ask_verification": {"worker": an_id},
    "complaint.verify": {"finding": values.one_of(*FINDINGS), "text": values.words(0)},
    "complaint.transfer": {
        "case_id": values.maybe(an_id),
        "category": values.maybe(values.words(1, 64)),
        "severity": values.maybe(values.one_of("A", "B", "C")),
        "description": values.words(0),
    },
    "complaint.answer": {"answer": values.words(1)},
    "complaint.close": {
        "outcome": values.one_of(*OUTCOMES),
        "contacted_on": values.maybe(values.day),
        "text": values.words(0),
    },
    "complaint.reopen": {"reason": values.words(1)},
    "complaint.note": {"text": values.words(1)},
}
_WORDS = frozenset(("text", "reason", "answer"))
# Members that are read elsewhere: photos, and where somebody stood.
_BESIDE: Mapping[str, frozenset[str]] = {
    "complaint.transfer": frozenset(("photos",)),
    "complaint.verify": frozenset(("photos", "location")),
}


def known(command: str) -> frozenset[str]:
    """Return the members of `data` that a command reads."""
    return frozenset(_READERS[command]) | _BESIDE.get(command, frozenset())


def read(command: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a command's data; a member left out is null, or empty for words.

    Raises:
        InvalidInput: what cannot be read, what is missing, and members that the command does not know.
    """
    faults: list[Fault] = []
    readers = _READERS[command]
    given = read_members({name: _or_empty(data, name) for name in readers}, readers, faults)
    known = {*readers, *_BESIDE.get(command, ())}
    faults += [
        fault(f"/data/{name}", f"is no member of {command}", f"不是 {command} 的数据项")
        for name in sorted(set(data) - known)
    ]
    if command == "complaint.close" and given["outcome"] == "unsatisfied" and not given["text"]:
        faults.append(fault("/data/text", "say why it is closed all the same", "请说明仍予办结的理由"))
    if command == "complaint.transfer" and given["case_id"] is None:
        faults += [
            fault(f"/data/{name}", "is needed to open a case", "立案须填写")
            for name in ("category", "description")
            if not given[name]
        ]
    if faults:
        raise unreadable(faults)
    return given


def decide(stands: Standing, command: str, given: Mapping[str, Any], limits: Limits, now: datetime) -> Step:
    """Return what a command becomes.

    Raises:
        ComplaintStateForbids: the state does not know it.
        ComplaintNotNow: what is not true becomes no case, what became one waits for it, and after a while
            a closed complaint stays closed.
    """
    to_state = NEXT[command].get(stands.state)
    if to_state is None:
        raise ComplaintStateForbids(command, stands.state)
    _check_past(stands, command, limits, now)
    words = {name: given[name] for name in _WORDS & set(given) if given[name]}
    facts = {
        name: str(value)
        for name, value in given.items()
        if name not in _WORDS and name != "description" and value is not None
    }
    if command == "complaint.reopen":
        facts |= {"verify_due_at": iso(limits.verify_due_at), "answer_due_at": iso(limits.answer_due_at)}
    return Step(command, stands.state, to_state, facts, words)


def possible(stands: Standing, limits: Limits, now: datetime) -> list[str]:
    """Return the commands that state and past allow, whoever gives them."""
    found = []
    for command, ways in NEXT.items():
        try:
            _check_past(stands, command, limits, now)
        except ComplaintNotNow:
            continue
        if stands.state in ways:
            found.append(command)
    return found


def _check_past(stands: Standing, command: str, limits: Limits, now: datetime) -> None:
    if command == "complaint.transfer" and stands.finding != "true":
        raise ComplaintNotNow("Only what was found true becomes a case.", "核实属实的投诉才能转为案卷。")
    waits = stands.state == "transferred" and stands.case_state not in CASE_ENDED
    if command == "complaint.answer" and waits:
        raise ComplaintNotNow(
            "Its case has not ended; answer when it has.", "所转案卷尚未办结，办结后再行答复。"
        )
    late = stands.closed_at is not None and now > stands.closed_at + limits.reopen_within
    if command == "complaint.reopen" and late:
        raise ComplaintNotNow(
            "It was closed too long ago; take the complaint in anew.", "办结时间过久，请重新登记投诉。"
        )


def iso(at: datetime) -> str:
    """Return a moment as text, UTC."""
    return at.astimezone(UTC).isoformat()


def _or_empty(data: Mapping[str, Any], name: str) -> Any:
    value = data.get(name)
    return "" if value is None and name in (*_WORDS, "description") else value
