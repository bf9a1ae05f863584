"""What a fresh draft says: the fields of each kind, filled from the cases that it is about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.papers import outcome_queries, queries, words
from server.papers.kinds import KINDS

MOST_CASES = 200
MOST_PHOTOS = 12
ANSWER_WITHIN = timedelta(days=10)
COUNTY_BODY = "construction_hq"
CONSEQUENCE = "逾期不整改或整改不到位的，将依照规定上报职能部门依法处理。"


@dataclass(frozen=True, slots=True)
class Draft:
    """A paper to be stored: from whom, to whom, with what words."""

    kind: str
    body: str
    to_unit: str | None
    fields: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Subject:
    """The cases of a paper and what happened to the first of them."""

    session: Session
    cases: Sequence[Any]
    events: Sequence[Any]
    now: datetime

    @property
    def first(self) -> Any:
        """Return the case whose circumstances the paper tells."""
        return self.cases[0]

    @property
    def ids(self) -> list[UUID]:
        """Return the ids of the cases."""
        return [case.case_id for case in self.cases]


def draft(
    session: Session, kind: str, ids: Sequence[UUID], *, body: str | None, to_unit: str | None, now: datetime
) -> Draft:
    """Return a draft about cases that exist.

    Args:
        body: who issues it; None: whom the kind asks for.
        to_unit: to whom; None: the unit that has to mend the first case, or whom the kind asks for.
    """
    cases = queries.cases(session, ids)
    subject = Subject(session, cases, queries.events(session, ids[:1]), now)
    first = subject.first
    issuer = body or _issuer(kind, first)
    addressee = to_unit or _addressee(kind, first)
    fields: dict[str, Any] = {"cases": [_row(place, case) for place, case in enumerate(cases, start=1)]}
    fields |= _FILLED[kind](subject)
    names = queries.unit_names(session, [issuer, *([addressee] if addressee else ())])
    fields["from_name"] = names[issuer]
    fields["to_name"] = _addressee_names(kind, first) or names.get(addressee or "", "")
    fields["copies"] = first.neighbourhood_name or "" if kind == "reminder" else ""
    known = {field.name for field in KINDS[kind].fields} | {"from_name", "to_name", "copies"}
    return Draft(kind, issuer, addressee, {name: fields[name] for name in fields if name in known})


def _issuer(kind: str, first: Any) -> str:
    county = kind in {"listed_supervision", "interview_notice", "interview_record"}
    return COUNTY_BODY if county or first.street is None else first.street


def _addressee(kind: str, first: Any) -> str | None:
    if kind in {"report_letter", "joint_plan", "joint_record"} and first.investigating_units:
        return str(first.investigating_units[0])
    if kind == "closeout_application":
        return None if first.street is None else str(first.street)
    return None if first.unit_code is None else str(first.unit_code)


def _addressee_names(kind: str, first: Any) -> str:
    if kind in {"report_letter", "joint_plan", "joint_record"}:
        return "、".join(first.investigating_names)
    return ""


def _row(place: int, case: Any) -> dict[str, str]:
    return {
        "position": str(place),
        "number": case.number or "",
        "community": case.community,
        "place": case.place or case.community,
        "category": case.category,
        "description": case.description,
        "found_on": words.day(case.reported_at),
        "due": words.moment(case.due_at),
    }


def _due(subject: Subject) -> str:
    moments = [case.due_at for case in subject.cases if case.due_at is not None]
    return f"{words.moment(min(moments))}前" if moments else ""


def _demand(subject: Subject) -> str:
    return "；".join(dict.fromkeys(case.demand for case in subject.cases if case.demand))


def _original(subject: Subject) -> str:
    found = [
        number
        for _, number in queries.earlier(subject.session, subject.first.case_id, "assignment")
        if number
    ]
    return found[-1] if found else ""


def _matter(subject: Subject) -> str:
    first = subject.first
    more = f"等{len(subject.cases)}件" if len(subject.cases) > 1 else ""
    return f"{first.community}{first.category}问题{more}"


def _assignment(subject: Subject) -> dict[str, Any]:
    return {"demand": _demand(subject), "due": _due(subject)}


def _reminder(subject: Subject) -> dict[str, Any]:
    left = words.time_left(subject.first.due_at, subject.now)
    return {"original_number": _original(subject), "time_left": left, "due": _due(subject)}


def _notice(subject: Subject) -> dict[str, Any]:
    first = subject.first
    return {
        "found_at": words.moment(first.reported_at),
        "place": f"{first.community}{first.place}",
        "problem": first.description or first.category,
        "photos": queries.photos(subject.session, subject.ids, ("before",), MOST_PHOTOS),
        "basis": first.basis,
        "demand": _demand(subject) or f"立即整改{first.category}问题。",
        "due": _due(subject),
        "consequence": CONSEQUENCE,
    }


def _supervision(subject: Subject) -> dict[str, Any]:
    before = queries.earlier(subject.session, subject.first.case_id, "supervision")
    return {
        "original_number": _original(subject),
        "original_demand": _demand(subject) or _matter(subject),
        "progress": "；".join(words.step(one) for one in subject.events),
        "times": f"第{len(before) + 1}次",
        "due": _due(subject),
    }


def _report(subject: Subject) -> dict[str, Any]:
    return {
        "matter": _matter(subject),
        "party": subject.first.unit_name or "",
        "urged": words.urged(subject.events),
        "evidence": words.refusals(subject.events),
        "answer_by": words.day(subject.now + ANSWER_WITHIN),
    }


def _joint(subject: Subject) -> dict[str, Any]:
    action = outcome_queries.joint_action(subject.session, subject.first.case_id)
    place = subject.first.street_name or ""
    if action is None:
        return {"participants": list(subject.first.investigating_names), "place": place}
    return {
        "participants": list(action.participants),
        "held_on": words.day(action.held_on),
        "place": place,
        "division_of_work": words.division_of_work(action.lead, action.participants),
    }


def _joint_record(subject: Subject) -> dict[str, Any]:
    action = outcome_queries.joint_action(subject.session, subject.first.case_id)
    if action is None:
        return {"participants": list(subject.first.investigating_names)}
    findings = [f"{unit}：{finding}" for unit, finding, _ in action.results]
    return {
        "participants": list(action.participants),
        "held_on": words.day(action.held_on),
        "findings": "；".join([*findings, *([action.summary] if action.summary else ())]),
        "results": [f"{unit}：{result}" for unit, _, result in action.results],
    }


def _listed(subject: Subject) -> dict[str, Any]:
    demand = _demand(subject) or f"限期解决{_matter(subject)}。"
    persons = [f"{subject.first.unit_name}负责人"] if subject.first.unit_name else []
    return {"matter": _matter(subject), "persons": persons, "demand": demand, "due": _due(subject)}


def _talk(subject: Subject) -> dict[str, Any]:
    return {"matter": _matter(subject), "persons": [f"{subject.first.unit_name or ''}负责人"]}


def _closeout(subject: Subject) -> dict[str, Any]:
    first = subject.first
    shown = {
        name: queries.photos(subject.session, subject.ids, (role,), MOST_PHOTOS // 2)
        for name, role in (("photos_before", "before"), ("photos_after", "after"))
    }
    return {
        "measures": first.done,
        "finished_on": words.day(first.claimed_at),
        "funds": words.payer(first.paid_by),
        **shown,
        **_opinions(subject),
    }


def _opinions(subject: Subject) -> dict[str, str]:
    """Return what the parties to a close-out have said so far, and the close-out once it is signed."""
    first = subject.first
    said = outcome_queries.opinions(subject.session, first.case_id)
    told = {f"opinion_{party}": words.opinion(party, one) for party, one in said.items()}
    if first.closed_at is not None and "subdistrict" in said:
        told |= {"closeout_number": f"{first.number}-X", "published_on": words.day(first.closed_at)}
    return told


_FILLED: dict[str, Callable[[Subject], dict[str, Any]]] = {
    "assignment": _assignment,
    "reminder": _reminder,
    "rectification_notice": _notice,
    "supervision": _supervision,
    "report_letter": _report,
    "joint_plan": _joint,
    "joint_record": _joint_record,
    "listed_supervision": _listed,
    "interview_notice": _talk,
    "interview_record": _talk,
    "closeout_application": _closeout,
}
