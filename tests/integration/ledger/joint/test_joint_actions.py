"""Joint enforcement: proposed by the product, decided by the subdistrict, told by each participant."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from server.auth.actor import Actor
from server.ledger import queries
from server.ledger import service as ledger
from server.ledger.errors import NotNow, StaleVersion
from server.ledger.joint import service
from server.ledger.levels import raise_levels
from server.ledger.verify import verify
from server.problems import InvalidInput, NotFound, NotYours
from tests.build import a_person
from tests.integration.ledger.acting import Cast, a_digest, column
from tests.integration.ledger.conftest import cast as cast
from tests.integration.ledger.test_guards import refused

POLICE, SAFETY = "public_security_bureau", "emergency_bureau"
HELD = date(2026, 12, 1)


class Street:
    """The people of a joint action, and what they order."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        with cast.county.transaction() as session:
            self.chief = a_person(session, "subdistrict", cast.shift_leader.unit_code)
            self.police = a_person(session, "department", POLICE)
            self.safety = a_person(session, "department", SAFETY)

    def actions(self, actor: Actor | None = None, *states: str) -> list[dict[str, Any]]:
        with self.cast.county.transaction() as session:
            return service.listed(session, states, None, 50, actor=actor or self.chief)

    def order(self, actor: Actor, action: dict[str, Any], command: str, **data: Any) -> dict[str, Any]:
        blank: dict[str, Any] = {
            "held_on": None,
            "participants": [],
            "reason": "",
            "finding": "",
            "result": "",
            "succeeded": None,
            "summary": "",
        }
        with self.cast.county.transaction() as session:
            return service.obey(
                session,
                UUID(action["joint_action_id"]),
                command=command,
                base_version=action["version"],
                data={**blank, **data},
                actor=actor,
                now=self.cast.later(),
            )

    def held(self, *, succeeded: bool) -> dict[str, Any]:
        """Take the one proposal to its end."""
        [action] = self.actions()
        action = self.order(self.chief, action, "joint.accept", held_on=HELD)
        for one in (self.chief, self.police, self.safety):
            action = self.order(one, action, "joint.record_result", finding="飞线 3 处", result="当场拆除")
        return self.order(self.chief, action, "joint.conclude", succeeded=succeeded, summary="已清理")


@pytest.fixture
def street(cast: Cast) -> Street:
    return Street(cast)


def a_refused_case(cast: Cast) -> UUID:
    case_id, _ = cast.report(category="private_wiring_charging", severity="A")
    cast.order(cast.worker, "case.record_refusal", case_id, note="拒不整改", photos=[a_digest()])
    return case_id


def the_job_runs(cast: Cast) -> None:
    with cast.county.transaction() as session:
        raise_levels(session, cast.later())


def events(cast: Cast, case_id: UUID) -> list[str]:
    with cast.county.transaction() as session:
        entries = queries.history_of(session, case_id)
    return [str(entry.data["event"]) for entry in entries if entry.command == "case.joint_action"]


def test_the_product_proposes_once_for_many_cases_and_raises_nothing_by_itself(
    cast: Cast, street: Street
) -> None:
    cases = [a_refused_case(cast) for _ in range(3)]
    the_job_runs(cast)
    cases.append(a_refused_case(cast))
    the_job_runs(cast)
    the_job_runs(cast)

    [action] = street.actions()

    assert {one["case_id"] for one in action["cases"]} == {str(one) for one in cases}
    assert [one["unit"] for one in action["participants"]] == sorted([POLICE, SAFETY, street.chief.unit_code])
    assert (action["state"], action["proposed_by"]) == ("proposed", None)
    assert all(events(cast, one) == ["proposed"] for one in cases)
    assert {column(cast.county, one, "level") for one in cases} == {3}


def test_a_joint_action_is_decided_held_told_of_and_concluded(cast: Cast, street: Street) -> None:
    cases = [a_refused_case(cast) for _ in range(2)]
    the_job_runs(cast)

    action = street.held(succeeded=True)

    assert (action["state"], action["held_on"], action["commands"]) == ("succeeded", HELD.isoformat(), [])
    assert {one["unit"] for one in action["results"]} == {POLICE, SAFETY, street.chief.unit_code}
    for case_id in cases:
        told = ["proposed", "accepted", *["result_recorded"] * 3, "succeeded"]
        assert events(cast, case_id) == told
        assert column(cast.county, case_id, "level") == 4
    the_job_runs(cast)
    assert {column(cast.county, one, "level") for one in cases} == {4}
    with cast.county.database.snapshot() as session:
        verify(session)


def test_when_it_fails_the_headquarters_are_called(cast: Cast, street: Street) -> None:
    case_id = a_refused_case(cast)
    the_job_runs(cast)
    street.held(succeeded=False)

    the_job_runs(cast)
    the_job_runs(cast)

    assert column(cast.county, case_id, "level") == 5
    assert len(street.actions()) == 1


def test_a_declined_proposal_is_not_made_again_and_raises_nothing(cast: Cast, street: Street) -> None:
    case_id = a_refused_case(cast)
    the_job_runs(cast)
    [action] = street.actions()

    action = street.order(street.chief, action, "joint.decline", reason="已由派出所处理")
    the_job_runs(cast)

    assert action["state"] == "declined"
    assert events(cast, case_id) == ["proposed", "declined"]
    assert column(cast.county, case_id, "level") == 3
    assert len(street.actions()) == 1


def test_only_the_subdistrict_decides_and_only_participants_tell(cast: Cast, street: Street) -> None:
    a_refused_case(cast)
    the_job_runs(cast)
    [action] = street.actions()
    with cast.county.transaction() as session:
        other = a_person(session, "subdistrict", "jihe_subdistrict")
        stranger = a_person(session, "department", "water_bureau")

    for actor in (street.police, cast.dispatcher):
        with pytest.raises(NotYours):
            street.order(actor, action, "joint.accept", held_on=HELD)
    for actor in (other, stranger):
        with pytest.raises(NotFound):
            street.order(actor, action, "joint.accept", held_on=HELD)
        assert street.actions(actor) == []
    assert len(street.actions(street.police)) == 1
    with pytest.raises(NotNow):
        street.order(street.police, action, "joint.record_result", finding="无", result="无")


def test_each_step_needs_what_it_needs(cast: Cast, street: Street) -> None:
    a_refused_case(cast)
    the_job_runs(cast)
    [action] = street.actions()

    with pytest.raises(InvalidInput):
        street.order(street.chief, action, "joint.accept")
    with pytest.raises(InvalidInput):
        street.order(street.chief, action, "joint.accept", held_on=HELD, participants=["nowhere"])
    with pytest.raises(InvalidInput):
        street.order(street.chief, action, "joint.decline")
    accepted = street.order(
        street.chief, action, "joint.accept", held_on=HELD, participants=["housing_bureau"]
    )
    with pytest.raises(StaleVersion):
        street.order(street.chief, action, "joint.decline", reason="迟了")
    with pytest.raises(NotNow, match="No result yet"):
        street.order(street.chief, accepted, "joint.conclude", succeeded=True, summary="完成")
    assert "housing_bureau" in {one["unit"] for one in accepted["participants"]}


def test_a_participant_sees_the_bundled_cases(cast: Cast, street: Street) -> None:
    case_id = a_refused_case(cast)
    the_job_runs(cast)
    [action] = street.actions()
    street.order(street.chief, action, "joint.accept", held_on=HELD, participants=["housing_bureau"])
    with cast.county.transaction() as session:
        invited = a_person(session, "department", "housing_bureau")
        assert ledger.visible_case_ids(session, invited, [case_id], cast.clock) == {case_id}


def test_people_propose_over_http_and_the_subdistrict_declines(cast: Cast, street: Street) -> None:
    case_id, _ = cast.report(category="small_ad_not_cleared")
    with cast.county.client() as client:

        def call(actor: Actor, path: str, body: Any = None) -> Any:
            headers = cast.county.bearer(actor)
            url = f"/api/v1/joint-actions{path}"
            return (
                client.get(url, headers=headers)
                if body is None
                else client.post(url, headers=headers, json=body)
            )

        body = {"case_ids": [str(case_id)], "reason": "多次清理无效", "participants": [POLICE]}
        made = call(cast.shift_leader, "", body)
        again = call(cast.shift_leader, "", body)
        unknown = call(cast.shift_leader, "", {**body, "case_ids": ["018f0000-0000-7000-8000-000000000000"]})
        nobody = call(cast.worker, "", body)
        path = f"/{made.json['joint_action_id']}"
        order = {"type": "joint.decline", "base_version": 1, "data": {"reason": "暂缓"}}
        unreadable = call(street.chief, f"{path}/commands", {**order, "data": {"held_on": "soon"}})
        declined = call(street.chief, f"{path}/commands", order)
        listed = call(street.chief, "?state=declined")

    assert [one.status_code for one in (made, again, unknown, nobody)] == [201, 409, 404, 403]
    assert [one.status_code for one in (unreadable, declined, listed)] == [422, 200, 200]
    assert made.json["commands"] == []
    assert declined.json["decision_reason"] == "暂缓"
    assert [one["joint_action_id"] for one in listed.json["items"]] == [made.json["joint_action_id"]]
    assert events(cast, case_id) == ["proposed", "declined"]


ATTACKS = [
    (
        "UPDATE server.joint_action SET state = 'proposed', decided_at = NULL, decided_by = NULL,"
        " held_on = NULL, concluded_at = NULL, concluded_by = NULL, summary = NULL",
        "joint_action_stands",
    ),
    ("UPDATE server.joint_action SET state = 'failed'", "joint_action_goes_on"),
    ("UPDATE server.joint_action SET reason = 'another'", "joint_action_stands"),
    ("UPDATE server.joint_action SET held_on = held_on + 1", "joint_action_stands"),
    (
        "INSERT INTO server.joint_action_participant SELECT joint_action_id, 'water_bureau'"
        " FROM server.joint_action",
        "joint_action_in_its_time",
    ),
    (
        "INSERT INTO server.joint_action_result SELECT joint_action_id, subdistrict_unit, 9,"
        " 'x', 'y', concluded_by, now() FROM server.joint_action",
        "joint_action_in_its_time",
    ),
]


REMOVALS = (
    "DELETE FROM server.joint_action_result",
    "UPDATE server.joint_action_result SET result = 'better'",
    "DELETE FROM server.joint_action_case",
    "DELETE FROM server.joint_action",
    "TRUNCATE server.joint_action CASCADE",
)


def test_what_was_decided_is_never_rewritten(cast: Cast, street: Street) -> None:
    a_refused_case(cast)
    the_job_runs(cast)
    street.held(succeeded=True)

    for attack, fault in ATTACKS:
        with refused(fault), cast.county.owner() as session:
            session.execute(text(attack))
    for attack in REMOVALS:
        with pytest.raises(IntegrityError, match="append-only"), cast.county.owner() as session:
            session.execute(text(attack))


def test_none_is_concluded_while_a_participant_is_silent_nor_told_of_by_strangers(
    cast: Cast, street: Street
) -> None:
    a_refused_case(cast)
    the_job_runs(cast)
    [action] = street.actions()
    street.order(street.chief, action, "joint.accept", held_on=HELD)

    with refused("joint_action_has_results"), cast.county.owner() as session:
        session.execute(
            text(
                "UPDATE server.joint_action SET state = 'succeeded', concluded_at = now(),"
                " concluded_by = decided_by, summary = 'x'"
            )
        )
    with refused("joint_result_of_ones_own"), cast.county.owner() as session:
        session.execute(
            text(
                "INSERT INTO server.joint_action_result"
                " SELECT joint_action_id, :unit, 1, 'x', 'y', decided_by, now() FROM server.joint_action"
            ),
            {"unit": POLICE},
        )


def test_no_case_is_proposed_twice_by_the_product(cast: Cast, street: Street) -> None:
    a_refused_case(cast)
    the_job_runs(cast)
    [action] = street.actions()
    street.order(street.chief, action, "joint.decline", reason="不需要")

    with refused("proposed_once"), cast.county.owner() as session:
        session.execute(
            text(
                "WITH made AS (INSERT INTO server.joint_action"
                " (joint_action_id, subdistrict_unit, reason, proposed_at)"
                " SELECT gen_random_uuid(), subdistrict_unit, reason, now() FROM server.joint_action"
                " RETURNING joint_action_id)"
                " INSERT INTO server.joint_action_case SELECT made.joint_action_id, c.case_id, true, now()"
                " FROM made, server.joint_action_case c"
            )
        )
