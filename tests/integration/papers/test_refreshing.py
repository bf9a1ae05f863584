"""Drafts that learn by themselves what became of their cases: checks, close-outs, joint actions."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from server.auth.actor import Actor
from server.ledger.joint import service as joint
from server.papers.refreshing import learned
from tests.build import a_person
from tests.integration.papers.office import Office

POLICE = "public_security_bureau"
BLANK: dict[str, Any] = {
    "held_on": None,
    "participants": [],
    "reason": "",
    "finding": "",
    "result": "",
    "succeeded": None,
    "summary": "",
}


def order(office: Office, actor: Actor, action: dict[str, Any], command: str, **data: Any) -> dict[str, Any]:
    with office.county.transaction() as session:
        return joint.obey(
            session,
            UUID(action["joint_action_id"]),
            command=command,
            base_version=action["version"],
            data={**BLANK, **data},
            actor=actor,
            now=office.cast.later(),
        )


def fields_of(office: Office, paper_id: UUID) -> dict[str, Any]:
    fields: dict[str, Any] = office.show(paper_id)["fields"]
    return fields


def test_a_close_out_application_is_filled_in_as_the_case_goes_on(office: Office) -> None:
    cast = office.cast
    case_id = cast.to_checking()
    office.work()
    paper_id = office.papers(case_id)["closeout_application"]
    claimed = fields_of(office, paper_id)
    assert cast.fixer.display_name in claimed["opinion_repairer"]
    assert not claimed.get("opinion_checker")

    with office.county.transaction() as session:
        committee = a_person(session, "neighbourhood", _neighbourhood(office))
    cast.check(case_id, reason="车辆已清走")
    cast.order(committee, "case.note", case_id, text="居民认可，同意销号。")
    office.work()
    assert "现场核查合格：车辆已清走。" in fields_of(office, paper_id)["opinion_checker"]
    cast.order(cast.shift_leader, "case.close", case_id)
    office.work()

    filled = fields_of(office, paper_id)
    assert filled["opinion_neighbourhood"].startswith("居民认可，同意销号。")
    assert cast.shift_leader.display_name in filled["opinion_subdistrict"]
    assert filled["closeout_number"] == f"{office.number(case_id)}-X"
    assert filled["published_on"] == "2026年11月20日"
    assert [step["actor"] for step in office.show(paper_id)["history"]] == [None, None, None]


def test_what_somebody_wrote_stays_and_a_reviewed_paper_is_left_alone(office: Office) -> None:
    written = office.cast.to_checking()
    office.work()
    mine = office.papers(written)["closeout_application"]
    office.order(office.drafter, "paper.edit", mine, fields={"opinion_checker": "另附"})
    reviewed = office.cast.to_checking()
    office.work()
    other = office.papers(reviewed)["closeout_application"]
    office.order(office.reviewer, "paper.review", other)

    for case_id in (written, reviewed):
        office.cast.check(case_id)
    office.work()

    assert fields_of(office, mine)["opinion_checker"] == "另附"
    assert not fields_of(office, other).get("opinion_checker")


def test_joint_papers_bundle_the_cases_and_tell_the_decision_and_each_result(office: Office) -> None:
    cast = office.cast
    with office.county.transaction() as session:
        police = a_person(session, "department", POLICE)
    cases = [cast.report(category="private_wiring_charging", severity="A")[0] for _ in range(2)]
    with office.county.transaction() as session:
        action = joint.propose(
            session,
            case_ids=cases,
            participants=[POLICE],
            reason="多次复发",
            actor=office.signer,
            now=cast.later(),
        )
        silent = {one["unit"] for one in action["participants"]} - {POLICE, office.signer.unit_code}
        others = [a_person(session, "department", unit) for unit in sorted(silent)]
    action = order(office, office.signer, action, "joint.accept", held_on=date(2026, 12, 8))
    office.work()

    papers = office.papers(cases[0])
    assert office.papers(cases[1])["joint_plan"] == papers["joint_plan"]
    plan = fields_of(office, papers["joint_plan"])
    assert plan["held_on"] == "2026年12月8日"
    assert plan["participants"][0] in plan["division_of_work"]
    assert {row["number"] for row in plan["cases"]} == {office.number(one) for one in cases}

    for one in (police, office.signer, *others):
        action = order(office, one, action, "joint.record_result", finding="飞线3处", result="当场拆除")
    order(office, office.signer, action, "joint.conclude", succeeded=True, summary="全部清理")
    office.work()

    record = fields_of(office, papers["joint_record"])
    assert len(record["results"]) == len(action["participants"])
    assert all(line.endswith("：当场拆除") for line in record["results"])
    assert "飞线3处" in record["findings"]


@pytest.mark.parametrize(
    ("before", "fresh", "wanted"),
    [
        ({}, {"a": "x"}, {"a": "x"}),
        ({"a": ""}, {"a": "x", "b": []}, {"a": "x"}),
        ({"a": "mine"}, {"a": "x"}, {}),
    ],
)
def test_only_what_was_empty_is_learned(
    before: dict[str, Any], fresh: dict[str, Any], wanted: dict[str, Any]
) -> None:
    assert learned(before, fresh) == wanted


def test_a_failed_check_wakes_no_paper(office: Office) -> None:
    case_id = office.cast.to_checking()
    office.work()
    office.cast.check(case_id, passed=False)

    assert office.one("SELECT count(*) FROM server.paper_due")[0] == 0


def _neighbourhood(office: Office) -> str:
    with office.county.transaction() as session:
        found: str = session.execute(
            text(
                "SELECT u.code FROM server.unit u JOIN geo.community c"
                " ON u.division_code = c.neighbourhood_code WHERE c.community_id = :id"
            ),
            {"id": office.cast.community_id},
        ).scalar_one()
    return found
