"""One case with all that stands around it, read in one round trip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.ledger.facts import CaseFacts, PastEntry, Place, Request
from server.ledger.history import Head
from server.ledger.links import Due
from server.ledger.ties import Ties
from sync.fixed import Fixed

_HELD = (
    *("case_id", "state", "version", "level", "severity", "unit_code", "checker_id", "filed_at"),
    *("limit_amount", "limit_unit", "rework_count", "refused_count", "photo_required", "grid_cell_code"),
    *("category", "lead_unit", "source", "reported_by", "verifier_id", "due_at", "closed_at", "paused_at"),
    *("returned_count", "buck_passing_count", "extension_count", "yellow_at", "rebound_count"),
)
_BESIDE = ("head_seq", "head_hash", "accuracy_m", "ended_at")
_COLUMNS = ", ".join(f"(f.held).{name}" for name in (*_HELD, *_BESIDE))
_FILE = Fixed(
    f"SELECT {_COLUMNS}, f.lon, f.lat, f.past, f.pending, f.neighbourhood_code, f.tasked, f.bundled,"
    " f.walked, f.asked, f.related FROM server.case_file(CAST(:case_id AS uuid), CAST(:reader AS uuid),"
    " CAST(:day AS date), :locking, :whole) AS f"
)


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case as guards and its page see it.

    Attributes:
        dues: the deadlines that its entries set, in order.
        requests: everything that was asked for, newest first; empty unless the whole file was read.
        related: the cases it was merged into or repeats, and those that were or do; empty likewise.
    """

    facts: CaseFacts
    head: Head
    ties: Ties
    dues: tuple[Due, ...]
    ended_at: datetime | None
    requests: Sequence[Mapping[str, Any]]
    related: Sequence[Mapping[str, Any]]


def case_file(
    session: Session,
    case_id: UUID,
    reader: UUID | None = None,
    day: date | None = None,
    *,
    locking: bool = False,
    whole: bool = False,
) -> CaseFile | None:
    """Return a case with what stands around it; None when there is none.

    Args:
        reader, day: whose cells count for `ties`, as they stand on a local day.
        locking: keep the case locked until the transaction ends; what is told is as the last holder left it.
    """
    asked = {
        "case_id": str(case_id),
        "reader": str(reader) if reader else None,
        "day": day,
        "locking": locking,
        "whole": whole,
    }
    session.flush()
    rows = _FILE.rows(session, asked)
    return _read(rows[0]) if rows else None


def _read(row: Sequence[Any]) -> CaseFile:
    held = dict(zip(_HELD, row, strict=False))
    head_seq, head_hash, accuracy_m, ended_at = row[len(_HELD) : len(_HELD) + len(_BESIDE)]
    lon, lat, past, pending, neighbourhood, tasked, bundled, walked, asked, related = row[-10:]
    facts = CaseFacts(
        **held,
        place=None if lon is None or lat is None else Place(lon, lat, accuracy_m),
        past=tuple(_entry(one) for one in past or ()),
        pending=tuple(_request(one) for one in pending or ()),
    )
    digest = None if head_hash is None else bytes(head_hash)
    people = (facts.reported_by, facts.checker_id)
    units = (facts.unit_code, facts.lead_unit, *tasked, *bundled)
    return CaseFile(
        facts,
        Head(facts.case_id, head_seq, digest, facts.version, facts.state, facts.level),
        Ties(neighbourhood, frozenset(filter(None, units)), frozenset(filter(None, people)), walked),
        tuple(Due(one[0], _at(one[7])) for one in past or () if one[7]),
        ended_at,
        [_asked(one) for one in asked or ()],
        [_related(one) for one in related or ()],
    )


def _entry(told: Sequence[Any]) -> PastEntry:
    seq, version, command, to_state, actor_id, actor_unit, recorded_at, _, absent_id = told
    actor, absent = (UUID(one) if one else None for one in (actor_id, absent_id))
    return PastEntry(seq, version, command, to_state, actor, actor_unit, _at(recorded_at), absent)


def _request(told: Mapping[str, Any]) -> Request:
    return Request(
        UUID(told["request_id"]),
        told["kind"],
        UUID(told["asked_by"]),
        told["asked_unit"],
        _maybe_at(told["until"]),
        date.fromisoformat(told["resume_on"]) if told["resume_on"] else None,
        tuple(told["words_given"]),
    )


def _asked(told: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        **told,
        "request_id": UUID(told["request_id"]),
        "asked_at": _at(told["asked_at"]),
        "until": _maybe_at(told["until"]),
        "resume_on": date.fromisoformat(told["resume_on"]) if told["resume_on"] else None,
        "decided_at": _maybe_at(told["decided_at"]),
    }


def _related(told: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        **told,
        "case_id": UUID(told["case_id"]),
        "reported_at": _at(told["reported_at"]),
        "closed_at": _maybe_at(told["closed_at"]),
    }


def _at(told: str) -> datetime:
    return datetime.fromisoformat(told)


def _maybe_at(told: str | None) -> datetime | None:
    return None if told is None else datetime.fromisoformat(told)
