"""The way of a case from the report to the close-out, and who may not walk it."""

from __future__ import annotations

from typing import Any

import pytest

from server.ledger.errors import EvidenceMissing, SamePerson, StaleVersion, StateForbids
from server.ledger.verify import verify
from server.problems import InvalidInput, NotYours
from tests.integration.ledger.acting import Cast, a_digest, column


def test_a_case_goes_from_the_report_to_the_close_out_and_the_ledger_proves_it(cast: Cast) -> None:
    case_id = cast.to_checking()
    cast.check(case_id)

    closed = cast.order(cast.shift_leader, "case.close", case_id)

    assert (closed["state"], closed["version"]) == ("closed", 8)
    assert closed["number"] == "370831-2026-000001"
    assert closed["evidence"] == {"expected": 3, "received": 3, "missing": 0}
    assert closed["commands"] == ["case.note", "case.reopen"]
    with cast.county.database.snapshot() as session:
        proof = verify(session)
    assert (proof.cases, proof.entries, proof.open_cases, proof.years) == (1, 8, 0, {2026: 1})


def test_a_worker_report_files_itself_with_number_unit_and_deadline(cast: Cast) -> None:
    case_id, outcome = cast.report()

    assert (outcome.status, outcome.version) == ("applied", 2)
    assert column(cast.county, case_id, "state") == "filed"
    assert column(cast.county, case_id, "number") == "370831-2026-000001"
    assert column(cast.county, case_id, "unit_code") == cast.fixer.unit_code


def test_a_failed_check_sends_the_case_back_with_a_new_deadline(cast: Cast) -> None:
    case_id = cast.to_checking()
    before = column(cast.county, case_id, "due_at")
    cast.later(days=4)

    answer = cast.check(case_id, passed=False)

    assert (answer["state"], answer["rework_count"]) == ("in_progress", 1)
    assert column(cast.county, case_id, "due_at") > before
    assert column(cast.county, case_id, "first_due_at") == before


def test_the_commands_offered_are_those_that_are_obeyed(cast: Cast) -> None:
    case_id, _ = cast.report()

    offered = cast.order(cast.dispatcher, "case.note", case_id, text="看过")["commands"]

    assert offered == ["case.dispatch", "case.record_refusal", "case.note"]


def test_severity_a_is_signed_by_headquarters(cast: Cast) -> None:
    case_id = cast.to_checking(category="fire_lane_blocked", severity="A")
    cast.check(case_id)

    with pytest.raises(NotYours):
        cast.order(cast.shift_leader, "case.close", case_id)
    assert cast.order(cast.headquarters, "case.close", case_id)["state"] == "closed"


def test_the_fixers_unit_is_never_sent_to_check(cast: Cast) -> None:
    case_id = cast.to_claimed()

    with pytest.raises((SamePerson, InvalidInput)):
        cast.order(cast.dispatcher, "case.assign_check", case_id, checker=str(cast.fixer.user_id))


def test_only_the_assigned_checker_checks(cast: Cast) -> None:
    case_id = cast.to_checking()

    with pytest.raises(NotYours):
        cast.order(
            cast.worker,
            "case.check",
            case_id,
            passed=True,
            location=cast.location(),
            photos=[a_digest()],
        )


def test_a_check_is_made_on_the_spot(cast: Cast) -> None:
    case_id = cast.to_checking()

    with pytest.raises(InvalidInput) as refused:
        cast.check(case_id, location=cast.location(east_m=200))

    assert refused.value.errors[0]["pointer"] == "/data/location"


def test_a_photo_known_before_the_claim_proves_no_check(cast: Cast) -> None:
    old = a_digest()
    cast.arrive(old)
    case_id = cast.to_checking()

    with pytest.raises(EvidenceMissing):
        cast.check(case_id, photos=[old])


def test_a_case_without_its_photos_does_not_close(cast: Cast) -> None:
    case_id = cast.to_checking(photos=[])
    cast.check(case_id)

    with pytest.raises(EvidenceMissing):
        cast.order(cast.shift_leader, "case.close", case_id)


def test_an_old_version_is_refused_with_the_case(cast: Cast) -> None:
    case_id, _ = cast.report()

    with pytest.raises(StaleVersion) as refused:
        cast.order(cast.dispatcher, "case.dispatch", case_id, 1, unit=cast.fixer.unit_code, demand="改")

    assert refused.value.extra["current"]["version"] == 2


def test_a_state_forbids_what_its_table_does_not_know(cast: Cast) -> None:
    case_id, _ = cast.report()

    with pytest.raises(StateForbids) as refused:
        cast.order(cast.shift_leader, "case.close", case_id)

    assert refused.value.extra["current"]["state"] == "filed"


BAD_DATA: list[tuple[str, dict[str, Any], str]] = [
    ("case.dispatch", {"demand": "改"}, "/data/unit"),
    ("case.dispatch", {"unit": "nobody_at_all", "demand": "改"}, "/data/unit"),
    ("case.dispatch", {"unit": 7, "demand": ["改"]}, "/data/unit"),
    ("case.dispatch", {"unit": "sihe_subdistrict", "demand": "x" * 5000}, "/data/demand"),
    ("case.dispatch", {"unit": "sihe_subdistrict", "demand": "改", "due_at": "soon"}, "/data/due_at"),
    (
        "case.dispatch",
        {"unit": "sihe_subdistrict", "demand": "改", "due_at": "2020-01-01T00:00:00Z"},
        "/data/due_at",
    ),
    ("case.note", {"text": "\0"}, "/data/text"),
    ("case.note", {"text": "写", "photos": ["abc"]}, "/data/photos/0"),
    ("case.record_refusal", {"note": "拒绝"}, "/data/photos"),
]


@pytest.mark.parametrize(("name", "data", "pointer"), BAD_DATA)
def test_data_that_cannot_be_read_is_named(cast: Cast, name: str, data: dict[str, Any], pointer: str) -> None:
    case_id, _ = cast.report()

    with pytest.raises(InvalidInput) as refused:
        cast.order(cast.dispatcher, name, case_id, **data)

    assert refused.value.errors[0]["pointer"] == pointer
