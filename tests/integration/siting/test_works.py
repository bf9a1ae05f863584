"""Measure 14 in the hands of its units: the way of a site, its papers, who is late, what never happens."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from redis import Redis
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server.problems import NotYours
from server.sheets.service import JOB
from server.siting.works import service, taking
from server.siting.works.errors import SiteTaken, VoteUnusable, WorkMovedOn
from server.siting.works.lifecycle import NEXT, SITE_STATUS
from server.siting.works.notices import remind_late
from server.wiring import JOBS
from server.work import Work
from tests.build import County
from tests.integration.siting.working import Working, a_working


@pytest.fixture
def working(county: County) -> Working:
    return a_working(county)


def test_the_database_permits_what_the_table_of_the_code_permits(working: Working) -> None:
    with working.county.transaction() as session:
        steps = set(
            session.execute(text("SELECT command, from_state, to_state FROM server.charging_work_transition"))
        )
        states = {one.state: one.site_status for one in session.execute(_STATES)}

    told = {(c, state, to) for state, row in NEXT.items() for c, targets in row.items() for to in targets}
    assert {tuple(row) for row in steps} == told
    assert states == SITE_STATUS


def test_a_site_goes_from_the_plan_to_its_service_by_the_units_of_the_measure(working: Working) -> None:
    vote = working.voting.counted()
    work = working.taken()[0]
    assert (work["state"], work["responsible"], work["due_on"]) == (
        "planned",
        "sihe_subdistrict",
        "2026-12-05",
    )
    turns = []
    for actor, command, data in working.deeds(vote):
        work = working.order(actor, command, work, **data)
        turns.append((work["state"], work["site_status"], work["responsible"]))

    street = "sihe_subdistrict"
    assert turns == [
        ("discussed", "proposed", street),
        ("consulted", "proposed", "emergency_bureau"),
        ("fire_reviewed", "approved", "power_company"),
        ("power_replied", "approved", street),
        ("invested", "approved", street),
        ("building", "under_construction", street),
        ("in_service", "in_service", None),
    ]
    assert (work["vote_outcome"], work["charging_ports"], work["late"]) == ("passed", 24, False)
    assert [one["status"] for one in work["statuses"]] == [
        "proposed",
        "approved",
        "under_construction",
        "in_service",
    ]
    # The power company named its own letter; minutes and fire opinion were drafted.
    assert [one["kind"] for one in work["papers"]] == ["meeting_minutes", "fire_opinion"]
    told = working.one("SELECT count(*) FROM server.notification WHERE entity = 'charging_work'")
    assert told == (8,)
    wire = working.one(
        "SELECT body ->> 'status' FROM sync.entity_state WHERE entity = 'charging_site' AND entity_id = :id",
        id=work["site_id"],
    )
    assert wire == ("in_service",)


def test_one_meeting_covers_many_sites_with_one_paper_or_none_moves(working: Working) -> None:
    first, second = working.taken(working.site("东门"), working.site("西门"))
    _, command, data = working.deeds()[0]
    orders = [(UUID(first["work_id"]), 1), (UUID(second["work_id"]), 9)]
    with pytest.raises(WorkMovedOn), working.county.transaction() as session:
        service.obey(session, orders, command=command, data=data, actor=working.street, now=working.clock)
    assert working.one("SELECT count(*) FROM server.charging_work WHERE state <> 'planned'") == (0,)

    work = working.order(working.street, command, first, second, **data)

    paper = working.one(
        "SELECT kind, body, fields FROM server.paper WHERE paper_id = :id", id=work["papers"][0]["paper_id"]
    )
    assert (paper.kind, paper.body) == ("meeting_minutes", "sihe_subdistrict")
    assert len(paper.fields["sites"]) == 2
    assert working.one("SELECT count(*) FROM server.paper") == (1,)


def test_a_vote_that_did_not_carry_is_recorded_and_blocks_nothing(working: Working) -> None:
    vote = working.voting.counted(A="against", B="against", C="against")

    work = working.walked(3, vote=vote)

    assert (work["state"], work["vote_outcome"]) == ("fire_reviewed", "rejected")
    waived = working.walked(2)
    assert (waived["state"], waived["vote_id"]) == ("consulted", None)


def test_a_vote_counts_for_its_own_community_once_it_is_counted(working: Working) -> None:
    opened = working.voting.opened()
    work = working.walked(1)
    with pytest.raises(VoteUnusable):
        working.order(working.street, "work.consult", work, vote_id=opened["vote_id"])
    with pytest.raises(VoteUnusable):
        working.order(working.street, "work.consult", work, vote_id=work["work_id"])


def test_each_unit_takes_its_own_step_only(working: Working) -> None:
    work = working.walked(2)
    _, command, data = working.deeds()[2]

    for actor in (working.street, working.housing, working.power, working.planner):
        with pytest.raises(NotYours):
            working.order(actor, command, work, **data)


def test_a_refusal_ends_a_work_until_planners_reopen_it_and_a_step_is_returned_with_its_reason(
    working: Working,
) -> None:
    work = working.walked(2)
    work = working.order(
        working.fire, "work.fire_review", work, agreed=False, reviewed_on=working.today, opinion="距外墙不足"
    )
    assert (work["state"], work["site_status"], work["responsible"]) == ("refused", "refused", None)
    work = working.order(working.planner, "work.reopen", work, reason="移位后重报")
    assert work["state"] == "planned"
    assert [one["done"] for one in work["steps"]] == [False] * 7

    work = working.walked(6, work)
    promised = work["due_on"]
    work = working.order(working.street, "work.extend", work, expected_on="2027-06-30", reason="冬季停工")
    assert (promised, work["due_on"]) == ("2027-01-19", "2027-06-30")
    work = working.order(working.street, "work.return", work, reason="未开工，误登记")
    assert (work["state"], work["site_status"]) == ("invested", "approved")
    assert [one["done"] for one in work["steps"]] == [True] * 5 + [False] * 2


def test_the_housing_bureau_urges_by_letter_and_the_late_are_told_once(working: Working) -> None:
    work = working.walked(6)
    working.clock += timedelta(days=61)
    work = working.order(working.housing, "work.urge", work, urged_on=working.today, reason="逾期未完工")
    letter = working.one(
        "SELECT body, to_unit, fields FROM server.paper WHERE kind = 'urging_letter' AND state = 'draft'"
    )
    assert (letter.body, letter.to_unit, letter.fields["progress"]) == (
        "housing_bureau",
        "sihe_subdistrict",
        "在建",
    )
    assert work["late"]

    with Redis.from_url(working.county.settings.redis_url) as redis:
        given = Work(working.county.database, working.county.settings, redis, working.clock)
        assert [remind_late(given), remind_late(given)] == [1, 1]
    assert working.one("SELECT count(*) FROM server.notification WHERE kind = 'work_late'") == (1,)
    with working.county.transaction() as session:
        by_unit = service.progress(session, "responsible", {}, actor=working.planner, now=working.clock)
        late = service.listed(session, {"late": True}, None, 10, actor=working.planner, now=working.clock)
    assert [(one["key"], one["works"], one["late"]) for one in by_unit] == [("sihe_subdistrict", 1, 1)]
    assert [one["work_id"] for one in late] == [work["work_id"]]


_STATES = text("SELECT state, site_status FROM server.charging_work_state")


def test_the_new_sites_of_a_plan_are_taken_up_once(working: Working) -> None:
    plan_id = working.plan(with_far=True)
    with working.county.client() as client:
        headers = working.county.bearer(working.planner)
        far: Any = client.post("/api/v1/charging-works", json={"plan_id": str(plan_id)}, headers=headers)
        assert (far.status_code, far.json["errors"][0]["pointer"]) == (422, "/sites")
        near = [one for one in _new(working, plan_id) if one != "far"]
        sites = {"plan_id": str(plan_id), "sites": near}
        made: Any = client.post("/api/v1/charging-works", json=sites, headers=headers)
        again: Any = client.post("/api/v1/charging-works", json=sites, headers=headers)

    assert [(made.status_code, len(made.json["items"])), (again.status_code, len(again.json["items"]))] == [
        (201, 2),
        (201, 0),
    ]
    assert {one["site_status"] for one in made.json["items"]} == {"proposed"}
    assert {one["plan_name"] for one in made.json["items"]} == {"一期"}
    ids = [UUID(one["site_id"]) for one in made.json["items"]]
    with pytest.raises(SiteTaken), working.county.transaction() as session:
        taking.take_up_sites(session, ids, actor=working.planner, now=working.clock)


def _new(working: Working, plan_id: UUID) -> list[str]:
    [plan] = working.one("SELECT plan FROM server.siting_plan WHERE plan_id = :id", id=plan_id)
    return [one["id"] for one in plan["sites"] if not one["existing"]]


ON_WORKING = (
    "UPDATE server.charging_work SET state = 'in_service' WHERE work_id = :work",
    "UPDATE server.charging_work SET due_on = due_on + 30 WHERE work_id = :work",
    "UPDATE server.charging_work SET head_seq = head_seq + 1 WHERE work_id = :work",
    "DELETE FROM server.charging_work WHERE work_id = :work",
    "UPDATE server.charging_work_entry SET data = '{}' WHERE work_id = :work",
    "DELETE FROM server.charging_work_entry WHERE work_id = :work",
    "UPDATE server.charging_work_limit SET days = 900 WHERE :work IS NOT NULL",
    "DELETE FROM server.charging_site_status WHERE :work IS NOT NULL",
    "INSERT INTO server.charging_work (work_id, site_id, created_at)"
    " SELECT gen_random_uuid(), site_id, now() FROM server.charging_work WHERE work_id = :work",
    "TRUNCATE server.charging_work CASCADE",
)
ENTRY = (
    "INSERT INTO server.charging_work_entry SELECT work_id, head_seq + 1, :command, state, :to_state, :by,"
    " :unit, now(), NULL, NULL, CAST(:data AS jsonb) FROM server.charging_work"
    " WHERE work_id = CAST(:work AS uuid)"
)


@pytest.mark.parametrize("role", ["application", "owner"])
def test_only_an_entry_that_the_table_permits_moves_a_work(working: Working, role: str) -> None:
    work = working.walked(1)
    opened = working.county.owner if role == "owner" else working.county.transaction

    def refused(sql: str, **given: Any) -> str:
        with pytest.raises(DBAPIError) as caught, opened() as session:
            session.execute(text(sql.replace("= :work", "= CAST(:work AS uuid)")), given)
        return str(caught.value.orig)

    def entry(command: str, to_state: str, **data: Any) -> str:
        given = {"command": command, "to_state": to_state, "data": json.dumps(data), "work": work["work_id"]}
        return refused(ENTRY, by=working.street.user_id, unit=working.street.unit_code, **given)

    for sql in ON_WORKING:
        refused(sql, work=work["work_id"])
    assert "does not lead" in entry("work.complete", "in_service", charging_ports=3)
    assert "undone_with_reason" in entry("work.withdraw", "withdrawn")
    assert "consulted_somebody" in entry("work.consult", "consulted")
    assert "owners of this community" in entry("work.consult", "consulted", vote_id=work["work_id"])
    # A site's status is what its work says, whoever writes it.
    with opened() as session:
        session.execute(
            text("UPDATE server.charging_site SET status = 'in_service' WHERE site_id = :id"),
            {"id": work["site_id"]},
        )
    assert working.one("SELECT status FROM server.charging_site WHERE site_id = :id", id=work["site_id"]) == (
        "proposed",
    )


BAD: tuple[tuple[dict[str, Any], str], ...] = (
    ({"type": "work.meet", "data": {"held_on": "gestern"}}, "/data/held_on"),
    ({"type": "work.consult", "data": {}}, "/data/vote_id"),
    ({"type": "work.power_reply", "data": {"agreed": True, "replied_on": "2026-11-20"}}, "/data/spare_kva"),
    ({"type": "work.invest", "data": {"investor_share_percent": 140}}, "/data/investor_share_percent"),
    (
        {
            "type": "work.begin",
            "data": {"begun_on": "2026-11-20", "expected_on": "2026-11-01", "builder": "某"},
        },
        "/data/expected_on",
    ),
    ({"type": "work.complete", "data": {"charging_ports": 0}}, "/data/charging_ports"),
    ({"type": "work.complete", "data": {"photos": ["x"]}}, "/data/photos/0"),
    ({"type": "work.fly", "data": {}}, "/type"),
)


def test_bad_input_is_answered_and_the_table_of_progress_is_made(working: Working) -> None:
    work = working.walked(6)
    headers = working.county.bearer(working.street)
    with working.county.client() as client:
        for body, pointer in BAD:
            told = {"works": [{"work_id": work["work_id"], "base_version": work["version"]}], **body}
            answer: Any = client.post("/api/v1/charging-works/commands", json=told, headers=headers)
            assert answer.status_code == 422, answer.text
            assert pointer in [one["pointer"] for one in answer.json["errors"]], answer.json
        early: Any = client.post(
            "/api/v1/charging-works/commands",
            json={
                "works": [{"work_id": work["work_id"], "base_version": 1}],
                "type": "work.withdraw",
                "data": {"reason": "x"},
            },
            headers=headers,
        )
        assert (early.status_code, early.json["type"]) == (409, "/problems/work-moved-on")
        empty: Any = client.post(
            "/api/v1/charging-works", json={}, headers=working.county.bearer(working.planner)
        )
        assert (empty.status_code, empty.json["errors"][0]["pointer"]) == (422, "/site_ids")
        asked: Any = client.post(
            "/api/v1/charging-works/exports", json={"state": ["building"]}, headers=headers
        )
        assert asked.status_code == 202, asked.text
        with Redis.from_url(working.county.settings.redis_url) as redis:
            given = Work(working.county.database, working.county.settings, redis, working.clock)
            JOBS[JOB](given, asked.json["task_id"])
        done: Any = client.get(asked.json["status"], headers=headers)
    assert (done.json["state"], done.json["answer"]["rows"]) == ("done", 1)
