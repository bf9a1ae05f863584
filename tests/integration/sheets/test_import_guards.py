"""Imported cases are exempt from the check, and nothing else is; tried with plain SQL."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from server.ledger import history, queries
from server.ledger.facts import moment
from server.ledger.history import SYSTEM
from tests.integration.ledger.acting import Cast, an_id
from tests.integration.ledger.test_guards import refused

SALT = b"\1" * 16
CASE = text(
    'INSERT INTO server."case" (case_id, category, severity, measure, source, origin, community_id,'
    " reported_at)"
    " VALUES (:id, 'parking_disorderly', 'C', 12, 'report', :origin, :community, :at)"
)


def a_case(session: Session, cast: Cast, origin: str = "imported") -> UUID:
    case_id = an_id()
    session.execute(CASE, {"id": case_id, "origin": origin, "community": cast.community_id, "at": cast.clock})
    return case_id


def an_import(session: Session, cast: Cast, case_id: UUID) -> UUID:
    import_id = an_id()
    session.execute(
        text("INSERT INTO server.ledger_import VALUES (:id, 'old', 'a.xlsx', sha256('a'), NULL, :at)"),
        {"id": import_id, "at": cast.clock},
    )
    session.execute(
        text("INSERT INTO server.imported_case VALUES (:case_id, :id, 'old', '1', 2)"),
        {"case_id": case_id, "id": import_id},
    )
    return import_id


def enter(session: Session, cast: Cast, case_id: UUID, command: str, to: str, **facts: Any) -> None:
    head = history.begin(case_id)
    entry = history.write(head, command, to, author=SYSTEM, at=cast.later(), salt=SALT, facts=facts)
    queries.store_entry(session, entry, {})


def test_an_imported_case_stands_closed_by_one_entry(cast: Cast) -> None:
    with cast.county.transaction() as session:
        case_id = a_case(session, cast)
        facts = {"import": str(an_import(session, cast, case_id)), "closed_at": moment(cast.clock)}
        enter(session, cast, case_id, "case.import", "closed", **facts)
        row = queries.case_row(session, case_id)

    assert row is not None
    assert (row.state, row.number, row.head_seq) == ("closed", None, 1)


def test_a_live_case_is_never_imported(cast: Cast) -> None:
    with refused("imported_cases_begin_so"), cast.county.transaction() as session:
        case_id = a_case(session, cast, "live")
        facts = {"import": str(an_import(session, cast, case_id)), "closed_at": moment(cast.clock)}
        enter(session, cast, case_id, "case.import", "closed", **facts)


def test_an_imported_case_begins_with_its_import(cast: Cast) -> None:
    with refused("imported_cases_begin_so"), cast.county.transaction() as session:
        enter(session, cast, a_case(session, cast), "case.report", "reported")


def test_an_import_that_nobody_made_closes_nothing(cast: Cast) -> None:
    with refused("import_is_named"), cast.county.transaction() as session:
        case_id = a_case(session, cast)
        an_import(session, cast, case_id)
        facts = {"import": str(an_id()), "closed_at": moment(cast.clock)}
        enter(session, cast, case_id, "case.import", "closed", **facts)


@pytest.mark.parametrize("closed", [None, "2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z"])
def test_a_case_closed_on_paper_says_when(cast: Cast, closed: datetime | None) -> None:
    with refused("closed_on_paper"), cast.county.transaction() as session:
        case_id = a_case(session, cast)
        facts = {"import": str(an_import(session, cast, case_id)), "closed_at": closed}
        enter(session, cast, case_id, "case.import", "closed", **facts)


def test_a_case_on_its_way_is_not_closed_by_an_import(cast: Cast) -> None:
    case_id, _ = cast.report()

    with refused("case_transition_permitted"), cast.county.transaction() as session:
        found = queries.case_for_update(session, case_id)
        assert found is not None
        facts = {"closed_at": moment(cast.clock)}
        entry = history.write(
            found[1], "case.import", "closed", author=SYSTEM, at=cast.later(), salt=SALT, facts=facts
        )
        queries.store_entry(session, entry, {})


def test_no_case_becomes_an_imported_one(cast: Cast) -> None:
    case_id, _ = cast.report()

    with refused("case_first_facts_stay"), cast.county.transaction() as session:
        session.execute(
            text("UPDATE server.\"case\" SET origin = 'imported' WHERE case_id = :id"), {"id": case_id}
        )
