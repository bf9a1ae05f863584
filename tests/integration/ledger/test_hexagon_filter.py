"""The ledger by hexagon: the lines behind a place of the heat map."""

from __future__ import annotations

import pytest

from geo.hexagons import hexagon_at
from tests.integration.ledger.acting import Cast


@pytest.mark.parametrize("resolution", [7, 8, 9, 10])
def test_a_hexagon_lists_the_cases_that_lie_in_it(cast: Cast, resolution: int) -> None:
    case_id, _ = cast.report()
    lon, lat = cast.point
    here, elsewhere = hexagon_at(lon, lat, resolution), hexagon_at(lon + 0.3, lat, resolution)

    with cast.county.client() as client:
        headers = cast.county.bearer(cast.headquarters)
        found = client.get(f"/api/v1/cases?hexagon={here}", headers=headers).get_json()["items"]
        none = client.get(f"/api/v1/cases?hexagon={elsewhere}", headers=headers).get_json()["items"]

    assert [case["case_id"] for case in found] == [str(case_id)]
    assert none == []


@pytest.mark.parametrize("hexagon", ["x", "8831aa5551fffff0", "831aa5fffffffff", "000000000000000"])
def test_what_is_no_hexagon_of_the_map_is_told(cast: Cast, hexagon: str) -> None:
    with cast.county.client() as client:
        answer = client.get(f"/api/v1/cases?hexagon={hexagon}", headers=cast.county.bearer(cast.headquarters))

    assert (answer.status_code, answer.get_json()["errors"][0]["pointer"]) == (422, "/query/hexagon")
