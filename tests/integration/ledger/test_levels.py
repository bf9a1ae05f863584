"""Levels rise with time, once each, and never fall."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from server.ledger.levels import raise_levels
from server.ledger.verify import verify
from tests.integration.ledger.acting import Cast, column


def raised(cast: Cast, now: datetime) -> int:
    with cast.county.transaction() as session:
        return raise_levels(session, now)


def level(cast: Cast, case_id: UUID) -> int:
    found: int = column(cast.county, case_id, "level")
    return found


def test_levels_rise_at_eighty_percent_and_at_the_deadline_once_each(cast: Cast) -> None:
    case_id, _ = cast.report()
    yellow, due = (column(cast.county, case_id, name) for name in ("yellow_at", "due_at"))
    tick = timedelta(seconds=1)

    seen = []
    for now in (yellow, yellow + tick, yellow + tick, due, due + tick, due + tick * 2):
        seen.append((raised(cast, now), level(cast, case_id)))

    assert seen == [(0, 0), (1, 1), (0, 1), (0, 1), (1, 2), (0, 2)]


def test_a_failed_check_raises_to_two_before_the_deadline(cast: Cast) -> None:
    case_id = cast.to_checking(category="green_poor_upkeep")
    cast.check(case_id, passed=False)

    assert raised(cast, cast.clock) == 1
    assert level(cast, case_id) == 2


def test_a_rise_is_an_entry_of_the_product_itself_and_no_new_version(cast: Cast) -> None:
    case_id, outcome = cast.report()

    raised(cast, cast.clock + timedelta(days=30))

    entry = cast.county.database
    with entry.snapshot() as session:
        verify(session)
    assert column(cast.county, case_id, "version") == outcome.version
    assert column(cast.county, case_id, "head_seq") == 3


def test_a_rise_writes_no_index_of_the_cases_anew(cast: Cast) -> None:
    case_id, _ = cast.report()

    with cast.county.transaction() as session:
        before = _updates(session)
        assert raise_levels(session, cast.clock + timedelta(days=30)) == 1
        after = _updates(session)

    assert level(cast, case_id) == 3
    assert [new - old for new, old in zip(after, before, strict=True)] == [1, 1]


def _updates(session: Session) -> tuple[int, int]:
    """Return how many rows of cases this connection updated, and how many of them in place."""
    counted = "SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_xact_user_tables"
    row = session.execute(text(f"{counted} WHERE relid = 'server.case'::regclass")).one()
    return row.n_tup_upd, row.n_tup_hot_upd


def test_a_case_that_somebody_works_on_is_left_for_the_next_run(cast: Cast) -> None:
    case_id, _ = cast.report()
    late = cast.clock + timedelta(days=30)

    with cast.county.transaction() as session:
        session.execute(text('SELECT FROM server."case" FOR UPDATE'))
        assert raised(cast, late) == 0

    assert raised(cast, late) == 1
    assert level(cast, case_id) == 3
