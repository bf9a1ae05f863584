"""Commands from tablets: what applies, what conflicts, what can never be."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from tests.build import a_worker
from tests.integration.ledger.acting import Cast, a_digest, a_mutation, an_id, column, version_of


def version(cast: Cast, case_id: Any) -> int:
    with cast.county.transaction() as session:
        return version_of(session, case_id)


def dispatched(cast: Cast) -> Any:
    case_id, _ = cast.report()
    cast.order(cast.dispatcher, "case.dispatch", case_id, unit=cast.fixer.unit_code, demand="立即清走")
    return case_id


def test_a_company_accepts_and_claims_in_one_batch_on_the_version_it_pulled(cast: Cast) -> None:
    case_id = dispatched(cast)
    seen = version(cast, case_id)
    claim = {"done": "已清走", "paid_by": "物业", "location": cast.location(), "photos": [a_digest()]}

    [accepted] = cast.push(cast.fixer, a_mutation("case.accept", case_id, {}, seen))
    [claimed] = cast.push(cast.fixer, a_mutation("case.claim_fixed", case_id, claim, seen))

    assert (accepted.status, claimed.status) == ("applied", "applied")
    assert column(cast.county, case_id, "state") == "closeout_requested"


def test_deciding_on_what_the_sender_has_not_seen_is_a_conflict_with_the_case(cast: Cast) -> None:
    case_id, _ = cast.report()
    cast.order(cast.dispatcher, "case.dispatch", case_id, unit=cast.fixer.unit_code, demand="立即清走")

    [outcome] = cast.push(cast.fixer, a_mutation("case.accept", case_id, {}, 2))

    assert outcome.status == "conflict"
    assert outcome.current is not None
    assert (outcome.current["state"], outcome.current["version"]) == ("dispatched", 3)


def test_a_note_in_between_does_not_matter(cast: Cast) -> None:
    case_id = dispatched(cast)
    seen = version(cast, case_id)
    cast.order(cast.worker, "case.note", case_id, text="还在")

    [outcome] = cast.push(cast.fixer, a_mutation("case.accept", case_id, {}, seen))

    assert outcome.status == "applied"


def test_facts_apply_on_any_version(cast: Cast) -> None:
    case_id = dispatched(cast)

    [note] = cast.push(cast.worker, a_mutation("case.note", case_id, {"text": "又见"}, 1))
    refusal = {"note": "拒不整改", "photos": [a_digest()]}
    [refused] = cast.push(cast.worker, a_mutation("case.record_refusal", case_id, refusal, None))

    assert (note.status, refused.status) == ("applied", "applied")
    assert column(cast.county, case_id, "refused_count") == 1


def test_a_check_from_a_tablet_passes_outside_the_checkers_own_cells(cast: Cast) -> None:
    case_id = cast.to_claimed()
    with cast.county.transaction() as session:
        other = session.execute(
            text("SELECT code FROM geo.grid_cell ORDER BY code DESC LIMIT 1")
        ).scalar_one()
        cast.checker = a_worker(session, [other])
    cast.order(cast.dispatcher, "case.assign_check", case_id, checker=str(cast.checker.user_id))
    data = {"passed": True, "reason": "", "location": cast.location(), "photos": [a_digest()]}

    [outcome] = cast.push(
        cast.checker, a_mutation("case.check", case_id, data, version(cast, case_id)), scope=[]
    )

    assert outcome.status == "applied"


def test_the_check_travels_as_a_task_and_goes_when_it_is_done(cast: Cast) -> None:
    case_id = cast.to_checking()
    bucket = f"user:{cast.checker.user_id}"

    def task() -> Any:
        with cast.county.transaction() as session:
            return session.execute(
                text(
                    "SELECT e.alive, s.body FROM sync.bucket_entry e JOIN sync.entity_state s"
                    " USING (entity, entity_id) WHERE e.entity = 'task' AND e.bucket = :bucket"
                ),
                {"bucket": bucket},
            ).one()

    asked = task()
    cast.check(case_id)

    assert asked.alive
    assert asked.body["case"]["case_id"] == str(case_id)
    assert asked.body["community"]["community_id"] == str(cast.community_id)
    assert len(asked.body["photos"]) == 2
    assert not task().alive


NEVER: list[tuple[str, dict[str, Any], str]] = [
    ("case.claim_fixed", {"done": "已清走", "photos": ["0" * 64]}, "state-forbids"),
    ("case.note", {"text": ""}, "invalid-input"),
    ("case.note", {"text": 7}, "invalid-input"),
    ("case.record_refusal", {"note": "x", "photos": "all"}, "invalid-input"),
    ("case.check", {"passed": True, "photos": ["0" * 64]}, "not-yours"),
]


@pytest.mark.parametrize(("name", "data", "wanted"), NEVER)
def test_what_can_never_be_is_rejected_with_its_problem(
    cast: Cast, name: str, data: dict[str, Any], wanted: str
) -> None:
    case_id = dispatched(cast)

    [outcome] = cast.push(cast.fixer, a_mutation(name, case_id, data, version(cast, case_id)))

    assert outcome.status == "rejected"
    assert outcome.problem is not None
    assert outcome.problem["type"] == f"/problems/{wanted}"


def test_another_company_has_no_right(cast: Cast) -> None:
    case_id = dispatched(cast)
    stranger = type(cast.fixer)(
        **{
            **{name: getattr(cast.fixer, name) for name in cast.fixer.__slots__},
            "unit_code": "jihe_subdistrict",
        }
    )

    [outcome] = cast.push(stranger, a_mutation("case.accept", case_id, {}, version(cast, case_id)))

    assert outcome.status == "rejected"
    assert outcome.problem is not None
    assert outcome.problem["type"] == "/problems/not-yours"


def test_a_command_on_an_unknown_case_waits(cast: Cast) -> None:
    [outcome] = cast.push(cast.worker, a_mutation("case.note", an_id(), {"text": "早到"}))

    assert outcome.status == "held"


def test_a_deciding_command_names_the_version_it_saw(cast: Cast) -> None:
    case_id = dispatched(cast)

    [outcome] = cast.push(cast.fixer, a_mutation("case.accept", case_id, {}, None))

    assert outcome.status == "rejected"
    assert outcome.problem is not None
    assert outcome.problem["errors"][0]["pointer"] == "/base_version"


REPORTS: list[tuple[dict[str, Any], str, str]] = [
    ({"category": "no_such_thing"}, "rejected", "/data/category"),
    ({"category": None}, "rejected", "/data/category"),
    ({"severity": "Z"}, "rejected", "/data/category"),
    ({"community_id": "x"}, "rejected", "/data/community_id"),
    ({"community_id": str(an_id())}, "rejected", "/data/community_id"),
    ({"joins": "x"}, "rejected", "/data/joins"),
    ({"description": ["x"]}, "rejected", "/data/description"),
    ({"location": {"lon": 35.6, "lat": 117.2}}, "rejected", "/data/location/lon"),
]


@pytest.mark.parametrize(("data", "status", "pointer"), REPORTS)
def test_a_report_that_cannot_be_read_is_named(
    cast: Cast, data: dict[str, Any], status: str, pointer: str
) -> None:
    _, outcome = cast.report(**data)

    assert outcome.status == status
    assert outcome.problem is not None
    assert outcome.problem["errors"][0]["pointer"] == pointer


def test_a_report_without_a_severity_takes_the_gravest(cast: Cast) -> None:
    case_id, _ = cast.report(category="private_wiring_charging", severity="")

    assert column(cast.county, case_id, "severity") == "A"


def test_a_report_under_a_taken_id_is_a_conflict(cast: Cast) -> None:
    case_id, _ = cast.report()

    _, outcome = cast.report(case_id=case_id, category="small_ad_not_cleared")

    assert outcome.status == "conflict"
    assert outcome.problem is not None
    assert outcome.problem["type"] == "/problems/already-there"
    assert outcome.current is not None
    assert outcome.current["category"] == "parking_disorderly"


def test_a_report_that_names_an_open_case_joins_it(cast: Cast) -> None:
    first, _ = cast.report()

    _, outcome = cast.report(joins=str(first))

    assert (outcome.status, outcome.warnings[-1].type) == ("applied", "joined")
    with cast.county.transaction() as session:
        assert session.execute(text('SELECT count(*) FROM server."case"')).scalar_one() == 1
