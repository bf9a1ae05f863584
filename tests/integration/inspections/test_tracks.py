"""Patrol tracks: pieces in any order, once or many times, are one line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from sync.mutations import Outcome
from tests.build import County, a_person
from tests.integration.communities.fieldwork import Field, assert_refused
from tests.integration.ledger.acting import a_mutation, an_id

BEGUN = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


@pytest.fixture
def field(county: County) -> Field:
    return Field(county)


def points(field: Field, *minutes: int) -> list[dict[str, Any]]:
    lon, lat = field.point
    return [
        {
            "lon": lon + minute * 0.001,
            "lat": lat,
            "at": (BEGUN + timedelta(minutes=minute)).isoformat(),
            "accuracy_m": 5,
        }
        for minute in minutes
    ]


def append(field: Field, track_id: UUID, piece: list[Any], **data: Any) -> Outcome:
    told = {"points": piece, **data}
    [outcome] = field.push(data.pop("who", field.worker), a_mutation("track.append", track_id, told))
    return outcome


def test_pieces_in_any_order_and_twice_are_one_line(field: Field) -> None:
    pieces = [points(field, 0, 1), points(field, 2, 3), points(field, 4)]
    drawn = set()

    for order in permutations(pieces):
        track_id = an_id()
        for piece in (*order, order[0]):
            assert append(field, track_id, piece).status == "applied"
        drawn.add(
            field.one(
                "SELECT ST_AsText(geom), point_count, round(length_m::numeric, 3) FROM server.track"
                " WHERE track_id = :id",
                id=track_id,
            )
        )

    [(_, count, length)] = drawn
    assert count == 5
    # 0.004 degrees of longitude at 35.66 degrees north.
    assert float(length) == pytest.approx(362.2, abs=1.0)


def test_a_track_is_seen_by_its_walker_and_by_the_shift_leader(field: Field, county: County) -> None:
    track_id = an_id()
    append(field, track_id, points(field, 0, 1))
    with county.transaction() as session:
        leader = a_person(session, "shift_leader", field.worker.unit_code)
        far = a_person(session, "shift_leader", "jihe_subdistrict")

    with county.client() as client:

        def listed(actor: Any, query: str = "") -> list[dict[str, Any]]:
            answer: Any = client.get(f"/api/v1/tracks{query}", headers=county.bearer(actor))
            items: list[dict[str, Any]] = answer.json["items"]
            return items

        [one] = listed(leader, "?day=2026-11-20&with_line=true")
        assert (one["track_id"], one["point_count"]) == (str(track_id), 2)
        assert len(one["geometry"]["coordinates"]) == 2
        assert [len(listed(actor)) for actor in (field.worker, field.other, far)] == [1, 0, 0]
        assert listed(leader, "?day=2026-11-21") == []


def test_nobody_appends_to_anothers_track(field: Field) -> None:
    track_id = an_id()
    append(field, track_id, points(field, 0))
    told = {"points": points(field, 1)}

    [outcome] = field.push(field.other, a_mutation("track.append", track_id, told))

    assert outcome.status == "rejected"
    assert outcome.problem is not None
    assert outcome.problem["type"] == "/problems/not-yours"


@pytest.mark.parametrize(
    ("piece", "pointer"),
    [
        ([], "/data/points"),
        (None, "/data/points"),
        ([[117.2, 35.6]], "/data/points/0"),
        ([{"lon": 117.2, "lat": 35.6}], "/data/points/0/at"),
        ([{"lon": 117.2, "lat": 35.6, "at": "2026-11-20T09:00:00"}], "/data/points/0/at"),
        ([{"lon": 35.6, "lat": 117.2, "at": BEGUN.isoformat()}], "/data/points/0"),
        ([{"lon": None, "lat": 35.6, "at": BEGUN.isoformat()}], "/data/points/0"),
        ([{"lon": 117.2, "lat": 35.6, "at": BEGUN.isoformat(), "accuracy_m": -1}], "/data/points/0"),
        ([{"lon": 117.2, "lat": 35.6, "at": BEGUN.isoformat()}] * 5001, "/data/points"),
    ],
)
def test_a_piece_that_cannot_be_read_is_refused(field: Field, piece: Any, pointer: str) -> None:
    assert_refused(append(field, an_id(), piece), pointer)


def test_a_point_that_happened_is_never_changed(field: Field, county: County) -> None:
    append(field, an_id(), points(field, 0))

    with pytest.raises(DBAPIError), county.owner() as session:
        session.execute(text("UPDATE server.track_point SET lon = 0"))
