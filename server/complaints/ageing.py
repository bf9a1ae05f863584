"""What time does to complaints: cases end, limits pass, answers stand, identities are erased."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from server.complaints import queries, service, view
from server.complaints.intake import answer_limit
from server.complaints.lifecycle import CASE_ENDED, Step
from server.complaints.obeying import SYSTEM, write
from server.complaints.telling import tell_desk, tell_division
from server.ledger.rulebook import parameters_of
from server.notifications.queries import take_untold
from server.work import Work

HEARD = "case_of_complaint"
HEAR_EVERY_S, AGE_EVERY_S = 10, 600
AT_ONCE = 100
# A scheduler that stood still is caught up with; beyond this nobody needs to be told anew.
LOOKS_BACK = timedelta(days=7)
_Do = Callable[[Session], int]


def hear_of_cases(work: Work) -> int:
    """Tell complaints what became of their cases; return how many entries of cases there were."""
    total = 0
    while True:
        with work.database.transaction() as session:
            done = hear_some(session, work.now)
        total += done
        if done < AT_ONCE:
            return total


def hear_some(session: Session, now: datetime) -> int:
    """Take up to `AT_ONCE` entries of cases and write them into the complaints that wait; return how many."""
    heard = take_untold(session, HEARD, AT_ONCE)
    for complaint_id, state, merged_into in queries.of_cases(session, {case_id for case_id, _ in heard}):
        queries.lock(session, complaint_id)
        if state == "merged" and merged_into is not None:
            _own_step(session, complaint_id, "complaint.follow_case", {"case_id": str(merged_into)}, now)
        elif state in CASE_ENDED:
            facts = {"case_state": state, "answer_due_at": answer_limit(session, now)}
            _own_step(session, complaint_id, "complaint.case_ended", facts, now)
    return len(heard)


def grow_old(work: Work) -> None:
    """Close what nobody objected to, erase identities whose time has come, tell of limits that passed."""
    with work.database.transaction() as session:
        numbers = parameters_of(session, work.now)
    objection = work.now - timedelta(days=numbers.complaint_objection_days)
    kept = work.now - timedelta(days=numbers.complaint_identity_days)
    while _some(work, lambda session: close_some(session, objection, work.now)):
        continue
    while _some(work, lambda session: erase_some(session, kept, work.now)):
        continue
    with work.database.transaction() as session:
        tell_overdue(session, work.now)


def close_some(session: Session, answered_before: datetime, now: datetime) -> int:
    """Close complaints whose answer nobody objected to; return how many."""
    found = queries.without_objection(session, answered_before, AT_ONCE)
    for complaint_id in found:
        queries.lock(session, complaint_id)
        _own_step(session, complaint_id, "complaint.close", {"outcome": "no_objection"}, now)
    return len(found)


def erase_some(session: Session, closed_before: datetime, now: datetime) -> int:
    """Erase who sent complaints that were closed long ago; return how many."""
    found = queries.to_erase(session, closed_before, AT_ONCE)
    for complaint_id in found:
        queries.lock(session, complaint_id)
        queries.erase(session, complaint_id)
        _own_step(session, complaint_id, "complaint.erase_identity", {}, now)
    return len(found)


def tell_overdue(session: Session, now: datetime) -> None:
    """Tell the desks, once, of complaints whose limit has passed."""
    for row in queries.fallen_due(session, now - LOOKS_BACK, now):
        name = f"{row['number']} {row['community_name']}"
        tell_division(
            session, view.id_of(row), name, row["version"], "complaint_overdue", row["division"], now
        )


def _some(work: Work, do: _Do) -> bool:
    with work.database.transaction() as session:
        return do(session) == AT_ONCE


def _own_step(
    session: Session, complaint_id: UUID, command: str, facts: dict[str, str], now: datetime
) -> None:
    """Write what the product itself has to say, unless the complaint has moved on meanwhile."""
    row = queries.one(session, complaint_id, now)
    if row is None or row["state"] not in _FROM[command]:
        return
    stands = view.standing_of(row)
    to_state = "closed" if command == "complaint.close" else stands.state
    write(
        session, complaint_id, stands, Step(command, stands.state, to_state, facts), None, by=SYSTEM, now=now
    )
    if command == "complaint.case_ended":
        community = service.community_of(session, UUID(row["community_id"]), now)
        seq = stands.version + 1
        tell_desk(session, complaint_id, row["number"], seq, "complaint_case_ended", community, now)


_FROM = {
    "complaint.follow_case": ("transferred",),
    "complaint.case_ended": ("transferred",),
    "complaint.close": ("answered", "not_accepted"),
    "complaint.erase_identity": ("closed",),
}
