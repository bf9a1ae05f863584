"""Single migrations, back and forward, over rows that the product wrote before."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from checklists.catalog import catalog
from server import migrations
from server.auth.stand_ins import service as stand_ins
from server.complaints.queries import by_phone, contact
from server.ledger.terms import local_day
from server.ledger.verify import verify
from server.maps.heat.jobs import prove
from server.siting.proposals import propose_sites
from sync.entity import cell_bucket
from tests.build import County, a_person, a_point_in
from tests.integration.communities.fieldwork import Field
from tests.integration.fieldsync.test_held_work import a_tablet, an_inspection, push
from tests.integration.governance.voting import a_voting
from tests.integration.ledger.acting import Cast, a_cast, a_mutation, a_sender, an_id
from tests.integration.maps.heat.counting import fold, hand_over, inspected, work
from tests.integration.siting import test_projects as charging_projects
from tests.integration.siting.scenarios import Planner
from tests.integration.siting.working import a_working
from tests.integration.sync.pushing import an_item


@pytest.fixture
def cast(county: County) -> Cast:
    return a_cast(county)


def back(cast: Cast, revision: str) -> None:
    """Take the database back; the pool forgets what it has prepared."""
    cast.county.database.engine.dispose()
    migrations.downgrade(cast.county.owner_url, revision, cast.county.settings.identity_secrets)


def forward(cast: Cast, revision: str = "head") -> None:
    migrations.upgrade(cast.county.owner_url, revision, cast.county.settings.identity_secrets)


def rows(cast: Cast, sql: str, **bound: Any) -> list[tuple[Any, ...]]:
    with cast.county.owner() as session:
        return [tuple(row) for row in session.execute(text(sql), bound)]


def sound(cast: Cast) -> None:
    with cast.county.transaction() as session:
        verify(session)


WAITING = "SELECT seq, kind, key FROM sync.waiting ORDER BY seq, kind, key"


def test_0190_reads_what_held_items_wait_for_out_of_their_answers(cast: Cast) -> None:
    tablet = a_tablet(cast)
    missing, case_id, inspection_id, version = str(an_id()), str(an_id()), str(an_id()), "sha256:" + "0" * 64
    sent = [
        an_item(1, type="case.note", depends_on=[missing]),
        an_item(2, type="moon.visit"),
        an_item(3, type="case.note", entity_id=case_id),
        an_inspection(cast, 4, version=version),
        an_item(5, type="photo.attach", entity_id=inspection_id, data={"photos": ["ab" * 32]}),
    ]
    with cast.county.client() as client:
        answers = push(cast, client, tablet, *sent)
    assert [one["status"] for one in answers] == ["held"] * 5
    before = rows(cast, WAITING)

    back(cast, "0180")
    assert rows(cast, "SELECT to_regclass('sync.waiting')") == [(None,)]
    forward(cast)

    after = rows(cast, WAITING)
    assert {(1, "mid", missing), (2, "type", "moon.visit"), (4, "checklist", version)} <= set(after)
    assert {(3, "case", case_id), (5, "inspection", inspection_id)} <= set(after)
    assert {one for one in before if one[1] in ("mid", "type", "checklist")} <= set(after)
    assert rows(cast, "SELECT DISTINCT status FROM sync.mutation") == [("held",)]


def test_0190_takes_what_the_office_made_of_a_clash_back_to_quarantine(cast: Cast) -> None:
    tablet = a_tablet(cast)
    with cast.county.client() as client:
        push(cast, client, tablet, an_inspection(cast, 1))
        [clash] = push(cast, client, tablet, an_inspection(cast, 1, location=None))
        approve(cast, client, tablet.device_id)
    assert clash["status"] == "quarantined"
    fate = "SELECT status FROM sync.mutation WHERE clash"
    assert rows(cast, fate) == [("applied",)]

    back(cast, "0180")
    assert rows(cast, fate) == [("quarantined",)]
    forward(cast)

    assert rows(cast, fate) == [("quarantined",)]


def approve(cast: Cast, client: FlaskClient, device_id: object) -> None:
    path = f"/api/v1/sync/quarantine/{device_id}/1/resolve"
    told = {"action": "apply", "reason": "a tablet that was set up twice"}
    answer = client.post(path, json=told, headers=cast.county.bearer(cast.headquarters))
    assert answer.status_code == 200, answer.text


def test_0270_finds_the_closed_cases_from_before(cast: Cast) -> None:
    case_id = cast.to_checking()
    cast.check(case_id)
    cast.order(cast.shift_leader, "case.close", case_id)
    index = "SELECT count(*) FROM pg_indexes WHERE indexname = 'case_closed_last'"

    back(cast, "0260")
    assert rows(cast, index) == [(0,)]
    forward(cast)

    assert rows(cast, index) == [(1,)]
    closed = "SELECT case_id FROM server.\"case\" WHERE state = 'closed'"
    assert rows(cast, closed) == [(case_id,)]
    sound(cast)


def test_0280_goes_back_and_forward_over_cases_that_were_copied_to_departments(cast: Cast) -> None:
    case_id, _ = cast.report("fire_lane_blocked", "A")
    commands = "SELECT command FROM server.case_entry WHERE case_id = :id ORDER BY seq"
    before = rows(cast, commands, id=case_id)
    assert ("case.copy",) in before

    back(cast, "0270")
    assert rows(cast, commands, id=case_id) == before
    forward(cast)

    assert rows(cast, commands, id=case_id) == before
    sound(cast)
    cast.order(cast.dispatcher, "case.dispatch", case_id, unit=cast.fixer.unit_code, demand="立即清走")


def test_0310_tells_open_cases_from_before_who_is_competent(cast: Cast) -> None:
    case_id, _ = cast.report("fire_lane_blocked", "A")
    units = 'SELECT investigating_units FROM server."case" WHERE case_id = :id'
    [before] = rows(cast, units, id=case_id)
    assert before[0]

    back(cast, "0300")
    rows(
        cast,
        "UPDATE server.\"case\" SET investigating_units = '{}' WHERE case_id = :id RETURNING 1",
        id=case_id,
    )
    forward(cast)

    assert rows(cast, units, id=case_id) == [before]
    sound(cast)


def test_0330_tells_nobody_of_what_happened_before(cast: Cast) -> None:
    old, _ = cast.report()
    cast.order(cast.dispatcher, "case.dispatch", old, unit=cast.fixer.unit_code, demand="立即清走")
    untold = "SELECT DISTINCT entity_id FROM server.untold"

    back(cast, "0320")
    assert rows(cast, "SELECT to_regclass('server.untold')") == [(None,)]
    forward(cast)

    assert rows(cast, untold) == []
    new, _ = cast.report("lift_maintenance_inadequate", "B")
    cast.order(cast.dispatcher, "case.dispatch", new, unit=cast.fixer.unit_code, demand="立即张贴")
    assert rows(cast, untold) == [(new,)]


def test_0590_seals_who_complained_and_going_back_tells_it_again(cast: Cast) -> None:
    back(cast, "0580")
    complaint_id, told = an_id(), {"name": "张女士", "phone": "0537-4220000", "address": "2号楼"}
    with cast.county.owner() as session:
        session.execute(
            text(
                "INSERT INTO server.complaint (complaint_id, community_id, channel, description, user_id,"
                " received_at, content_sha256)"
                " SELECT :id, :community, 'phone', '电梯困人', :user, now(), sha256('')"
            ),
            {"id": complaint_id, "community": cast.community_id, "user": cast.worker.user_id},
        )
        session.execute(
            text("INSERT INTO server.complaint_contact VALUES (:id, :name, :phone, :address)"),
            {"id": complaint_id, **told},
        )

    forward(cast)
    with cast.county.transaction() as session:
        opened, found = contact(session, complaint_id), by_phone(session, "05374220000")
    back(cast, "0580")

    assert (opened, found) == (told, [complaint_id])
    assert rows(cast, "SELECT name, phone, address FROM server.complaint_contact") == [tuple(told.values())]
    forward(cast)


def test_0630_keeps_the_plans_from_before_and_forgets_scenarios_on_the_way_back(cast: Cast) -> None:
    with cast.county.transaction() as session:
        planner = a_person(session, "planner", "construction_hq")
    asked = (
        "INSERT INTO server.siting_plan (plan_id, name, problem, asked_by, asked_at)"
        " VALUES (gen_random_uuid(), '一期', '{}', :by, now()) RETURNING 1"
    )
    rows(cast, asked, by=planner.user_id)
    with cast.county.client() as client:
        body = {"name": "一期", "neighbourhoods": ["370831001003"], "p": 1}
        headers = cast.county.bearer(planner)
        assert client.post("/api/v1/siting/scenarios", json=body, headers=headers).status_code == 202

    back(cast, "0620")
    assert rows(cast, "SELECT name FROM server.siting_plan") == [("一期",)]
    forward(cast)

    assert rows(cast, "SELECT name, scenario_id FROM server.siting_plan") == [("一期", None)]
    assert rows(cast, "SELECT count(*) FROM server.siting_scenario") == [(0,)]


def test_0640_goes_back_and_forward_over_a_vote_that_is_decided(cast: Cast) -> None:
    a_voting(cast.county).decided()

    back(cast, "0630")
    forward(cast)

    assert rows(cast, "SELECT count(*) FROM server.vote") == [(0,)]
    assert rows(cast, "SELECT count(*) FROM server.vote_rule") == [(19,)]


def test_0650_calls_the_statuses_of_charging_sites_by_their_new_words(cast: Cast) -> None:
    with cast.county.transaction() as session:
        lon, lat = a_point_in(session, cast.community_id)
    for status in ("proposed", "in_service"):
        given = {"community_id": str(cast.community_id), "status": status}
        data = {**given, "location": {"lon": lon, "lat": lat}}
        mutation = a_mutation("charging_site.propose", an_id(), data)
        with cast.county.transaction() as session:
            sender = a_sender(cast.worker, [cell_bucket(cast.cell)])
            [outcome] = propose_sites(session, sender, [mutation], cast.clock)
        assert outcome.status == "applied", outcome
    both = (
        "SELECT s.status, k.body ->> 'status', s.version - k.version FROM server.charging_site s"
        " JOIN sync.entity_state k ON k.entity_id = s.site_id::text"
        " WHERE k.entity = 'charging_site' ORDER BY 1"
    )

    back(cast, "0640")
    assert rows(cast, both) == [("built", "built", 0), ("proposed", "proposed", 0)]
    forward(cast)

    assert rows(cast, both) == [("in_service", "in_service", 0), ("proposed", "proposed", 0)]
    assert rows(cast, "SELECT DISTINCT seq FROM server.charging_site_status") == [(1,)]


def test_0690_goes_back_and_forward_over_a_site_that_is_in_service(cast: Cast) -> None:
    work = a_working(cast.county).walked(7)
    kept = "SELECT status FROM server.charging_site WHERE site_id = :id"

    back(cast, "0680")
    assert rows(cast, kept, id=work["site_id"]) == [("in_service",)]
    forward(cast)

    assert rows(cast, kept, id=work["site_id"]) == [("in_service",)]
    assert rows(cast, "SELECT count(*) FROM server.charging_work_limit") == [(7,)]


def test_0720_goes_back_and_forward_over_what_a_stand_in_did(cast: Cast) -> None:
    with cast.county.transaction() as session:
        deputy = a_person(session, "dispatcher", cast.shift_leader.unit_code)
        stand_ins.name(
            session,
            absent=None,
            deputy=deputy.username,
            from_on=local_day(cast.clock),
            to_on=local_day(cast.clock),
            reason="休假",
            note="",
            actor=cast.shift_leader,
            now=cast.clock,
        )
    case_id, _ = cast.report()
    standing = replace(deputy, role=cast.shift_leader.role, stands_for=cast.shift_leader.user_id)
    cast.order(standing, "case.note", case_id, text="代班记录", photos=[])

    back(cast, "0710")
    sound(cast)
    forward(cast)

    cast.order(cast.dispatcher, "case.note", case_id, text="仍可办理", photos=[])
    sound(cast)


def test_0750_lets_requests_lapse_that_nobody_could_grant_any_more(cast: Cast) -> None:
    waiting, claimed = (cast.report()[0] for _ in range(2))
    for case_id in (waiting, claimed):
        cast.order(cast.dispatcher, "case.dispatch", case_id, unit=cast.fixer.unit_code, demand="立即清走")
        cast.order(cast.fixer, "case.accept", case_id)
        cast.order(cast.fixer, "case.return", case_id, reason="不归我们管")
    cast.order(cast.fixer, "case.claim_fixed", claimed, done="已清走", photos=["ab" * 32])
    states = "SELECT state FROM server.case_request ORDER BY case_id = :id"
    assert rows(cast, states, id=claimed) == [("pending",), ("lapsed",)]

    back(cast, "0740")
    assert rows(cast, states, id=claimed) == [("pending",), ("refused",)]
    with cast.county.owner() as session:  # as the product before left it
        session.execute(text("ALTER TABLE server.case_request DISABLE TRIGGER USER"))
        session.execute(text("UPDATE server.case_request SET state = 'pending', decided_at = NULL"))
        session.execute(text("ALTER TABLE server.case_request ENABLE TRIGGER USER"))
    forward(cast)

    assert rows(cast, states, id=claimed) == [("pending",), ("lapsed",)]
    sound(cast)


def test_0700_goes_back_and_forward_over_a_project_with_its_letter(cast: Cast) -> None:
    working = a_working(cast.county)
    made = charging_projects.ask(working, "POST", "", charging_projects.a_project())
    letters = f"/{made.json['project_id']}/letters"
    urged = charging_projects.ask(working, "POST", letters, {"demand": "加快建设", "answer_by": "2026-12-10"})
    assert urged.status_code == 201

    back(cast, "0690")
    forward(cast)

    assert rows(cast, "SELECT count(*) FROM server.charging_project") == [(0,)]
    again = charging_projects.ask(working, "POST", "", charging_projects.a_project())
    assert again.status_code == 201


def test_0790_calls_a_stopped_scenario_impossible_where_nobody_knows_the_word(cast: Cast) -> None:
    with cast.county.client() as client:
        planner = Planner(cast.county, client)
        scenario_id = planner.ask().json["scenario_id"]
        assert planner.post(f"/scenarios/{scenario_id}/stop").json["state"] == "stopped"

        back(cast, "0780")
        told = "SELECT state, because ->> 'detail' FROM server.siting_scenario"
        assert rows(cast, told) == [("impossible", "It was stopped before it was built.")]
        forward(cast)

        assert planner.get(f"/scenarios/{scenario_id}").json["state"] == "impossible"


def test_what_administrators_did_goes_back_and_forward(cast: Cast) -> None:
    with cast.county.transaction() as session:
        headers = cast.county.bearer(a_person(session, "admin", None))
    unit = {"code": "new_company", "name_zh": "新物业公司", "kind": "property_company"}
    rule = {"category": "parking_disorderly", "severity": "C", "limit_amount": 3, "source": "纪要"}
    document = {**catalog().get("T2").document, "title_en": "E-bike charging, our way"}
    told: tuple[tuple[str, dict[str, Any]], ...] = (
        ("units", unit),
        ("units/new_company/close", {"reason": "机构改革"}),
        ("assignments", {"cells": [cast.cell], "worker": None, "from": "2190-01-01"}),
        ("category-rules", {**rule, "valid_from": "2190-01-01"}),
        ("checklists", {"document": document, "starts_on": "2190-01-01"}),
    )
    with cast.county.client() as client:
        for path, body in told:
            answer = client.post(f"/api/v1/{path}", json=body, headers=headers)
            assert answer.status_code in (200, 201), answer.text

    back(cast, "0720")
    forward(cast)

    assert rows(cast, "SELECT closed_on FROM server.unit WHERE code = 'new_company'") == [(None,)]
    assert rows(cast, "SELECT count(*) FROM server.assignment_change") == [(0,)]
    assert rows(cast, "SELECT count(*) FROM server.checklist_plan") == [(0,)]
    kept = "SELECT limit_amount FROM server.category_rule WHERE valid_from = '2190-01-01'"
    assert rows(cast, kept) == [(3,)]


def test_0850_lays_the_fact_that_two_told_below_its_name_for_the_older_product(cast: Cast) -> None:
    field = Field(cast.county)
    facility_id, _ = field.facility()
    for actor, stops in ((field.worker, 11), (field.other, 10)):
        field.edit("facility.edit", facility_id, {"attributes": ({}, {"stops": stops})}, actor)
    line = "SELECT old, sent, stood FROM sync.conflict"
    was = [({"stops": None}, {"stops": 10}, {"stops": 11})]
    back(cast, "0840")
    assert rows(cast, line) == was
    forward(cast)
    assert rows(cast, f"{line} WHERE fact IS NULL") == was


def test_0890_tells_what_became_of_violations_that_were_found_before(cast: Cast) -> None:
    ended, open_ = cast.report()[0], cast.report()[0]
    inspected(cast, "lamp_broken", case_id=ended)
    inspected(cast, "lamp_broken", "bike_room_blocked", case_id=open_)
    fold(cast.county)
    hand_over(cast, ended)
    inspected(cast, "lamp_broken")
    back(cast, "0880")
    assert work(cast.county, prove) == 0
    forward(cast)
    assert work(cast.county, prove) == 0
    told = "SELECT what, sum(n)::int FROM server.heat_days_exact WHERE what > 9 GROUP BY 1 ORDER BY 1"
    assert rows(cast, told) == [(12, 1), (15, 2), (21, 1)]
