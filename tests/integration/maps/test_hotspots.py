"""Where cases cluster, asked over HTTP: scores of every place, and what a bad question is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from shapely.geometry import Point, shape

from geo.hotspots import getis_ord_star
from geo.neighbours import by_name
from server.auth.actor import Actor
from tests.build import County, a_person
from tests.integration.ledger.acting import Cast, a_cast, a_digest, a_mutation, an_id


@pytest.fixture
def cast(county: County) -> Cast:
    """Return people around one community."""
    return a_cast(county)


@pytest.fixture
def client(county: County) -> Iterator[FlaskClient]:
    with county.client() as client:
        yield client


def reported(cast: Cast, count: int, *, east_m: float = 0.0, spread_m: float = 3.0, **more: Any) -> None:
    """Report so many cases, each some metres east of the one before."""
    mutations = [
        a_mutation(
            "case.report",
            an_id(),
            {
                "category": "parking_disorderly",
                "severity": "C",
                "community_id": str(cast.community_id),
                "location": cast.location(east_m + spread_m * number),
                "description": "",
                "photos": [a_digest()],
                **more,
            },
        )
        for number in range(count)
    ]
    assert {outcome.status for outcome in cast.push(cast.worker, *mutations)} == {"applied"}


def ask(client: FlaskClient, cast: Cast, actor: Actor | None = None, **query: Any) -> dict[str, Any]:
    headers = cast.county.bearer(actor or cast.headquarters)
    answer = client.get("/api/v1/hotspots", query_string=query, headers=headers)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.get_json(force=True)
    return told


def test_a_cluster_is_hot_among_all_squares_of_the_county(client: FlaskClient, cast: Cast) -> None:
    reported(cast, 12, spread_m=100.0)

    told = ask(client, cast)

    assert (told["records"], told["placeholder_count"], told["hot"] > 0) == (12, 0, True)
    assert 4_000 < told["places"] < 5_000
    assert sum(item["count"] for item in told["items"]) == 12
    hottest = max(told["items"], key=lambda item: item["z"])
    assert (hottest["class"], hottest["p"] < 0.01) == (3, True)
    assert told["moran_i"] > 0
    assert "误判比例" in told["meaning_zh"]


@pytest.mark.parametrize(
    "query", [{}, {"by": "h3", "resolution": 9}, {"by": "grid_cell"}, {"by": "community"}]
)
def test_outlines_hold_the_points_that_they_name(
    client: FlaskClient, cast: Cast, query: dict[str, Any]
) -> None:
    reported(cast, 3)

    told = ask(client, cast, format="geojson", only="with_records", **query)

    assert told["type"] == "FeatureCollection"
    assert told["features"]
    for feature in told["features"]:
        middle = Point(feature["properties"]["lon"], feature["properties"]["lat"])
        assert shape(feature["geometry"]).buffer(0.01).covers(middle)
    if "by" not in query or query["by"] == "h3":
        assert any(shape(f["geometry"]).covers(Point(*cast.point)) for f in told["features"])


def test_cells_score_as_the_formula_over_who_touches_whom(client: FlaskClient, cast: Cast) -> None:
    reported(cast, 9)

    drawn = ask(client, cast, by="grid_cell", format="geojson")["features"]

    shapes = {one["id"]: shape(one["geometry"]).buffer(1e-7) for one in drawn}
    beside = {a: [b for b in shapes if b != a and shapes[a].intersects(shapes[b])] for a in shapes}
    counts = np.array([one["properties"]["count"] for one in drawn], dtype=np.float64)
    expected = getis_ord_star(counts, by_name(beside, list(shapes)))
    assert len(drawn) == 300
    assert counts.sum() == 9
    assert np.abs(expected - [one["properties"]["z"] for one in drawn]).max() < 1e-9


def test_a_default_position_is_found_and_left_out_unless_it_is_asked_for(
    client: FlaskClient, cast: Cast
) -> None:
    reported(cast, 30, spread_m=0.0)
    reported(cast, 8, east_m=1_000.0)

    told, all_of_it = ask(client, cast), ask(client, cast, placeholders="counted")

    assert (told["records"], told["placeholder_count"]) == (8, 30)
    assert told["placeholders"][0]["records"] == 30
    assert (all_of_it["records"], all_of_it["placeholder_count"]) == (38, 30)


def test_filters_and_the_period_choose_what_is_counted(client: FlaskClient, cast: Cast) -> None:
    reported(cast, 4)
    reported(cast, 2, category="small_ad_not_cleared")
    day = cast.clock.date().isoformat()
    period: dict[str, Any] = {"from": day, "to": day}

    assert ask(client, cast, category="small_ad_not_cleared")["records"] == 2
    assert ask(client, cast, severity="C", **period)["records"] == 6
    assert ask(client, cast, category="small_ad_not_cleared,parking_disorderly")["records"] == 6


def test_a_subdistrict_compares_the_squares_of_its_own_ground(client: FlaskClient, cast: Cast) -> None:
    reported(cast, 5)

    own, whole = ask(client, cast, cast.dispatcher), ask(client, cast)

    assert own["records"] == 5
    assert 0 < own["places"] < whole["places"] / 2


def test_another_subdistrict_counts_none_of_them(client: FlaskClient, cast: Cast) -> None:
    reported(cast, 5)
    with cast.county.transaction() as session:
        other = a_person(session, "dispatcher", "jihe_subdistrict")

    answer = client.get("/api/v1/hotspots", headers=cast.county.bearer(other))

    assert (answer.status_code, answer.get_json(force=True)["type"]) == (422, "/problems/constant")


@pytest.mark.parametrize(
    ("query", "slug", "pointer"),
    [
        ({"by": "street"}, "invalid-input", "/query/by"),
        ({"size_m": "5"}, "invalid-input", "/query/size_m"),
        ({"size_m": "nan"}, "invalid-input", "/query/size_m"),
        ({"size_m": "100"}, "too-many-places", "/query/size_m"),
        ({"origin": "1;2"}, "invalid-input", "/query/origin"),
        ({"origin": "inf,1"}, "invalid-input", "/query/origin"),
        ({"by": "h3", "resolution": "11"}, "invalid-input", "/query/resolution"),
        ({"by": "h3", "resolution": "10"}, "too-many-places", "/query/resolution"),
        ({"from": "2026-02-30"}, "invalid-input", "/query/from"),
        ({"from": "2026-02-02", "to": "2026-02-01"}, "invalid-input", "/query/to"),
        ({"category": "nonsense"}, "invalid-input", "/query/category"),
        ({"severity": "D"}, "invalid-input", "/query/severity"),
        ({"format": "xml"}, "invalid-input", "/query/format"),
    ],
)
def test_a_bad_question_is_told_which_field_to_mend(
    client: FlaskClient, cast: Cast, query: dict[str, str], slug: str, pointer: str
) -> None:
    answer = client.get("/api/v1/hotspots", query_string=query, headers=cast.county.bearer(cast.headquarters))

    told = answer.get_json(force=True)
    assert (answer.status_code, told["type"]) == (422, f"/problems/{slug}")
    assert told["errors"][0]["pointer"] == pointer


def test_without_a_case_nothing_can_stand_out(client: FlaskClient, cast: Cast) -> None:
    answer = client.get("/api/v1/hotspots", headers=cast.county.bearer(cast.headquarters))

    assert (answer.status_code, answer.get_json(force=True)["type"]) == (422, "/problems/constant")


def test_units_and_strangers_may_not_ask(client: FlaskClient, cast: Cast) -> None:
    assert client.get("/api/v1/hotspots").status_code == 401
    assert client.get("/api/v1/hotspots", headers=cast.county.bearer(cast.fixer)).status_code == 403


def test_the_same_scores_are_not_sent_twice(client: FlaskClient, cast: Cast) -> None:
    reported(cast, 3)
    headers = cast.county.bearer(cast.headquarters)
    first = client.get("/api/v1/hotspots", headers=headers)

    again = client.get("/api/v1/hotspots", headers={**headers, "If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Vary"] == "Authorization"
