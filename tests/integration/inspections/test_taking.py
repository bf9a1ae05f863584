"""Taking inspections in: what becomes of each, whatever it brings."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from server.inspections import service
from server.ledger.verify import verify
from sync.entity import cell_bucket
from tests.build import NOW
from tests.integration.inspections.making import (
    an_inspection,
    fly_wires,
    inspection_data,
    push,
    rows,
)
from tests.integration.ledger.acting import Cast, a_digest, a_mutation, an_id
from tests.round_trips import counted


def test_an_inspection_with_two_findings_opens_two_filed_cases(cast: Cast, version: str) -> None:
    mutation = an_inspection(cast, version, answers=fly_wires({}, {"note": "三楼"}))

    [outcome] = push(cast, [mutation])

    assert (outcome.status, outcome.version) == ("applied", 1)
    cases = rows(cast, 'SELECT * FROM server."case" ORDER BY number')
    assert [case["number"] for case in cases] == ["370831-2026-000001", "370831-2026-000002"]
    assert {case["state"] for case in cases} == {"filed"}
    assert {case["category"] for case in cases} == {"private_wiring_charging"}
    assert {case["unit_code"] for case in cases} == {cast.fixer.unit_code}
    assert {case["grid_cell_code"] for case in cases} == {cases[0]["grid_cell_code"]}
    assert sorted(case["description"] for case in cases) == ["", "三楼"]


def test_an_inspection_without_a_violation_is_stored(cast: Cast, version: str) -> None:
    [outcome] = push(cast, [an_inspection(cast, version, answers={"ebikes_estimate": {"value": 3}})])

    assert outcome.status == "applied"
    assert len(rows(cast, "SELECT * FROM server.inspection")) == 1
    assert rows(cast, 'SELECT * FROM server."case"') == []


def test_a_batch_takes_a_fixed_number_of_statements_whatever_its_length(cast: Cast, version: str) -> None:
    def statements(count: int) -> int:
        # The rules are read anew once a minute: let it be now, so that both counts are of the usual case.
        cast.later(hours=1)
        push(cast, [an_inspection(cast, version)])
        batch = [an_inspection(cast, version, answers=fly_wires({}, {})) for _ in range(count)]
        with counted(cast.county.database.engine) as seen:
            outcomes = push(cast, batch)
        assert {outcome.status for outcome in outcomes} == {"applied"}
        return len(seen)

    one, twenty = statements(1), statements(20)

    assert one == twenty
    assert 5 < twenty <= 20
    with cast.county.database.snapshot() as session:
        assert verify(session).cases == 44


def test_the_record_shows_photos_on_case_and_inspection(cast: Cast, version: str) -> None:
    photo, other = a_digest(), a_digest()
    listed = [{"sha256": photo, "size": 10, "taken_at": "2026-11-20T09:10:00+08:00", "role": "before"}, other]
    answers = fly_wires({"photos": [photo]})
    mutation = an_inspection(cast, version, answers=answers, photos=listed)

    push(cast, [mutation])

    with cast.county.transaction() as session:
        shown = service.show(session, mutation.entity_id, actor=cast.worker, now=NOW)
    assert shown["evidence"] == {"expected": 2, "received": 0, "missing": 2}
    assert len(shown["case_ids"]) == 1
    claimed = rows(cast, "SELECT role, taken_at FROM server.photo_claim WHERE entity = 'case'")
    assert [claim["role"] for claim in claimed] == ["before"]
    assert claimed[0]["taken_at"] is not None


def test_a_missing_photo_is_a_warning(cast: Cast, version: str) -> None:
    [outcome] = push(cast, [an_inspection(cast, version, answers=fly_wires({"photos": []}))])

    assert outcome.status == "applied"
    assert "photo-missing" in [warning.type for warning in outcome.warnings]


def test_the_same_id_again_is_a_conflict_with_the_stored_hash(cast: Cast, version: str) -> None:
    first = an_inspection(cast, version)
    second = an_inspection(cast, version, inspection_id=first.entity_id, answers=fly_wires({}, {}))
    push(cast, [first])

    [outcome] = push(cast, [second])

    stored = rows(cast, "SELECT encode(content_sha256, 'hex') AS hash FROM server.inspection")
    assert outcome.status == "conflict"
    assert outcome.problem is not None
    assert outcome.problem["type"] == "/problems/already-stored"
    assert outcome.current is not None
    assert [outcome.current["content_sha256"]] == [row["hash"] for row in stored]


def test_a_finding_joins_the_case_that_the_worker_names(cast: Cast, version: str) -> None:
    push(cast, [an_inspection(cast, version)])
    [case] = rows(cast, 'SELECT case_id, version FROM server."case"')

    push(cast, [an_inspection(cast, version, answers=fly_wires({"joins": str(case["case_id"])}))])

    [joined] = rows(cast, 'SELECT case_id, version FROM server."case"')
    history = rows(cast, "SELECT command FROM server.case_entry ORDER BY seq")
    assert joined["version"] == case["version"]
    assert [row["command"] for row in history] == ["case.report", "case.file", "case.copy", "case.join"]
    assert [row["joined"] for row in rows(cast, "SELECT joined FROM server.violation ORDER BY joined")] == [
        False,
        True,
    ]


def test_a_finding_on_the_same_asset_joins_by_itself_even_within_one_inspection(
    cast: Cast, version: str
) -> None:
    door = {"building_entrance": {"value": str(an_id())}}

    push(cast, [an_inspection(cast, version, answers=fly_wires(door, door, {}))])

    assert len(rows(cast, 'SELECT * FROM server."case"')) == 2


def test_a_community_wide_problem_is_one_case(cast: Cast) -> None:
    for _ in range(2):
        cast.report(category="parking_plan_missing", severity="C")

    assert len(rows(cast, 'SELECT * FROM server."case"')) == 1


def test_the_cell_is_computed_from_the_position(cast: Cast, version: str) -> None:
    push(cast, [an_inspection(cast, version)])

    [found] = rows(
        cast,
        "SELECT i.grid_cell_code, ST_Covers(g.geom, i.geom) AS inside FROM server.inspection i"
        " JOIN geo.grid_cell g ON g.code = i.grid_cell_code",
    )
    assert found["inside"]


def test_a_position_in_another_datum_is_kept_beside_its_conversion(cast: Cast, version: str) -> None:
    sent = cast.location(datum="gcj02", lon=cast.point[0] + 0.0058)

    push(cast, [an_inspection(cast, version, location=sent)])

    [stored] = rows(cast, "SELECT ST_X(geom) AS lon, location_sent FROM server.inspection")
    assert stored["location_sent"] == sent
    assert abs(stored["lon"] - cast.point[0]) < 0.002


def test_outside_the_county_the_chosen_community_counts(cast: Cast, version: str) -> None:
    [outcome] = push(
        cast, [an_inspection(cast, version, location={"lon": 118.9, "lat": 36.9, "datum": "wgs84"})]
    )

    assert outcome.status == "applied"
    assert "outside-county" in [warning.type for warning in outcome.warnings]


def test_a_retired_checklist_is_applied_with_a_warning(cast: Cast, version: str) -> None:
    with cast.county.transaction() as session:
        session.execute(
            text("UPDATE server.checklist_version SET retired_at = now() WHERE version = :v"), {"v": version}
        )

    [outcome] = push(cast, [an_inspection(cast, version)])

    assert outcome.status == "applied"
    assert "checklist-retired" in [warning.type for warning in outcome.warnings]


def test_scope_is_what_the_device_pulled_or_what_the_worker_walks(cast: Cast, version: str) -> None:
    [row] = rows(
        cast,
        "SELECT c.community_id, k.grid_cell_code FROM geo.community c JOIN geo.community_cell k"
        " USING (community_id) WHERE c.neighbourhood_code LIKE '370831002%' ORDER BY 2 LIMIT 1",
    )
    elsewhere, cell = row["community_id"], row["grid_cell_code"]
    far = an_inspection(cast, version, community_id=str(elsewhere), location=None)
    again = an_inspection(cast, version, community_id=str(elsewhere), location=None)

    [held], [pulled] = push(cast, [far]), push(cast, [again], scope=[cell_bucket(cell)])

    assert (held.status, pulled.status) == ("held", "applied")


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"community_id": "abc"}, "rejected", "/data/community_id"),
    ({"community_id": str(an_id())}, "rejected", "/data/community_id"),
    ({"community_id": None}, "rejected", "/data/community_id"),
    ({"checklist_version": "sha256:" + "0" * 64}, "held", "/data/checklist_version"),
    ({"checklist_version": 7}, "rejected", "/data/checklist_version"),
    ({"location": {"lon": 35.65, "lat": 117.27, "datum": "wgs84"}}, "rejected", "/data/location/lon"),
    ({"location": {"lon": 500, "lat": 35, "datum": "wgs84"}}, "rejected", "/data/location/lon"),
    ({"location": {"lon": 117.2, "lat": 35.6, "datum": "mars"}}, "rejected", "/data/location/datum"),
    ({"location": "here"}, "rejected", "/data/location"),
    ({"answers": None}, "rejected", "/data/answers"),
    ({"answers": {"ebikes_estimate": {"value": "many"}}}, "rejected", "/data/answers/ebikes_estimate"),
    ({"photos": [{"sha256": "xyz"}]}, "rejected", "/data/photos/0/sha256"),
    ({"photos": {"a": 1}}, "rejected", "/data/photos"),
]


@pytest.mark.parametrize(("data", "status", "pointer"), REFUSED)
def test_what_cannot_be_taken_is_named_and_its_neighbours_are_taken(
    cast: Cast, version: str, data: dict[str, Any], status: str, pointer: str
) -> None:
    batch = [an_inspection(cast, version), an_inspection(cast, version, **data), an_inspection(cast, version)]

    outcomes = push(cast, batch)

    assert [outcome.status for outcome in outcomes] == ["applied", status, "applied"]
    assert outcomes[1].problem is not None
    assert outcomes[1].problem["errors"][0]["pointer"].startswith(pointer)
    assert outcomes[1].problem["detail_zh"]
    assert len(rows(cast, "SELECT * FROM server.inspection")) == 2


def test_sql_in_every_text_is_just_text(cast: Cast, version: str) -> None:
    evil = '\'); DROP TABLE server."case"; --'
    answers = fly_wires({"note": evil})
    data = inspection_data(cast, version, answers=answers, grid_cell_code=evil, checklist=evil)

    [outcome] = push(cast, [a_mutation("inspection.create", an_id(), data)])

    assert outcome.status == "applied"
    assert rows(cast, 'SELECT description FROM server."case"') == [{"description": evil}]


def test_inspection_and_cases_travel_in_the_buckets_of_their_cell_and_unit(cast: Cast, version: str) -> None:
    mutation = an_inspection(cast, version)

    push(cast, [mutation])

    told = rows(cast, "SELECT bucket, entity FROM sync.bucket_entry WHERE entity IN ('case', 'inspection')")
    [inspection] = rows(cast, "SELECT grid_cell_code FROM server.inspection")
    cell = f"cell:{inspection['grid_cell_code']}"
    unit = f"unit:{cast.fixer.unit_code}"
    assert {(row["entity"], row["bucket"]) for row in told} == {
        ("inspection", cell),
        ("case", cell),
        ("case", unit),
        ("case", "unit:emergency_bureau"),
        ("case", "unit:public_security_bureau"),
    }, "a case of severity A stands with the departments it was copied to"
    [state] = rows(cast, "SELECT mid, body FROM sync.entity_state WHERE entity = 'inspection'")
    assert state["mid"] == mutation.mid
    [wire] = rows(cast, "SELECT body FROM sync.entity_state WHERE entity = 'case'")
    assert wire["body"]["number"] == "370831-2026-000001"
