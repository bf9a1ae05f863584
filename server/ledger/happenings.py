"""What happens to cases, told by the entries of their histories: the same for counting and for listing.

Histories are only added to, so that what happened in a past period is the same whenever it is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, exists, select

from server.ledger.tables import Case, CaseEntry
from server.ledger.terms import midnight


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happens to a case: an entry with this command, and where told, into this state."""

    title_zh: str
    title_en: str
    command: str
    to_state: str | None = None


HAPPENINGS: Mapping[str, Happening] = {
    "reported": Happening("新增上报", "Reported", "case.report"),
    "filed": Happening("立案", "Filed", "case.file"),
    "declined": Happening("不予立案", "Declined", "case.decline"),
    "dispatched": Happening("派遣", "Dispatched", "case.dispatch"),
    "claimed": Happening("申请销号", "Claimed fixed", "case.claim_fixed"),
    "check_passed": Happening("核查通过", "Checks passed", "case.check", "check_passed"),
    "check_failed": Happening("返工", "Sent back to work", "case.check", "in_progress"),
    "closed": Happening("销号", "Closed", "case.close"),
    "returned": Happening("退回", "Returned", "case.decide", "filed"),
    "refused": Happening("拒不整改", "Refused", "case.record_refusal"),
    "reopened": Happening("反弹", "Rebounded", "case.reopen"),
    "escalated": Happening("升级督办", "Escalated", "case.raise_level"),
}


def entry_of(happening: str, first: date | None, last: date | None) -> ColumnElement[bool]:
    """Return the condition that an entry is such a happening between two local days, both counting."""
    known = HAPPENINGS[happening]
    found = [CaseEntry.command == known.command]
    if known.to_state is not None:
        found.append(CaseEntry.to_state == known.to_state)
    if first is not None:
        found.append(CaseEntry.recorded_at >= midnight(first))
    if last is not None:
        found.append(CaseEntry.recorded_at < midnight(last + timedelta(days=1)))
    return and_(*found)


def happened(happening: str, first: date | None, last: date | None) -> ColumnElement[bool]:
    """Return the condition that this happened to a case, once or more often, between two local days."""
    entries = select(CaseEntry.seq).where(CaseEntry.case_id == Case.case_id, entry_of(happening, first, last))
    return exists(entries.correlate(Case))
