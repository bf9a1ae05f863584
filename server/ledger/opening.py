"""How violations become cases: which join an open one, which open their own. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from geo.hexagons import hexagons
from server.ledger import history
from server.ledger.facts import Deadline, deadline_facts, place_facts
from server.ledger.findings import FoundViolation, OpenCase, Terms, home_of
from server.ledger.guards import copies, filing_columns, filing_facts
from server.ledger.history import SYSTEM, Head
from server.ledger.plan import Opened, Plan
from server.ledger.repeats import ClosedCase, reopens, repeated
from server.photos.claims import ClaimedPhoto

# What nobody of the office has seen is verified or filed by a person, whatever its category says.
WAITING_FOR_A_PERSON = frozenset(("resident", "hotline"))


@dataclass(frozen=True, slots=True)
class Closed:
    """The closed cases that violations may repeat, locked, with what reopening one asks for.

    Attributes:
        fresh: for each case the digests of photos that nobody had mentioned when it was closed.
        deadline: the limit of a case, run anew from now.
        within: how long after its close-out a case is reopened rather than repeated by a new one.
    """

    cases: Sequence[ClosedCase]
    fresh: Mapping[UUID, frozenset[bytes]]
    deadline: Callable[[ClosedCase], Deadline]
    within: timedelta

    def reopened_by(self, found: FoundViolation, past: ClosedCase, now: datetime) -> bool:
        """Return whether a violation reopens the closed case that it repeats."""
        return reopens(found, past, self.fresh[past.case_id], now, self.within)


def plan(
    violations: Sequence[FoundViolation],
    terms: Sequence[Terms],
    open_cases: Sequence[OpenCase],
    heads: Mapping[UUID, Head],
    now: datetime,
    salt: Callable[[], bytes],
    closed: Closed | None = None,
) -> Plan:
    """Return what the violations become, in their order; one may join a case that an earlier one opens.

    Args:
        heads: the heads of the open and of the closed cases, whose rows the caller has locked.
    """
    made = Plan(heads=dict(heads))
    standing = list(open_cases)
    for found, rules in zip(violations, terms, strict=True):
        by_itself = rules.auto_file and found.source not in WAITING_FOR_A_PERSON
        term = replace(rules, auto_file=by_itself)
        home = home_of(found, term, standing)
        past = None if home is not None or closed is None else repeated(found, term, closed.cases)
        if home is not None:
            _join(made, home, found, now, salt)
        elif past is not None and closed is not None and closed.reopened_by(found, past, now):
            _reopen(made, past, found, closed.deadline(past), now, salt)
            standing.append(OpenCase(past.case_id, past.community_id, past.category, past.asset))
        else:
            _open(made, found, term, now, salt, past.case_id if past else None)
            standing.append(OpenCase(found.case_id, found.community_id, found.category, found.asset))
    return made


def _reopen(
    made: Plan,
    past: ClosedCase,
    found: FoundViolation,
    deadline: Deadline,
    now: datetime,
    salt: Callable[[], bytes],
) -> None:
    facts = {**_found_facts(found), **deadline_facts(deadline), "why": "found_again"}
    made.add(
        history.write(
            made.heads[past.case_id],
            "case.reopen",
            "in_progress",
            author=found.reporter,
            at=now,
            salt=salt(),
            facts=facts,
            words=_words(found),
        )
    )
    made.reopened[past.case_id] = deadline
    made.opened.append(Opened(past.case_id, True, True))
    _claim(made, past.case_id, found)


def _join(made: Plan, home: UUID, found: FoundViolation, now: datetime, salt: Callable[[], bytes]) -> None:
    head = made.heads[home]
    facts = _found_facts(found)
    words = _words(found)
    made.add(
        history.write(
            head,
            "case.join",
            head.state,
            author=found.reporter,
            at=now,
            salt=salt(),
            facts=facts,
            words=words,
        )
    )
    made.opened.append(Opened(home, True))
    _claim(made, home, found)


def _open(
    made: Plan,
    found: FoundViolation,
    terms: Terms,
    now: datetime,
    salt: Callable[[], bytes],
    repeat_of: UUID | None,
) -> None:
    facts = {**_found_facts(found), "measure": terms.measure, "source": found.source}
    if repeat_of is not None:
        facts["repeat_of"] = str(repeat_of)
    words = _words(found)
    made.cases.append({**_row(found, terms, now), "repeat_of": repeat_of})
    reported = history.write(
        history.begin(found.case_id),
        "case.report",
        "reported",
        author=found.reporter,
        at=now,
        salt=salt(),
        facts=facts,
        words=words,
    )
    made.add(reported)
    made.opened.append(Opened(found.case_id, False))
    _claim(made, found.case_id, found)
    if terms.auto_file and terms.filing is not None:
        filed = filing_facts(terms.filing)
        made.add(
            history.write(reported.head, "case.file", "filed", author=SYSTEM, at=now, salt=b"", facts=filed)
        )
        for name, told in copies(terms.filing):
            head = made.heads[found.case_id]
            made.add(history.write(head, name, head.state, author=SYSTEM, at=now, salt=b"", facts=told))


def _words(found: FoundViolation) -> dict[str, str]:
    told = {"description": found.description, "offender": found.offender}
    return {name: words for name, words in told.items() if words}


def _claim(made: Plan, case_id: UUID, found: FoundViolation) -> None:
    seq = made.heads[case_id].seq
    for photo in found.photos:
        claimed = ClaimedPhoto(photo.sha256, "before", photo.context, photo.taken_at, seq)
        made.photos.append((case_id, claimed))


def _found_facts(found: FoundViolation) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "category": found.category,
        "severity": found.severity,
        "community": str(found.community_id),
        "photos": [photo.sha256.hex() for photo in found.photos],
        **place_facts(found.place),
    }
    optional = {
        "grid_cell": found.grid_cell_code,
        "inspection": str(found.inspection_id) if found.inspection_id else None,
        "asset": found.asset,
    }
    return facts | {name: value for name, value in optional.items() if value is not None}


def _row(found: FoundViolation, terms: Terms, now: datetime) -> dict[str, Any]:
    place = found.place
    row: dict[str, Any] = {
        "case_id": found.case_id,
        "category": found.category,
        "severity": found.severity,
        "measure": terms.measure,
        "photo_required": terms.photo_required,
        "source": found.source,
        "community_id": found.community_id,
        "grid_cell_code": found.grid_cell_code,
        "lon": place.lon if place else None,
        "lat": place.lat if place else None,
        **(hexagons(place.lon, place.lat) if place else {}),
        "accuracy_m": place.accuracy_m if place else None,
        "location_sent": dict(place.sent) if place else None,
        "asset": found.asset,
        "offender": found.offender,
        "description": found.description,
        "inspection_id": found.inspection_id,
        "reported_by": found.reporter.user_id,
        "reported_at": now,
    }
    if terms.auto_file and terms.filing is not None:
        row |= filing_columns(terms.filing, now)
    return row
