"""Who walks which cell, from when to when, and what their tablets are told."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.auth.actor import Actor
from server.communities import service
from server.communities.errors import CellsForWorkersOnly, EndBeforeStart, UnknownCell
from server.communities.queries import cells_of
from tests.build import CELL, NOW, OTHER_CELL, County, a_person, a_worker

TODAY = date(2026, 11, 20)
TOMORROW = date(2026, 11, 21)
LATER = date(2026, 12, 1)


def _assign(
    session: Session, worker: Actor, *cells: str, starts: date = TODAY, ends: date | None = None
) -> None:
    service.assign(
        session, username=worker.username, cells=cells, starts=starts, ends=ends, actor=None, now=NOW
    )


def _told(session: Session, worker: Actor) -> dict[str, bool]:
    """Return the cells of the assignments in the worker's bucket, and whether each stands there still."""
    rows = session.execute(
        text(
            "SELECT s.body ->> 'grid_cell_code' || ' ' || (s.body ->> 'valid_from'), e.alive"
            " FROM sync.bucket_entry e"
            " JOIN sync.entity_state s USING (entity, entity_id)"
            " WHERE e.entity = 'assignment' AND e.bucket = :bucket"
        ),
        {"bucket": f"user:{worker.user_id}"},
    )
    return {row[0]: row[1] for row in rows}


def test_a_worker_is_created_with_cells_and_the_unit_of_their_subdistrict(county: County) -> None:
    with county.transaction() as session:
        worker = a_worker(session, [CELL, OTHER_CELL])

        assert worker.unit_code == "sihe_subdistrict"
        assert cells_of(session, worker.user_id, TODAY) == [CELL, OTHER_CELL]


def test_an_assignment_replaces_what_is_open_from_its_first_day_on(county: County) -> None:
    with county.transaction() as session:
        worker = a_worker(session, [CELL])
        _assign(session, worker, CELL, OTHER_CELL, starts=LATER)

        _assign(session, worker, OTHER_CELL, starts=TOMORROW)

        assert cells_of(session, worker.user_id, TODAY) == [CELL]
        assert cells_of(session, worker.user_id, TOMORROW) == [OTHER_CELL]
        assert cells_of(session, worker.user_id, LATER) == [OTHER_CELL]


def test_an_assignment_with_an_end_ends_before_that_day(county: County) -> None:
    with county.transaction() as session:
        worker = a_worker(session, [CELL])

        _assign(session, worker, OTHER_CELL, starts=TODAY, ends=LATER)

        assert cells_of(session, worker.user_id, date(2026, 11, 30)) == [OTHER_CELL]
        assert cells_of(session, worker.user_id, LATER) == []


def test_the_worker_s_tablet_is_told_of_won_and_lost_cells(county: County) -> None:
    with county.transaction() as session:
        worker = a_worker(session, [CELL])
    with county.transaction() as session:
        _assign(session, worker, OTHER_CELL)

    with county.transaction() as session:
        assert _told(session, worker) == {f"{CELL} 2026-11-20": False, f"{OTHER_CELL} 2026-11-20": True}


def test_several_workers_may_share_a_cell(county: County) -> None:
    with county.transaction() as session:
        first, second = a_worker(session), a_worker(session)

        assert cells_of(session, first.user_id, TODAY) == cells_of(session, second.user_id, TODAY) == [CELL]


def test_one_worker_cannot_hold_a_cell_twice_on_one_day(county: County) -> None:
    with county.transaction() as session:
        worker = a_worker(session)

    with (
        pytest.raises(IntegrityError, match="assignment_user_id_grid_cell_code"),
        county.transaction() as session,
    ):
        session.execute(
            text(
                "INSERT INTO server.assignment (assignment_id, user_id, grid_cell_code, valid_from)"
                " VALUES (gen_random_uuid(), :user_id, :cell, '2026-12-01')"
            ),
            {"user_id": worker.user_id, "cell": CELL},
        )


def test_what_cannot_be_assigned_is_refused_with_its_reason(county: County) -> None:
    with county.transaction() as session:
        worker, desk = a_worker(session), a_person(session)

        with pytest.raises(UnknownCell, match="370831001999999"):
            _assign(session, worker, "370831001999999")
        with pytest.raises(EndBeforeStart):
            _assign(session, worker, CELL, ends=TODAY)
        with pytest.raises(CellsForWorkersOnly):
            _assign(session, desk, CELL)
