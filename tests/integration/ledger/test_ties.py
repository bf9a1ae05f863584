"""Which cases a person's reach covers: one case by itself and many in SQL are judged alike."""

from __future__ import annotations

from sqlalchemy import text

from server.auth.rules import Reach
from server.ledger import visibility
from server.ledger.case_files import case_file
from server.ledger.joint.queries import add_cases, add_participants, create
from server.ledger.terms import local_day
from server.ledger.ties import covers
from tests.build import a_person, a_worker
from tests.integration.ledger.acting import Cast, an_id


def test_every_reach_covers_one_case_as_it_covers_many(cast: Cast) -> None:
    plain, _ = cast.report()
    grave, _ = cast.report(category="fire_lane_blocked", severity="A")
    with cast.county.owner() as session:
        session.execute(
            text('UPDATE server."case" SET grid_cell_code = NULL, checker_id = :id WHERE case_id = :case_id'),
            {"id": cast.checker.user_id, "case_id": grave},
        )
        action_id, street = an_id(), cast.dispatcher.unit_code
        create(session, action_id, street, "多部门", cast.clock)
        add_participants(session, action_id, [street, "market_bureau"])
        add_cases(session, action_id, [plain], cast.clock, by_product=True)
        elsewhere = session.execute(
            text("SELECT code FROM geo.grid_cell WHERE code <> :cell ORDER BY code DESC LIMIT 1"),
            {"cell": cast.cell},
        ).scalar_one()
        people = [
            *(cast.worker, cast.checker, cast.dispatcher, cast.headquarters, cast.fixer),
            a_worker(session, [elsewhere]),
            a_person(session, "department", "market_bureau"),
            a_person(session, "department", "emergency_bureau"),
        ]
    day = local_day(cast.clock)
    with cast.county.transaction() as session:
        for actor in people:
            for reach in Reach:
                many = visibility.covered(session, actor, reach, [plain, grave], day)
                for case_id in (plain, grave):
                    file = case_file(session, case_id, actor.user_id, day)
                    assert file is not None
                    told = covers(file.ties, actor)[reach]
                    assert told == (case_id in many), (actor.role, actor.unit_code, reach)
