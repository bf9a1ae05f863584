"""A complaint as JSON: everything but who complained. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from checklists.deadlines import SHANGHAI
from server.complaints.lifecycle import CASE_ENDED, Standing
from server.photos.claims import Evidence

_PLAIN = (
    "complaint_id",
    "number",
    "state",
    "version",
    "community_id",
    "community_name",
    "neighbourhood_code",
    "grid_cell_code",
    "channel",
    "category",
    "category_zh",
    "category_en",
    "description",
    "has_contact",
    "overdue",
    "finding",
    "outcome",
    "reopened_count",
    "answered_late",
    "group_id",
    "group_size",
)
_MOMENTS = (
    "received_at",
    "due_at",
    "acknowledge_due_at",
    "verify_due_at",
    "answer_due_at",
    "acknowledged_at",
    "verified_at",
    "answered_at",
    "closed_at",
    "case_ended_at",
    "erased_at",
)
_ANSWERS: Mapping[str, str] = {
    "closed": "您反映的{place}“{problem}”问题经核实属实，已整改并经现场核查合格，于{day}销号{number}。",
    "declined": "您反映的{place}“{problem}”问题经现场核实未发现，或不属于受理范围，未予立案。",
    "voided": "您反映的{place}“{problem}”问题经复核不成立，案卷已作废{number}。",
    "transferred": "您反映的{place}“{problem}”问题经核实属其他单位职责，已依规移交办理{number}。",
}


def standing_of(row: Mapping[str, Any]) -> Standing:
    """Return what the rules look at."""
    return Standing(row["state"], row["version"], row["finding"], row["case_state"], row["closed_at"])


def as_json(row: Mapping[str, Any], evidence: Evidence) -> dict[str, Any]:
    """Return a complaint as lists show it."""
    told = {name: row[name] for name in _PLAIN} | {name: moment(row[name]) for name in _MOMENTS}
    placed, known = row["lon"] is not None, row["case_id"] is not None
    return {
        **told,
        "location": {"lon": row["lon"], "lat": row["lat"], "accuracy_m": row["accuracy_m"], "datum": "wgs84"}
        if placed
        else None,
        "taken_by": {"user_id": row["user_id"], "name": row["taken_by"]} if row["user_id"] else None,
        "verifier": {"user_id": row["verifier_id"], "name": row["verifier"]} if row["verifier_id"] else None,
        "case": {"case_id": row["case_id"], "number": row["case_number"], "state": row["case_state"]}
        if known
        else None,
        "evidence": evidence.as_json(),
    }


def entry_as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return one line of the history; `actor` is empty for the product and for who complained."""
    acted = row["user_id"] is not None
    names = ("user_id", "name", "unit", "unit_name", "stands_for")
    return {
        **{name: row[name] for name in ("seq", "command", "from_state", "to_state", "given_by", "words")},
        "at": moment(row["recorded_at"]),
        "actor": {name: row[name] for name in names} if acted else None,
        "facts": row["facts"],
    }


def draft_answer(row: Mapping[str, Any]) -> str | None:
    """Return an answer to begin with once the complaint's case has ended; None before."""
    wording = _ANSWERS.get(row["case_state"] or "")
    if row["state"] != "transferred" or row["case_state"] not in CASE_ENDED or wording is None:
        return None
    ended = (row["case_closed_at"] or row["received_at"]).astimezone(SHANGHAI)
    return wording.format(
        place=row["community_name"],
        problem=row["category_zh"] or "所述",
        day=f"{ended.year}年{ended.month}月{ended.day}日",
        number=f"（案卷号：{row['case_number']}）" if row["case_number"] else "",
    )


def moment(at: datetime | None) -> str | None:
    """Return a moment as text, UTC."""
    return None if at is None else at.astimezone(UTC).isoformat()


def id_of(row: Mapping[str, Any]) -> UUID:
    """Return the id of a row."""
    return UUID(row["complaint_id"])
