"""Requests that wait on cases, as rows."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from server.ledger.facts import Request, Settled

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
