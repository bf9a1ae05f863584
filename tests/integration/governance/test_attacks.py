"""What can never happen to a vote, tried with plain SQL, as the application and as owner of the tables."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.integration.governance.voting import Voting

Role = Callable[[Voting], AbstractContextManager[Session]]
ROLES: dict[str, Role] = {
    "application": lambda voting: voting.county.transaction(),
    "owner": lambda voting: voting.county.owner(),
}


def refused(voting: Voting, role: str, sql: str, **given: Any) -> str:
    try:
        with ROLES[role](voting) as session:
            session.execute(text(sql.replace(":vote", "CAST(:vote AS uuid)")), given)
    except DBAPIError as fault:
        return str(fault.orig)
    pytest.fail(f"the {role} may do this: {sql}")


ON_DECIDED = (
    "UPDATE server.vote SET state = 'void' WHERE vote_id = :vote",
    "UPDATE server.vote SET result = jsonb_set(result, '{outcome}', '\"rejected\"') WHERE vote_id = :vote",
    "UPDATE server.vote SET subject = '别的' WHERE vote_id = :vote",
    "UPDATE server.vote SET head_seq = head_seq + 1 WHERE vote_id = :vote",
    "DELETE FROM server.vote WHERE vote_id = :vote",
    "DELETE FROM server.vote_entry WHERE vote_id = :vote",
    "UPDATE server.vote_entry SET data = '{}' WHERE vote_id = :vote",
    "UPDATE server.vote_ballot_entry SET choice = 'against' WHERE vote_id = :vote",
    "DELETE FROM server.vote_ballot_entry WHERE vote_id = :vote",
    "INSERT INTO server.vote_ballot_entry SELECT vote_id, 'D', pass, 1, choice, kind, proxy_name, because,"
    " entered_by, entered_at FROM server.vote_ballot_entry WHERE vote_id = :vote AND owner_no = 'A'",
    "UPDATE server.vote_unit SET area_m2 = 1000 WHERE vote_id = :vote",
    "DELETE FROM server.vote_unit WHERE vote_id = :vote",
    "INSERT INTO server.vote_owner VALUES (:vote, 'E', 'E')",
    "UPDATE server.vote_owner SET name = 'X' WHERE vote_id = :vote",
    "TRUNCATE server.vote_entry",
    "TRUNCATE server.vote_unit",
    "TRUNCATE server.vote CASCADE",
)
BALLOT = (
    "INSERT INTO server.vote_ballot_entry VALUES (:vote, :owner, :pass, :attempt, :choice, :kind, :proxy,"
    " :because, :by, now())"
)
ENTRY = (
    "INSERT INTO server.vote_entry SELECT vote_id, head_seq + 1, :command, state, :to_state, :by, :unit, :at,"
    " CAST(:data AS jsonb) FROM server.vote WHERE vote_id = :vote"
)


@pytest.mark.parametrize("role", ROLES)
def test_a_decided_vote_its_ballots_and_its_register_stay_as_they_are(voting: Voting, role: str) -> None:
    vote = voting.decided()
    seen = "SELECT to_jsonb(v), (SELECT jsonb_agg(e) FROM server.vote_ballot_entry e) FROM server.vote v"
    before = voting.one(seen)

    for sql in ON_DECIDED:
        refused(voting, role, sql, vote=vote["vote_id"])

    assert voting.one(seen) == before


@pytest.mark.parametrize("role", ROLES)
def test_an_owner_has_one_ballot_entered_by_two_people(voting: Voting, role: str) -> None:
    vote = voting.opened()
    voting.enter(vote, 1, {"A": "for"})
    first = {
        "vote": vote["vote_id"],
        "owner": "A",
        "pass": 1,
        "attempt": 1,
        "choice": "against",
        "kind": "paper",
        "proxy": "",
        "because": "",
        "by": voting.clerk.user_id,
    }

    def attack(**more: Any) -> str:
        return refused(voting, role, BALLOT, **{**first, **more})

    assert "one ballot" in attack()
    assert "ballot_correction_has_a_reason" in attack(attempt=2)
    assert "one ballot" in attack(attempt=5, because="x")
    assert "pass_check" in attack(**{"pass": 3, "by": voting.second.user_id})
    assert "two people" in attack(**{"pass": 2})
    assert "foreign key" in attack(owner="Z")
    assert "ballot_proxy_is_named" in attack(owner="B", kind="proxy")


@pytest.mark.parametrize("role", ROLES)
def test_no_result_is_stored_but_that_of_the_ballots(voting: Voting, role: str) -> None:
    vote = voting.opened()
    for number in (1, 2):
        voting.enter(vote, number, {"A": "for", "B": "for", "C": "against"})
    with voting.county.transaction() as session:
        figures = session.execute(
            text("SELECT server.vote_figures(CAST(:id AS uuid))"), {"id": vote["vote_id"]}
        ).scalar_one()
    given: dict[str, Any] = {
        "vote": vote["vote_id"],
        "command": "vote.count",
        "to_state": "counted",
        "by": voting.chief.user_id,
        "unit": voting.chief.unit_code,
        "at": voting.clock.replace(year=2027),
    }

    def attack(data: Any = None, **more: Any) -> str:
        return refused(voting, role, ENTRY, **{**given, "data": json.dumps(data or {}), **more})

    wrong = {**figures, "approving": {"heads": 3, "area_m2": "350.00"}}
    assert "not what the ballots" in attack({"figures": figures, "outcome": "passed"})
    assert "not what the ballots" in attack({"figures": wrong, "outcome": "passed"})
    assert "has closed" in attack({"figures": figures, "outcome": "rejected"}, at=voting.clock)
    assert "does not lead" in attack(command="vote.decide", to_state="decided")
    assert "not its actor" in attack({"figures": figures, "outcome": "rejected"}, unit="housing_bureau")
    voting.enter(vote, 1, {"D": "for"})
    assert "entered once only" in attack({"figures": figures, "outcome": "rejected"})
    empty = voting.draft()
    assert "without a register" in attack(vote=empty["vote_id"], command="vote.open", to_state="open")
