"""What turns a case off the straight way: through the service, with everything stored."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from server.auth.actor import Actor
from server.ledger import history, queries, service
from server.ledger.errors import NothingAsked, SamePerson, StateForbids
from server.ledger.history import SYSTEM
from server.ledger.levels import raise_levels
from server.ledger.resuming import resume_due
from server.ledger.terms import local_day
from server.ledger.verify import verify
from server.problems import InvalidInput, NotYours
from tests.build import a_person
from tests.integration.ledger.acting import Cast, a_digest, an_id, column
from tests.integration.ledger.test_guards import forged, refused


def in_progress(cast: Cast) -> UUID:
    case_id, _ = cast.report()
    cast.order(cast.dispatcher, "case.dispatch", case_id, unit=cast.fixer.unit_code, demand="立即清走")
    cast.order(cast.fixer, "case.accept", case_id)
    return case_id


def by_a_resident(cast: Cast, like: UUID) -> UUID:
    """Store a report of a resident, of the kind and place of another case and with its photos."""
    case_id = an_id()
    with cast.county.owner() as session:
        both = {"new": case_id, "old": like}
        session.execute(text(REPORT), both)
        told = 'SELECT category, severity, measure FROM server."case" WHERE case_id = :old'
        facts = dict(session.execute(text(told), both).mappings().one())
        entry = history.write(
            history.begin(case_id),
            "case.report",
            "reported",
            author=SYSTEM,
            at=cast.later(),
            salt=b"1" * 16,
            facts=facts,
        )
        queries.store_entry(session, entry, {})
        session.execute(text(CLAIMS), both)
    return case_id


REPORT = (
    'INSERT INTO server."case" (case_id, category, severity, measure, source, community_id, reported_at)'
    " SELECT :new, category, severity, measure, 'resident', community_id, reported_at"
    ' FROM server."case" WHERE case_id = :old'
)
CLAIMS = (
    "INSERT INTO server.photo_claim (entity, entity_id, sha256, role, entry_seq, context, claimed_at)"
    " SELECT entity, :new, sha256, role, 0, context, claimed_at FROM server.photo_claim"
    " WHERE entity = 'case' AND entity_id = :old"
)


def asked(cast: Cast, actor: Actor, name: str, case_id: UUID, **data: Any) -> str:
    """Ask for something and return the request's id."""
    case = cast.order(actor, name, case_id, **data)
    newest: str = case["requests"][0]["request_id"]
    return newest


def lead(cast: Cast, case_id: UUID) -> Actor:
    with cast.county.transaction() as session:
        return a_person(session, "department", column(cast.county, case_id, "lead_unit"))


def test_a_granted_return_goes_back_to_the_desk_and_out_again_under_the_same_number(cast: Cast) -> None:
    case_id = in_progress(cast)
    number = column(cast.county, case_id, "number")
    request = asked(cast, cast.fixer, "case.return", case_id, reason="不归我们管")

    back = cast.order(cast.dispatcher, "case.decide", case_id, request_id=request, granted=True)
    again = cast.order(
        cast.dispatcher, "case.dispatch", case_id, unit=cast.fixer.unit_code, demand="核实后仍归你处"
    )

    assert (back["state"], back["returned_count"]) == ("filed", 1)
    assert (again["state"], again["number"]) == ("dispatched", number)
    assert [one["state"] for one in again["requests"]] == ["granted"]
    with cast.county.database.snapshot() as session:
        assert verify(session).cases == 1


def test_what_waits_lapses_with_the_claim_and_can_no_longer_be_granted(cast: Cast) -> None:
    case_id = in_progress(cast)
    request = asked(cast, cast.fixer, "case.return", case_id, reason="不归我们管")

    claimed = cast.order(cast.fixer, "case.claim_fixed", case_id, done="已清走", photos=[a_digest()])
    with pytest.raises(NothingAsked):
        cast.order(cast.dispatcher, "case.decide", case_id, request_id=request, granted=True)

    assert [one["state"] for one in claimed["requests"]] == ["lapsed"]
    with cast.county.transaction() as session:
        last = service.history_of(session, case_id, actor=cast.shift_leader, now=cast.clock)[-1]
        assert last["data"]["lapsed"] == ["return"]
        verify(session)


def test_a_remark_is_made_at_any_time_and_moves_no_end(cast: Cast) -> None:
    case_id = in_progress(cast)
    ended = cast.order(cast.shift_leader, "case.transfer", case_id, unit="water_bureau", photos=[a_digest()])

    noted = cast.order(cast.shift_leader, "case.note", case_id, text="水务局来电已收到")

    assert (noted["state"], noted["ended_at"]) == ("transferred", ended["ended_at"])


def test_a_request_shows_whose_word_is_wanted(cast: Cast) -> None:
    case_id = in_progress(cast)
    asked(cast, cast.fixer, "case.return", case_id, reason="不归我们管")

    with cast.county.transaction() as session:
        seen = {
            who.role: service.show(session, case_id, actor=who, now=cast.clock)
            for who in (cast.fixer, cast.dispatcher)
        }

    assert [seen[role]["requests"][0]["yours"] for role in ("property_company", "dispatcher")] == [
        False,
        True,
    ]
    assert "case.decide" in seen["dispatcher"]["commands"]
    assert "case.decide" not in seen["property_company"]["commands"]


def test_a_suspended_case_stands_still_and_resumes_by_itself_on_its_day(cast: Cast) -> None:
    case_id = in_progress(cast)
    day = local_day(cast.clock) + timedelta(days=30)
    request = asked(cast, cast.fixer, "case.suspend", case_id, resume_on=day.isoformat(), reason="冬季停工")
    cast.order(lead(cast, case_id), "case.decide", case_id, request_id=request, granted=True)
    paused = cast.order(cast.shift_leader, "case.decide", case_id, request_id=request, granted=True)
    due = column(cast.county, case_id, "due_at")

    with cast.county.transaction() as session:
        assert raise_levels(session, cast.clock + timedelta(days=20)) == 0
        assert resume_due(session, cast.clock + timedelta(days=29)) == 0
        assert resume_due(session, cast.clock + timedelta(days=30)) == 1
        assert resume_due(session, cast.clock + timedelta(days=30)) == 0

    assert (paused["state"], paused["signal"], paused["resume_on"]) == ("suspended", "green", day.isoformat())
    assert column(cast.county, case_id, "state") == "in_progress"
    assert column(cast.county, case_id, "due_at") > due + timedelta(days=25)
    assert column(cast.county, case_id, "paused_at") is None
    with cast.county.database.snapshot() as session:
        verify(session)


def test_a_merged_report_hands_its_photos_to_the_other_case(cast: Cast) -> None:
    stays, _ = cast.report()
    leaves, _ = cast.report("fire_lane_blocked", "A")
    report, _ = cast.report(photos=[a_digest(), a_digest()])
    with pytest.raises(StateForbids):
        cast.order(cast.shift_leader, "case.merge", report, into=str(stays))
    waiting = by_a_resident(cast, report)

    with pytest.raises(InvalidInput, match="category"):
        cast.order(cast.shift_leader, "case.merge", waiting, into=str(leaves))
    merged = cast.order(cast.shift_leader, "case.merge", waiting, into=str(stays))

    assert (merged["state"], merged["merged_into"]) == ("merged", str(stays))
    with cast.county.transaction() as session:
        other = service.show(session, stays, actor=cast.shift_leader, now=cast.clock)
        last = service.history_of(session, stays, actor=cast.shift_leader, now=cast.clock)[-1]
    assert len(other["photos"]) == 3
    assert (last["command"], last["data"]) == ("case.join", {"merged": str(waiting)})


def test_a_case_is_voided_by_two_people_even_against_the_tables_owner(cast: Cast) -> None:
    case_id = in_progress(cast)
    request = asked(cast, cast.shift_leader, "case.void", case_id, reason="重复录入")
    with cast.county.transaction() as session:
        second = a_person(session, "shift_leader", cast.shift_leader.unit_code)

    with pytest.raises(SamePerson):
        cast.order(cast.shift_leader, "case.decide", case_id, request_id=request, granted=True)
    with refused("voided_by_a_second_person"), cast.county.owner() as session:
        entry = forged(cast, session, case_id, "case.decide", "voided", cast.shift_leader, request_id=request)
        queries.store_entry(session, entry, {})
    with refused("decided_what_was_asked"), cast.county.owner() as session:
        entry = forged(cast, session, case_id, "case.decide", "in_progress", second, request_id=str(an_id()))
        queries.store_entry(session, entry, {})
    voided = cast.order(second, "case.decide", case_id, request_id=request, granted=True)

    assert voided["state"] == "voided"
    assert column(cast.county, case_id, "ended_at") == cast.clock


def test_a_closed_case_whose_problem_is_back_goes_the_whole_way_again(cast: Cast) -> None:
    case_id = cast.to_checking()
    cast.check(case_id)
    cast.order(cast.shift_leader, "case.close", case_id)
    before = a_digest()

    back = cast.order(cast.worker, "case.reopen", case_id, photos=[before], location=cast.location())
    cast.arrive(before)

    assert (back["state"], back["rebound_count"], back["closed_at"]) == ("in_progress", 1, None)
    with refused("case_transition_permitted"), cast.county.owner() as session:
        queries.store_entry(
            session, forged(cast, session, case_id, "case.close", "closed", cast.shift_leader), {}
        )
    after = a_digest()
    cast.order(cast.fixer, "case.claim_fixed", case_id, done="再次清走", paid_by="物业", photos=[after])
    cast.arrive(after)
    cast.order(cast.dispatcher, "case.assign_check", case_id, checker=str(cast.checker.user_id))
    cast.check(case_id)
    assert cast.order(cast.shift_leader, "case.close", case_id)["state"] == "closed"
    with cast.county.database.snapshot() as session:
        verify(session)


def test_a_decided_request_is_never_rewritten_nor_deleted(cast: Cast) -> None:
    case_id = in_progress(cast)
    request = asked(cast, cast.fixer, "case.return", case_id, reason="不归我们管")
    cast.order(cast.dispatcher, "case.decide", case_id, request_id=request, granted=False, reason="属于你们")

    for sql, name in (
        ("UPDATE server.case_request SET state = 'granted'", "request_is_decided_once"),
        ("UPDATE server.case_request SET asked_by = asked_by, asked_at = now()", "request_is_decided_once"),
    ):
        with refused(name), cast.county.owner() as session:
            session.execute(text(sql))
    with pytest.raises(IntegrityError, match="append-only"), cast.county.owner() as session:
        session.execute(text("DELETE FROM server.case_request"))
    assert column(cast.county, case_id, "buck_passing_count") == 1


def test_a_report_of_a_resident_is_verified_by_the_worker_who_was_asked_and_then_filed(cast: Cast) -> None:
    case_id = by_a_resident(cast, cast.report()[0])
    place: dict[str, Any] = {"photos": [a_digest()], "location": cast.location()}

    cast.order(cast.shift_leader, "case.ask_verification", case_id, worker=str(cast.checker.user_id))
    with pytest.raises(NotYours):
        cast.order(cast.worker, "case.verify", case_id, finding="true", **place)
    with pytest.raises(InvalidInput, match="location"):
        cast.order(cast.checker, "case.verify", case_id, finding="true", photos=[a_digest()])
    seen = cast.order(cast.checker, "case.verify", case_id, finding="true", **place)
    filed = cast.order(cast.shift_leader, "case.file", case_id)

    assert (seen["state"], seen["finding"]) == ("reported", "true")
    assert (filed["state"], filed["number"]) == ("filed", "370831-2026-000002")


def test_a_report_that_is_not_true_is_declined_with_the_reason_and_takes_no_number(cast: Cast) -> None:
    case_id = by_a_resident(cast, cast.report()[0])

    declined = cast.order(cast.shift_leader, "case.decline", case_id, reason="查无此事")

    assert (declined["state"], declined["number"], declined["commands"]) == ("declined", None, ["case.note"])


def test_a_case_handed_over_stays_listed_with_the_receipt(cast: Cast) -> None:
    case_id = in_progress(cast)
    receipt = a_digest()

    gone = cast.order(
        cast.shift_leader, "case.transfer", case_id, unit="public_security_bureau", photos=[receipt]
    )
    with pytest.raises(StateForbids):
        cast.order(cast.fixer, "case.claim_fixed", case_id, done="已清走", photos=[a_digest()])

    assert (gone["state"], gone["transferred_to"]) == ("transferred", "public_security_bureau")
    assert receipt in {photo["sha256"] for photo in gone["photos"]}


def test_a_company_that_dissuaded_and_a_department_that_acted_leave_facts_not_states(cast: Cast) -> None:
    case_id = in_progress(cast)

    told = cast.order(cast.fixer, "case.report_dissuaded", case_id, note="已当面劝阻", photos=[a_digest()])
    with pytest.raises(InvalidInput, match="basis"):
        cast.order(lead(cast, case_id), "case.record_disposition", case_id, document_no="7号")
    acted = cast.order(
        lead(cast, case_id),
        "case.record_disposition",
        case_id,
        document_no="泗综执罚〔2026〕7号",
        kind="罚款",
        basis="《物业管理条例》",
        amount_yuan="200.00",
        party="某业主",
        carried_out=True,
    )

    assert (told["state"], acted["state"]) == ("in_progress", "in_progress")
    with cast.county.transaction() as session:
        last = service.history_of(session, case_id, actor=cast.shift_leader, now=cast.clock)[-1]
    assert (last["data"]["amount_yuan"], last["data"]["party"]) == ("200.00", "某业主")


def test_many_cases_are_dispatched_at_once_each_with_its_own_result(cast: Cast) -> None:
    ready = [cast.report()[0], cast.report()[0]]
    done = in_progress(cast)
    body = {
        "type": "case.dispatch",
        "data": {"unit": cast.fixer.unit_code, "demand": "三日内清走"},
        "cases": [{"case_id": str(one), "base_version": 2} for one in (*ready, done, an_id())],
    }

    headers = cast.county.bearer(cast.dispatcher)
    with cast.county.client() as client:
        answer = client.post("/api/v1/cases/commands", json=body, headers=headers)
        others = [{**body, "type": "case.check"}, {**body, "cases": []}]
        wrong = [client.post("/api/v1/cases/commands", json=one, headers=headers) for one in others]

    results = answer.get_json()["results"]
    assert [one["done"] for one in results] == [True, True, False, False]
    assert [one["problem"]["type"] for one in results[2:]] == [
        "/problems/stale-version",
        "/problems/not-found",
    ]
    assert {column(cast.county, case_id, "state") for case_id in ready} == {"dispatched"}
    assert [one.status_code for one in wrong] == [422, 422]
