"""What follows from an inspection beside violations: sightings, tasks, deductions, refusals, gates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server.inspections import service
from sync.mutations import Mutation, Outcome
from tests.build import NOW
from tests.integration.inspections.making import inspection_data, push, rows, version_of_checklist
from tests.integration.ledger.acting import Cast, a_digest, a_mutation, an_id


def walk(cast: Cast, checklist: str, answers: Mapping[str, Any]) -> tuple[Mutation, Outcome]:
    """Push one inspection by a checklist and return it with its outcome."""
    version = version_of_checklist(cast, checklist)
    data = inspection_data(cast, version, checklist=checklist, answers=dict(answers))
    mutation = a_mutation("inspection.create", an_id(), data)
    [outcome] = push(cast, [mutation])
    return mutation, outcome


def a_car(plate: str, **more: Any) -> dict[str, Any]:
    car = {"plate": {"value": plate}, "dust_flat_tyres_long_parked": {"value": True}, "photos": [a_digest()]}
    return {"vehicles": {"instances": [{**car, **more}]}}


def outcomes_of(cast: Cast, mutation: Mutation) -> list[dict[str, Any]]:
    with cast.county.transaction() as session:
        shown = service.show(session, mutation.entity_id, actor=cast.worker, now=NOW)
    found: list[dict[str, Any]] = shown["outcomes"]
    return found


def in_buckets(cast: Cast) -> list[dict[str, Any]]:
    return rows(
        cast,
        "SELECT b.bucket, s.body FROM sync.bucket_entry b JOIN sync.entity_state s USING (entity, entity_id)"
        " WHERE entity = 'task' AND alive ORDER BY b.bucket, s.body ->> 'kind'",
    )


SEEN_AGAIN = [
    (14, "鲁H12345", []),
    (15, "鲁H12345", ["zombie_vehicle"]),
    (15, "鲁h 12345", ["zombie_vehicle"]),
    (15, "鲁H54321", []),
    (200, "鲁H12345", []),
]


@pytest.mark.parametrize(("days", "plate", "categories"), SEEN_AGAIN)
def test_a_car_is_a_zombie_when_the_same_plate_was_seen_so_15_days_before(
    cast: Cast, days: int, plate: str, categories: list[str]
) -> None:
    walk(cast, "T6", a_car("鲁H12345"))
    cast.later(days=days)

    walk(cast, "T6", a_car(plate))

    assert [row["category"] for row in rows(cast, 'SELECT category FROM server."case"')] == categories


def test_a_car_that_was_clean_the_first_time_was_not_seen_so(cast: Cast) -> None:
    walk(cast, "T6", a_car("鲁H12345", dust_flat_tyres_long_parked={"value": False}))
    cast.later(days=20)

    walk(cast, "T6", a_car("鲁H12345"))

    assert rows(cast, 'SELECT 1 FROM server."case"') == []


def test_a_car_without_a_plate_is_no_car_that_was_seen_before(cast: Cast) -> None:
    nameless = a_car("covered")
    nameless["vehicles"]["instances"][0]["plate"] = {"not_inspected": "covered"}
    walk(cast, "T6", nameless)
    cast.later(days=20)

    _, outcome = walk(cast, "T6", nameless)

    assert outcome.status == "applied"
    assert rows(cast, 'SELECT 1 FROM server."case"') == []


PARTY = {"company_party_members": {"value": 3}, "company_has_organisation": {"value": False}}


def test_three_party_members_without_an_organisation_are_a_task_of_the_neighbourhood(cast: Cast) -> None:
    mutation, _ = walk(cast, "T13", {**PARTY, "committee_term_ends_on": {"value": "2027-01-15"}})

    found = outcomes_of(cast, mutation)
    assert [one["code"] for one in found] == ["prepare_election", "form_company_organisation"]
    [unit] = rows(
        cast,
        "SELECT u.code FROM server.unit u JOIN geo.community c ON c.neighbourhood_code = u.division_code"
        " WHERE c.community_id = :id",
        id=cast.community_id,
    )
    assert {one["unit"] for one in found} == {unit["code"]}
    told = in_buckets(cast)
    assert [row["bucket"] for row in told] == [f"unit:{unit['code']}"] * 2
    assert [row["body"]["kind"] for row in told] == ["form_company_organisation", "prepare_election"]
    assert told[0]["body"]["community_id"] == str(cast.community_id)


def test_two_party_members_are_no_task(cast: Cast) -> None:
    mutation, _ = walk(cast, "T13", {**PARTY, "company_party_members": {"value": 2}})

    assert outcomes_of(cast, mutation) == []


def test_the_next_inspection_that_asks_again_settles_the_task(cast: Cast) -> None:
    first, _ = walk(cast, "T13", PARTY)
    second, _ = walk(
        cast, "T13", {"company_party_members": {"value": 4}, "company_has_organisation": {"value": True}}
    )

    assert outcomes_of(cast, first)[0]["settled_by"] == str(second.entity_id)
    assert in_buckets(cast) == []


def test_an_inspection_that_does_not_ask_leaves_the_task(cast: Cast) -> None:
    walk(cast, "T13", PARTY)
    walk(cast, "T13", {"dual_posts_held": {"value": []}})

    assert len(in_buckets(cast)) == 1


def test_a_missing_cleaning_log_costs_the_company_two_points(cast: Cast) -> None:
    mutation, _ = walk(cast, "T4", {"ads": {"value": 0}, "cleaning_log_shown": {"value": False}})

    [deduction] = outcomes_of(cast, mutation)
    assert (deduction["kind"], deduction["points"]) == ("deduction", 2.0)
    assert deduction["unit"] == cast.fixer.unit_code


def test_the_gate_of_a_handover_says_no_while_papers_are_missing(cast: Cast) -> None:
    mutation, _ = walk(cast, "T14", {"documents_complete": {"value": ["pipe_plans"]}})

    with cast.county.client() as client:
        headers = cast.county.bearer(cast.headquarters)
        shown = client.get(f"/api/v1/inspections/{mutation.entity_id}", headers=headers)
    assert shown.status_code == 200
    assert [(one["kind"], one["code"]) for one in shown.get_json()["outcomes"]] == [
        ("gate", "handover_incomplete")
    ]


def refused(**more: Any) -> dict[str, Any]:
    return {"company_acted": {"value": "refused", "note": "经理拒绝", "photos": [a_digest()], **more}}


def test_a_refusal_is_written_into_the_case_that_the_answer_names(cast: Cast) -> None:
    case_id, _ = cast.report(category="fire_lane_blocked", severity="A")
    cast.report(category="entrance_blocked", severity="A")

    mutation, outcome = walk(cast, "T1", refused(joins=str(case_id)))

    assert outcome.warnings == ()
    [case] = rows(cast, 'SELECT case_id, refused_count FROM server."case" WHERE refused_count > 0')
    assert (case["case_id"], case["refused_count"]) == (case_id, 1)
    assert outcomes_of(cast, mutation)[0]["case_id"] == str(case_id)
    [claimed] = rows(cast, "SELECT role FROM server.photo_claim WHERE entity = 'case' AND role = 'document'")
    assert claimed["role"] == "document"


def test_a_refusal_that_names_none_belongs_to_the_only_open_case_of_the_measure(cast: Cast) -> None:
    case_id, _ = cast.report(category="fire_lane_blocked", severity="A")
    cast.report(category="small_ad_not_cleared")

    mutation, _ = walk(cast, "T1", refused())

    assert outcomes_of(cast, mutation)[0]["case_id"] == str(case_id)


@pytest.mark.parametrize("opened", [0, 2])
def test_a_refusal_that_fits_no_case_or_several_is_kept_and_warned_of(cast: Cast, opened: int) -> None:
    for _ in range(opened):
        cast.report(category="fire_lane_blocked", severity="A")

    mutation, outcome = walk(cast, "T1", refused())

    assert outcome.status == "applied"
    assert "refusal-without-case" in [warning.type for warning in outcome.warnings]
    assert [(one["kind"], one["case_id"]) for one in outcomes_of(cast, mutation)] == [("refusal", None)]


def test_a_refusal_without_its_paper_is_kept_and_warned_of(cast: Cast) -> None:
    cast.report(category="fire_lane_blocked", severity="A")

    mutation, outcome = walk(cast, "T1", refused(photos=[]))

    assert "refusal-not-recorded" in [warning.type for warning in outcome.warnings]
    assert len(outcomes_of(cast, mutation)) == 1


REFUSED_BY_THE_DATABASE = [
    "UPDATE server.finding_outcome SET points = 0",
    "DELETE FROM server.finding_outcome",
    "UPDATE server.finding_outcome SET settled_by = inspection_id",
]


@pytest.mark.parametrize("statement", REFUSED_BY_THE_DATABASE)
def test_what_followed_never_changes(cast: Cast, statement: str) -> None:
    walk(cast, "T4", {"cleaning_log_shown": {"value": False}})

    with pytest.raises(DBAPIError), cast.county.transaction() as session:
        session.execute(text(statement))
