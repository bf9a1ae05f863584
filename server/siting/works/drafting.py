"""The papers that steps of measure 14 draft: minutes, fire opinion, power reply, urging letter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.auth.actor import Actor
from server.papers import service as papers
from server.papers import words
from server.siting.works import queries

ANSWER_WITHIN = timedelta(days=10)
_STATES_ZH = {
    "planned": "已列入方案，待召开联席会议",
    "discussed": "联席会议已议定，待业主表决",
    "consulted": "业主表决已登记，待消防审查",
    "fire_reviewed": "消防审查通过，待供电答复",
    "power_replied": "供电已答复，待落实投资",
    "invested": "投资已落实，待开工",
    "building": "在建",
}


def draft(
    session: Session,
    command: str,
    rows: Sequence[Mapping[str, Any]],
    seqs: Mapping[UUID, int],
    data: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Draft the paper that a step asks for, one for all works that it was taken for.

    A step that names the number of a document was written elsewhere and drafts nothing.
    """
    if command not in _FIELDS or data.get("document_no"):
        return
    kind, fields = _FIELDS[command](rows, data, now)
    body = _body(command, rows, actor)
    if body is None:
        return
    to_unit = rows[0]["responsible"] if command == "work.urge" else rows[0]["street"]
    addressee = None if to_unit == body else to_unit
    paper_id = papers.draft_apart(session, kind, body=body, to_unit=addressee, fields=fields, now=now)
    for row in rows:
        queries.insert_paper(session, row["work_id"], seqs[row["work_id"]], paper_id)


def _body(command: str, rows: Sequence[Mapping[str, Any]], actor: Actor) -> str | None:
    """Return in whose name a paper is drafted."""
    if command == "work.meet":
        street: str | None = rows[0]["street"]
        return street
    if command == "work.urge":
        return actor.unit_code
    return {"work.fire_review": "emergency_bureau", "work.power_reply": "power_company"}[command]


def _sites(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return [
        f"{row['community_name']} {row['name']}".strip()
        + (f" {row['charging_ports']} 个端口" if row["charging_ports"] else "")
        for row in rows
    ]


def _day(told: str | None) -> str:
    return words.day(date.fromisoformat(told)) if told else ""


def _minutes(
    rows: Sequence[Mapping[str, Any]], data: Mapping[str, Any], now: datetime
) -> tuple[str, dict[str, Any]]:
    told = {name: data[name] for name in ("place", "chair", "participants", "decisions")}
    to_name = "、".join(data["participants"])[:200]
    return "meeting_minutes", {
        **told,
        "held_on": _day(data["held_on"]),
        "sites": _sites(rows),
        "to_name": to_name,
    }


def _fire(
    rows: Sequence[Mapping[str, Any]], data: Mapping[str, Any], now: datetime
) -> tuple[str, dict[str, Any]]:
    return "fire_opinion", {
        "reviewed_on": _day(data["reviewed_on"]),
        "sites": _sites(rows),
        "outcome": "符合要求" if data["agreed"] else "不符合要求",
        "opinion": data["opinion"],
    }


def _power(
    rows: Sequence[Mapping[str, Any]], data: Mapping[str, Any], now: datetime
) -> tuple[str, dict[str, Any]]:
    spare = data["spare_kva"]
    return "power_reply", {
        "replied_on": _day(data["replied_on"]),
        "sites": _sites(rows),
        "outcome": "可以接入" if data["agreed"] else "暂不能接入",
        "capacity": "" if spare is None else f"{spare:g} kVA",
        "connect_by": _day(data["connect_by"]),
    }


def _letter(
    rows: Sequence[Mapping[str, Any]], data: Mapping[str, Any], now: datetime
) -> tuple[str, dict[str, Any]]:
    more = f"等 {len(rows)} 处" if len(rows) > 1 else ""
    return "urging_letter", {
        "matter": f"{_sites(rows)[0]}{more}充电桩建设",
        "party": rows[0]["responsible_name"] or "",
        "progress": "；".join(dict.fromkeys(_STATES_ZH[row["state"]] for row in rows)),
        "demand": data["reason"],
        "answer_by": words.day(now + ANSWER_WITHIN),
    }


_FIELDS = {
    "work.meet": _minutes,
    "work.fire_review": _fire,
    "work.power_reply": _power,
    "work.urge": _letter,
}
