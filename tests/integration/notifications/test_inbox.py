"""What units and people are told of cases, and what they have read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from server.auth.actor import Actor
from server.ledger.levels import raise_levels
from server.ledger.telling import tell_some
from tests.integration.ledger.acting import Cast, a_digest, an_id


def told(cast: Cast) -> int:
    with cast.county.transaction() as session:
        return tell_some(session, cast.later())


def inbox(cast: Cast, actor: Actor, **query: Any) -> Any:
    with cast.county.client() as client:
        got = client.get("/api/v1/notifications", query_string=query, headers=cast.county.bearer(actor))
        assert got.status_code == 200, got.json
        return got.json


def kinds(cast: Cast, actor: Actor, **query: Any) -> list[str]:
    return [one["kind"] for one in inbox(cast, actor, **query)["items"]]


def unread(cast: Cast, actor: Actor) -> int:
    with cast.county.client() as client:
        got = client.get("/api/v1/notifications/unread", headers=cast.county.bearer(actor))
        told: Any = got.json
        return int(told["unread"])


def mark(cast: Cast, actor: Actor, **body: Any) -> Any:
    with cast.county.client() as client:
        return client.post("/api/v1/notifications/read", json=body, headers=cast.county.bearer(actor))


def dispatched(cast: Cast) -> UUID:
    case_id, _ = cast.report()
    cast.order(cast.dispatcher, "case.dispatch", case_id, unit=cast.fixer.unit_code, demand="立即清走")
    return case_id


def test_a_unit_is_told_of_its_case_from_dispatch_to_close_out(cast: Cast) -> None:
    case_id = cast.to_checking()
    cast.check(case_id, passed=False)
    photo = a_digest()
    cast.order(cast.fixer, "case.claim_fixed", case_id, done="已清走", paid_by="", photos=[photo])
    cast.arrive(photo)
    cast.order(cast.dispatcher, "case.assign_check", case_id, checker=str(cast.checker.user_id))
    cast.check(case_id)
    cast.order(cast.shift_leader, "case.close", case_id)
    while told(cast):
        pass

    found = inbox(cast, cast.fixer)["items"]

    assert sorted(one["kind"] for one in found) == ["claim_refused", "closed", "dispatched"]
    assert {one["entity_id"] for one in found} == {str(case_id)}
    assert all("370831-2026-" in one["title_zh"] for one in found)
    assert kinds(cast, cast.checker) == ["check_assigned", "check_assigned"]
    assert kinds(cast, cast.worker) == []


def test_who_has_a_word_is_told_of_a_request_and_who_asked_of_the_decision(cast: Cast) -> None:
    case_id = dispatched(cast)
    cast.order(cast.fixer, "case.accept", case_id)
    case = cast.order(cast.fixer, "case.return", case_id, reason="不归我们管")
    told(cast)
    waiting = {actor.role: kinds(cast, actor) for actor in (cast.dispatcher, cast.shift_leader, cast.fixer)}
    request = case["requests"][0]["request_id"]
    cast.order(cast.dispatcher, "case.decide", case_id, request_id=request, granted=False, reason="属于你们")
    told(cast)

    assert waiting == {
        "dispatcher": ["request_waiting"],
        "shift_leader": [],
        "property_company": ["dispatched"],
    }
    newest = inbox(cast, cast.fixer)["items"][0]
    assert (newest["kind"], "退回申请未批准" in newest["title_zh"]) == ("request_decided", True)


def test_a_raised_level_is_told(cast: Cast) -> None:
    dispatched(cast)
    with cast.county.transaction() as session:
        raise_levels(session, cast.later(days=60))
    told(cast)

    assert "level_raised" in kinds(cast, cast.fixer)


def test_telling_twice_tells_once_and_a_cause_rolled_back_is_never_told(cast: Cast) -> None:
    dispatched(cast)
    session = cast.county.database.open()
    assert tell_some(session, cast.later()) == 1
    session.rollback()
    session.close()
    told(cast)
    with cast.county.owner() as session:
        session.execute(text("INSERT INTO server.untold SELECT 'case', case_id, seq FROM server.case_entry"))
    told(cast)

    assert kinds(cast, cast.fixer) == ["dispatched"]


def test_reading_is_each_persons_own_and_can_be_done_up_to_a_place(cast: Cast) -> None:
    for _ in range(3):
        dispatched(cast)
        told(cast)
    found = inbox(cast, cast.fixer)["items"]
    ids = [one["notification_id"] for one in found]

    assert mark(cast, cast.fixer, ids=[ids[0], str(an_id())]).json == {"unread": 2}
    assert mark(cast, cast.fixer, until=ids[1]).json == {"unread": 0}
    assert [one["read_at"] is not None for one in inbox(cast, cast.fixer)["items"]] == [True] * 3
    assert kinds(cast, cast.fixer, unread="true") == []
    dispatched(cast)
    told(cast)
    assert unread(cast, cast.fixer) == 1


def test_nobody_marks_what_others_were_told(cast: Cast) -> None:
    dispatched(cast)
    told(cast)
    [one] = inbox(cast, cast.fixer)["items"]

    mark(cast, cast.worker, ids=[one["notification_id"]], until=one["notification_id"])

    with cast.county.transaction() as session:
        assert session.execute(text("SELECT count(*) FROM server.notification_read")).scalar_one() == 0
        assert session.execute(text("SELECT count(*) FROM server.notification_read_until")).scalar_one() == 0


def test_the_inbox_is_paged_without_gap_or_double(cast: Cast) -> None:
    for _ in range(5):
        dispatched(cast)
    told(cast)

    seen, cursor = [], None
    while True:
        page = inbox(cast, cast.fixer, limit=2, **({"cursor": cursor} if cursor else {}))
        seen += [one["notification_id"] for one in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break

    assert len(seen) == len(set(seen)) == 5


@pytest.mark.parametrize(
    "body", [{"ids": ["x"]}, {"ids": "x"}, {"until": 1}, {"other": 1}, [], {"ids": [None]}]
)
def test_an_unreadable_word_of_what_was_read_is_refused(cast: Cast, body: Any) -> None:
    with cast.county.client() as client:
        got = client.post("/api/v1/notifications/read", json=body, headers=cast.county.bearer(cast.fixer))

    assert got.status_code == 422


@pytest.mark.parametrize(
    ("columns", "values"),
    [("", ""), (", unit_code, user_id", ", :unit, :user")],
    ids=["to nobody", "to both"],
)
def test_a_notification_has_exactly_one_recipient(cast: Cast, columns: str, values: str) -> None:
    sql = (
        "INSERT INTO server.notification (notification_id, event_id, kind, entity, entity_id, title_zh,"
        f" title_en, created_at{columns}) VALUES (:id, 'e', 'closed', 'case', :id, '', '', :now{values})"
    )
    given = {
        "id": an_id(),
        "now": cast.clock + timedelta(),
        "unit": cast.fixer.unit_code,
        "user": cast.fixer.user_id,
    }
    with pytest.raises(IntegrityError, match="told_to_a_unit_or_a_person"), cast.county.owner() as session:
        session.execute(text(sql), given)
