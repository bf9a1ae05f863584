"""Requests that wait on cases, as rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from server.ledger.facts import Request, Settled

_PENDING = text(
    "SELECT request_id, kind, asked_by, asked_unit, until, resume_on, words_given FROM server.case_request"
    " WHERE case_id = :case_id AND state = 'pending' ORDER BY asked_at, request_id"
)
_ALL = text(
    "SELECT r.request_id, r.kind, r.state, r.asked_by, u.display_name AS asked_by_name, r.asked_unit,"
    " r.asked_at, r.until, r.resume_on, r.words_given, r.decided_at, p.words ->> 'reason' AS reason"
    ' FROM server.case_request r JOIN server."user" u ON u.user_id = r.asked_by'
    " LEFT JOIN server.case_entry_private p ON p.case_id = r.case_id AND p.seq = r.asked_seq"
    " WHERE r.case_id = :case_id ORDER BY r.asked_at DESC, r.request_id DESC"
)
_ASK = text(
    "INSERT INTO server.case_request (request_id, case_id, kind, asked_seq, asked_by, asked_unit, asked_at,"
    " until, resume_on) VALUES (:request_id, :case_id, :kind, :seq, :asked_by, :asked_unit, :at,"
    " CAST(:until AS timestamptz), CAST(:resume_on AS date))"
)
_SETTLE = text(
    "UPDATE server.case_request SET state = :state, words_given = :words_given,"
    " decided_at = CASE WHEN CAST(:state AS text) <> 'pending' THEN CAST(:at AS timestamptz) END"
    " WHERE request_id = :request_id"
)


def pending(session: Session, case_id: UUID) -> tuple[Request, ...]:
    """Return what waits on a case, oldest first."""
    rows = session.execute(_PENDING, {"case_id": case_id})
    return tuple(
        Request(
            row.request_id,
            row.kind,
            row.asked_by,
            row.asked_unit,
            row.until,
            row.resume_on,
            tuple(row.words_given),
        )
        for row in rows
    )


def requests_of(session: Session, case_id: UUID) -> list[Mapping[str, Any]]:
    """Return everything that was asked for on a case, newest first, with who asked and why."""
    return [dict(row) for row in session.execute(_ALL, {"case_id": case_id}).mappings()]


def ask(session: Session, case_id: UUID, seq: int, asked: Request, now: datetime) -> None:
    """Keep a request; `seq` is the entry that asks."""
    session.execute(
        _ASK,
        {
            "request_id": asked.request_id,
            "case_id": case_id,
            "kind": asked.kind,
            "seq": seq,
            "asked_by": asked.asked_by,
            "asked_unit": asked.asked_unit,
            "at": now,
            "until": asked.until,
            "resume_on": asked.resume_on,
        },
    )


def settle(session: Session, settled: Settled, now: datetime) -> None:
    """Keep a word on a request."""
    session.execute(
        _SETTLE,
        {
            "request_id": settled.request_id,
            "state": settled.state,
            "words_given": list(settled.words_given),
            "at": now,
        },
    )
