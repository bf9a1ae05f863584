"""Acting for a colleague: what a stand-in sees and does, and what two people in one deed may never do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from server.auth.actor import Actor
from server.auth.request import ON_BEHALF_OF
from server.auth.stand_ins import service as stand_ins
from server.auth.stand_ins.errors import NotStandingIn, StandInOverlaps
from server.ledger import history
from server.ledger.errors import SamePerson
from server.ledger.queries import store_entry
from server.ledger.repeat_queries import heads_for_update
from server.ledger.terms import local_day
from server.ledger.verify import verify
from server.problems import InvalidInput, NotYours
from tests.build import County, a_person
from tests.integration.ledger.acting import Cast, a_cast, a_digest


@pytest.fixture
def cast(county: County) -> Cast:
    return a_cast(county)


@pytest.fixture
def deputy(cast: Cast) -> Actor:
    """Return a dispatcher of the shift leader's unit."""
    with cast.county.transaction() as session:
        return a_person(session, "dispatcher", cast.shift_leader.unit_code)


def name(cast: Cast, absent: Actor, deputy: Actor, *, days: int = 3, **more: Any) -> dict[str, Any]:
    first: date = more.pop("from_on", local_day(cast.clock))
    with cast.county.transaction() as session:
        return stand_ins.name(
            session,
            absent=None,
            deputy=deputy.username,
            from_on=first,
            to_on=first + timedelta(days=days),
            reason="休假",
            note="南门两件等签字",
            actor=absent,
            now=cast.clock,
            **more,
        )


def in_place_of(cast: Cast, deputy: Actor, absent: Actor, now: datetime | None = None) -> Actor:
    with cast.county.transaction() as session:
        return stand_ins.stand_in_for(session, deputy, absent.user_id, now or cast.clock)


def test_a_stand_in_signs_what_waited_for_the_absent_and_the_history_tells_both(
    cast: Cast, deputy: Actor
) -> None:
    case_id = cast.to_checking()
    cast.check(case_id)
    with pytest.raises(NotYours):
        cast.order(deputy, "case.close", case_id)

    name(cast, cast.shift_leader, deputy)
    cast.order(in_place_of(cast, deputy, cast.shift_leader), "case.close", case_id)

    with cast.county.client() as client:
        path = f"/api/v1/cases/{case_id}/history"
        last = client.get(path, headers=cast.county.bearer(deputy)).get_json()["items"][-1]
    assert (last["command"], last["actor"]["user_id"]) == ("case.close", str(deputy.user_id))
    assert last["actor"]["stands_for"] == cast.shift_leader.display_name
    with cast.county.transaction() as session:
        verify(session)


def test_it_begins_and_ends_by_itself(cast: Cast, deputy: Actor) -> None:
    name(cast, cast.shift_leader, deputy, days=1, from_on=local_day(cast.clock) + timedelta(days=1))

    for days, stands in ((0, False), (1, True), (2, True), (3, False)):
        at = cast.clock + timedelta(days=days)
        if stands:
            assert in_place_of(cast, deputy, cast.shift_leader, at).role == "shift_leader"
        else:
            with pytest.raises(NotStandingIn):
                in_place_of(cast, deputy, cast.shift_leader, at)


def test_a_revoked_stand_in_is_over_at_once(cast: Cast, deputy: Actor) -> None:
    made = name(cast, cast.shift_leader, deputy)
    with cast.county.transaction() as session:
        stand_ins.revoke(session, UUID(made["stand_in_id"]), actor=cast.shift_leader, now=cast.later())

    with pytest.raises(NotStandingIn):
        in_place_of(cast, deputy, cast.shift_leader)


def test_nobody_passes_on_what_they_hold_for_another(cast: Cast, deputy: Actor) -> None:
    with cast.county.transaction() as session:
        third = a_person(session, "dispatcher", cast.shift_leader.unit_code)
    name(cast, cast.shift_leader, deputy)
    name(cast, deputy, third)

    with pytest.raises(NotStandingIn):
        in_place_of(cast, third, cast.shift_leader)


def test_the_checker_does_not_sign_as_a_stand_in_nor_through_one(cast: Cast, deputy: Actor) -> None:
    with cast.county.transaction() as session:
        another = a_person(session, "shift_leader", cast.shift_leader.unit_code)
    case_id = cast.to_claimed()
    cast.order(cast.dispatcher, "case.assign_check", case_id, checker=str(deputy.user_id))
    photo = a_digest()
    body: dict[str, Any] = {"passed": True, "reason": "", "location": cast.location(), "photos": [photo]}
    cast.order(deputy, "case.check", case_id, **body)
    cast.arrive(photo)
    name(cast, cast.shift_leader, deputy)
    name(cast, deputy, another)

    for signer in (
        in_place_of(cast, deputy, cast.shift_leader),
        replace(another, stands_for=deputy.user_id),
    ):
        with pytest.raises(SamePerson):
            cast.order(signer, "case.close", case_id)


def test_a_check_made_for_the_absent_keeps_both_from_signing(cast: Cast, deputy: Actor) -> None:
    case_id = cast.to_claimed()
    cast.order(cast.dispatcher, "case.assign_check", case_id, checker=str(cast.shift_leader.user_id))
    name(cast, cast.shift_leader, deputy)
    standing = in_place_of(cast, deputy, cast.shift_leader)
    photo = a_digest()
    body: dict[str, Any] = {"passed": True, "reason": "", "location": cast.location(), "photos": [photo]}
    cast.order(standing, "case.check", case_id, **body)
    cast.arrive(photo)

    for signer in (cast.shift_leader, standing):
        with pytest.raises(SamePerson):
            cast.order(signer, "case.close", case_id)


def test_whoever_asked_to_void_a_case_does_not_grant_it_through_a_stand_in(cast: Cast, deputy: Actor) -> None:
    case_id, _ = cast.report()
    answer = cast.order(cast.shift_leader, "case.void", case_id, reason="重复登记")
    request_id = answer["requests"][0]["request_id"]
    name(cast, cast.shift_leader, deputy)

    with pytest.raises((SamePerson, NotYours)):
        cast.order(
            in_place_of(cast, deputy, cast.shift_leader),
            "case.decide",
            case_id,
            request_id=request_id,
            granted=True,
            reason="",
        )


def test_plain_sql_gets_no_further(cast: Cast, deputy: Actor) -> None:
    case_id = cast.to_checking()
    cast.check(case_id)

    def close_as(author: history.Author) -> None:
        with cast.county.transaction() as session:
            head = heads_for_update(session, [case_id])[case_id]
            entry = history.write(
                head, "case.close", "closed", author=author, at=cast.clock, salt=b"", facts={}
            )
            store_entry(session, entry, {})

    def write(author: history.Author, fault: str) -> None:
        with pytest.raises(IntegrityError, match=fault):
            close_as(author)

    street = cast.shift_leader.unit_code
    write(history.Author(deputy.user_id, street, cast.shift_leader.user_id), "does not stand in")
    name(cast, cast.shift_leader, deputy)
    name(cast, cast.checker, deputy)
    write(history.Author(deputy.user_id, street, cast.checker.user_id), "does not sign")
    write(history.Author(cast.fixer.user_id, cast.fixer.unit_code), "neither checks nor signs")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("absent_id", "deputy_id"),
        ("to_on", "to_on + 400"),
        ("reason", "'x'"),
    ],
)
def test_a_stand_in_is_never_rewritten(cast: Cast, deputy: Actor, column: str, value: str) -> None:
    name(cast, cast.shift_leader, deputy)

    changes = "nothing else of it changes"
    with pytest.raises(IntegrityError, match=changes), cast.county.transaction() as session:
        session.execute(text(f"UPDATE server.stand_in SET {column} = {value}"))


def test_what_cannot_be_a_stand_in_is_told_by_its_member(cast: Cast, deputy: Actor) -> None:
    today = local_day(cast.clock)
    wrong: tuple[tuple[Actor, Actor, dict[str, Any], str], ...] = (
        (cast.shift_leader, cast.fixer, {}, "/deputy"),
        (cast.shift_leader, cast.shift_leader, {}, "/deputy"),
        (cast.shift_leader, deputy, {"days": -1}, "/to_on"),
        (cast.shift_leader, deputy, {"days": 93}, "/to_on"),
        (cast.shift_leader, deputy, {"from_on": today - timedelta(days=9)}, "/to_on"),
    )
    for absent, acting, more, pointer in wrong:
        with pytest.raises(InvalidInput) as told:
            name(cast, absent, acting, **more)
        assert [one["pointer"] for one in told.value.errors] == [pointer]
    name(cast, cast.shift_leader, deputy)
    with pytest.raises(StandInOverlaps):
        name(cast, cast.shift_leader, cast.dispatcher)


@pytest.fixture
def client(cast: Cast) -> Iterator[FlaskClient]:
    with cast.county.client() as client:
        yield client


def test_over_http_the_header_opens_the_work_of_the_absent_and_nothing_else(
    cast: Cast, client: FlaskClient
) -> None:
    with cast.county.transaction() as session:
        clerk = a_person(session, "intake_clerk", cast.shift_leader.unit_code)
    case_id = cast.to_checking()
    cast.check(case_id)
    bearer = cast.county.bearer(clerk)
    behalf = {**bearer, ON_BEHALF_OF: str(cast.shift_leader.user_id)}
    today = datetime.now(cast.clock.tzinfo) + timedelta(hours=8)
    given = {
        "deputy": clerk.username,
        "from_on": (today - timedelta(days=1)).date().isoformat(),
        "to_on": (today + timedelta(days=2)).date().isoformat(),
        "reason": "培训",
    }
    assert client.get("/api/v1/work", headers=behalf).status_code == 403

    made = client.post("/api/v1/stand-ins", json=given, headers=cast.county.bearer(cast.shift_leader))

    assert made.status_code == 201, made.text
    kinds = {
        one["kind"]: one["count"] for one in client.get("/api/v1/work", headers=behalf).get_json()["items"]
    }
    assert kinds["signature"] == 1
    assert "signature" not in {
        one["kind"] for one in client.get("/api/v1/work", headers=bearer).get_json()["items"]
    }
    mine = client.get("/api/v1/stand-ins", headers=bearer).get_json()["items"]
    assert [(one["yours"], one["state"]) for one in mine] == [(True, "in_force")]
    refused = client.post("/api/v1/stand-ins", json=given, headers=behalf)
    assert (refused.status_code, refused.get_json()["type"]) == (403, "/problems/stand-in-not-here")
    assert client.get("/api/v1/work", headers={**bearer, ON_BEHALF_OF: "x"}).status_code == 403
    order: dict[str, Any] = {
        "type": "case.close",
        "data": {},
        "cases": [{"case_id": str(case_id), "base_version": 1}],
    }
    stale = client.post("/api/v1/cases/commands", json=order, headers=behalf).get_json()["results"][0]
    order["cases"][0]["base_version"] = stale["problem"]["current"]["version"]
    done = client.post("/api/v1/cases/commands", json=order, headers=behalf).get_json()["results"][0]
    assert done["done"], done
    ended = client.post(f"/api/v1/stand-ins/{made.get_json()['stand_in_id']}/revoke", headers=bearer)
    assert (ended.status_code, ended.get_json()["state"]) == (200, "revoked")
    assert client.get("/api/v1/work", headers=behalf).status_code == 403
    noted = f"/api/v1/stand-ins/{made.get_json()['stand_in_id']}/notes"
    assert client.post(noted, json={"words": "  "}, headers=bearer).status_code == 422
    assert (
        client.post(noted, json={"words": "已签"}, headers=bearer).get_json()["notes"][-1]["words"] == "已签"
    )
    assert client.post(noted, json={"words": "x"}, headers=cast.county.bearer(cast.fixer)).status_code == 404
