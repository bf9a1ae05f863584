"""The parties of a case, and what departments do by law beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from server.auth.actor import Actor
from server.auth.rules import Reach
from server.ledger import history, queries, ruling, service, wires
from server.ledger.history import SYSTEM
from server.ledger.lists import Filter, page
from server.ledger.sheets.lines import values_of
from server.ledger.sheets.queries import details, responsible_units
from server.ledger.terms import local_day
from server.ledger.verify import verify
from server.ledger.visibility import within
from server.problems import NotFound
from tests.build import a_person
from tests.integration.ledger.acting import Cast, an_id, column
from tests.integration.ledger.test_guards import refused

POLICE, SAFETY, CITY = "public_security_bureau", "emergency_bureau", "enforcement_bureau"


def a_department(cast: Cast, unit: str) -> Actor:
    with cast.county.transaction() as session:
        return a_person(session, "department", unit)


def shown(cast: Cast, case_id: UUID, actor: Actor | None = None) -> dict[str, Any]:
    with cast.county.transaction() as session:
        return service.show(session, case_id, actor=actor or cast.shift_leader, now=cast.clock)


def commands_of(cast: Cast, case_id: UUID) -> Sequence[str]:
    with cast.county.transaction() as session:
        return [entry.command for entry in queries.history_of(session, case_id)]


def buckets_of(cast: Cast, case_id: UUID) -> set[str]:
    with cast.county.transaction() as session:
        rows = session.execute(
            text(
                "SELECT bucket FROM sync.bucket_entry"
                " WHERE entity = 'case' AND entity_id = :id AND alive AND starts_with(bucket, 'unit:')"
            ),
            {"id": str(case_id)},
        )
        return set(rows.scalars())


def dispose(cast: Cast, actor: Actor, case_id: UUID, **data: Any) -> Any:
    values = {
        "document_no": "泗综执罚〔2026〕7号",
        "kind": "罚款",
        "basis": "绿化条例",
        "amount_yuan": "200",
        **data,
    }
    return cast.order(actor, "case.record_disposition", case_id, **values)


@pytest.mark.parametrize(
    ("category", "severity", "tasks", "entries"),
    [
        ("green_destroyed", "B", [(CITY, True, False)], ["case.report", "case.file"]),
        ("small_ad_not_cleared", "C", [], ["case.report", "case.file"]),
        (
            "private_wiring_charging",
            "A",
            [(SAFETY, False, True), (POLICE, False, True)],
            ["case.report", "case.file", "case.copy"],
        ),
        (
            "fire_lane_blocked",
            "A",
            [(SAFETY, True, True), (POLICE, True, True)],
            ["case.report", "case.file", "case.copy"],
        ),
    ],
)
def test_departments_act_by_law_at_once_and_are_told_of_what_is_grave(
    cast: Cast, category: str, severity: str, tasks: list[tuple[str, bool, bool]], entries: list[str]
) -> None:
    case_id, outcome = cast.report(category=category, severity=severity)

    case = shown(cast, case_id)

    assert [(one["unit"], one["own_duty"], one["copied"]) for one in case["departments"]] == tasks
    assert all(one["state"] == "open" for one in case["departments"])
    assert commands_of(cast, case_id) == entries
    assert outcome.version == case["version"] == 2
    assert buckets_of(cast, case_id) == {
        f"unit:{unit}" for unit in (cast.fixer.unit_code, *(one[0] for one in tasks))
    }


def test_a_task_has_a_deadline_of_its_own_in_work_days(cast: Cast) -> None:
    by_law, _ = cast.report(category="fire_lane_blocked", severity="A")
    ten_days_on = date(2026, 12, 4)

    for case_id in (by_law, cast.report(category="private_wiring_charging", severity="A")[0]):
        case = shown(cast, case_id)
        due = {datetime.fromisoformat(one["due_at"]) for one in case["departments"]}
        assert {local_day(at) for at in due} == {ten_days_on}
        assert due != {datetime.fromisoformat(case["due_at"])}


def test_nobody_moves_the_deadline_of_a_task(cast: Cast) -> None:
    cast.report(category="green_destroyed", severity="B")

    with refused("department_task_keeps_its_deadline"), cast.county.owner() as session:
        session.execute(text("UPDATE server.department_task SET due_at = due_at + interval '1 day'"))


def test_a_case_filed_by_hand_is_copied_too(cast: Cast) -> None:
    like, _ = cast.report(category="fire_lane_blocked", severity="A")
    case_id = an_id()
    with cast.county.owner() as session:
        session.execute(
            text(
                'INSERT INTO server."case"'
                " (case_id, category, severity, measure, source, community_id, reported_at)"
                " SELECT :new, category, severity, measure, 'resident', community_id, reported_at"
                ' FROM server."case" WHERE case_id = :old'
            ),
            {"new": case_id, "old": like},
        )
        entry = history.write(
            history.begin(case_id), "case.report", "reported", author=SYSTEM, at=cast.later(), salt=b"1" * 16
        )
        queries.store_entry(session, entry, {})

    case = cast.order(cast.shift_leader, "case.file", case_id, offender="李四 13812345678")

    assert commands_of(cast, case_id) == ["case.report", "case.file", "case.copy"]
    assert [one["unit"] for one in case["departments"]] == [SAFETY, POLICE]
    assert case["parties"]["offender"] == "李某 138****5678"
    with cast.county.database.snapshot() as session:
        verify(session)


def test_the_four_parties_stand_apart_and_the_doer_is_covered(cast: Cast) -> None:
    case_id, _ = cast.report(category="green_vegetable_plot", severity="B", offender="王小明")

    parties = shown(cast, case_id)["parties"]
    with cast.county.transaction() as session:
        [wire] = wires.load_cases(session, [str(case_id)])
        kept = session.execute(
            text(
                "SELECT string_agg(canonical, '')"
                " || (SELECT string_agg(words::text, '') FROM server.case_entry_private)"
                " FROM server.case_entry"
            )
        ).scalar_one()

    assert parties["repairer"] == cast.fixer.unit_code
    assert parties["investigating"] == [CITY]
    assert parties["offender"] == "王某某"
    assert parties["urging"] not in (None, cast.fixer.unit_code)
    assert wire.data["parties"] == parties
    assert "王小明" not in kept
    assert "王某某" in kept


def test_the_parties_stand_in_the_columns_of_the_ledger(cast: Cast) -> None:
    case_id, _ = cast.report(category="green_vegetable_plot", severity="B", offender="王小明")
    dispose(cast, a_department(cast, CITY), case_id)

    with cast.county.transaction() as session:
        found = page(
            session,
            Filter(),
            within(cast.headquarters, Reach.COUNTY, date(2026, 11, 20)),
            None,
            5,
            cast.clock,
        )
        more = details(session, found, responsible_units(session))
        line = values_of(found[0], more[case_id], cast.clock)

    assert line["doer"] == "王某某"
    assert line["investigating_unit"] == "县综合行政执法局"
    assert line["document_no"] == "泗综执罚〔2026〕7号"
    assert "社区" in str(line["urging_unit"]) or "街道" in str(line["urging_unit"])


def test_a_department_ends_its_task_while_the_company_goes_on(cast: Cast) -> None:
    case_id, _ = cast.report(category="green_destroyed", severity="B")
    bureau = a_department(cast, CITY)
    stranger = a_department(cast, POLICE)

    case = dispose(cast, bureau, case_id, party="张三")

    assert case["state"] == "filed"
    assert [(one["unit"], one["state"]) for one in case["departments"]] == [(CITY, "done")]
    assert case["parties"]["offender"] == "张某"
    assert buckets_of(cast, case_id) == {f"unit:{cast.fixer.unit_code}"}
    with pytest.raises(NotFound):
        shown(cast, case_id, stranger)


def test_a_reason_for_none_ends_the_task_too(cast: Cast) -> None:
    case_id, _ = cast.report(category="zombie_vehicle", severity="C")

    case = cast.order(
        a_department(cast, POLICE), "case.record_disposition", case_id, none_because="车主已自行驶离"
    )

    assert [one["state"] for one in case["departments"]] == ["done"]


def test_a_department_acts_after_the_close_out_and_the_case_stays_closed_since(cast: Cast) -> None:
    case_id = cast.to_checking(category="green_destroyed", severity="B")
    cast.check(case_id)
    cast.order(cast.shift_leader, "case.close", case_id)
    closed_at = column(cast.county, case_id, "closed_at")
    cast.later(days=3)

    case = dispose(cast, a_department(cast, CITY), case_id)

    assert case["state"] == "closed"
    assert [one["state"] for one in case["departments"]] == ["done"]
    assert column(cast.county, case_id, "closed_at") == closed_at == column(cast.county, case_id, "ended_at")


def test_tasks_of_a_voided_case_lapse(cast: Cast) -> None:
    case_id, _ = cast.report(category="green_destroyed", severity="B")
    asked = cast.order(cast.shift_leader, "case.void", case_id, reason="误报")
    with cast.county.transaction() as session:
        second = a_person(session, "shift_leader", cast.shift_leader.unit_code)

    case = cast.order(
        second, "case.decide", case_id, request_id=asked["requests"][0]["request_id"], granted=True
    )

    assert [one["state"] for one in case["departments"]] == ["lapsed"]


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE server.department_task SET state = 'done', ended_at = now(), ended_seq = 1",
        "UPDATE server.department_task SET state = 'lapsed', ended_at = now(), ended_seq = 1",
    ],
)
def test_nobody_ends_a_department_s_task_for_it(cast: Cast, attack: str) -> None:
    cast.report(category="green_destroyed", severity="B")

    with refused("department_task_ends_by_its_word"), cast.county.owner() as session:
        session.execute(text(attack))


def test_nobody_rewrites_or_removes_a_task(cast: Cast) -> None:
    case_id, _ = cast.report(category="green_destroyed", severity="B")

    with refused("department_task_ends_once"), cast.county.owner() as session:
        session.execute(text("UPDATE server.department_task SET own_duty = false"))
    with pytest.raises(IntegrityError), cast.county.owner() as session:
        session.execute(text("DELETE FROM server.department_task"))
    dispose(cast, a_department(cast, CITY), case_id)
    with refused("department_task_ends_once"), cast.county.owner() as session:
        session.execute(
            text("UPDATE server.department_task SET state = 'open', ended_at = NULL, ended_seq = NULL")
        )


@pytest.mark.parametrize(
    "attack",
    [
        "INSERT INTO server.department_task (case_id, unit_code, own_duty, opened_seq, opened_at)"
        " SELECT case_id, 'water_bureau', true, 1, now() FROM server.\"case\"",
        "UPDATE server.department_task SET copied_seq = 1",
        "DELETE FROM server.department_task",
    ],
)
def test_the_application_itself_may_not_write_tasks(cast: Cast, attack: str) -> None:
    cast.report(category="green_destroyed", severity="B")

    with pytest.raises(ProgrammingError, match="permission denied"), cast.county.transaction() as session:
        session.execute(text(attack))


def test_within_the_warranty_the_developer_that_is_known_repairs_and_the_housing_bureau_urges(
    cast: Cast,
) -> None:
    day = local_day(cast.clock)
    with cast.county.owner() as session:
        session.execute(
            text(
                "INSERT INTO server.unit (code, name_zh, name_en, kind)"
                " VALUES ('dev_1', '开发公司', 'Dev', 'developer')"
            )
        )
        session.execute(
            text("UPDATE geo.community SET warranty_until = :day WHERE community_id = :id"),
            {"day": day + timedelta(days=10), "id": cast.community_id},
        )
    with cast.county.transaction() as session:
        ruling.set_part(session, cast.community_id, "developer", "dev_1", day)
    cast.later(minutes=2)

    case_id, _ = cast.report(category="common_part_damaged", severity="C")

    parties = shown(cast, case_id)["parties"]
    assert (parties["repairer"], parties["urging"]) == ("dev_1", "housing_bureau")
