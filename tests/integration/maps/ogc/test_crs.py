"""Part 2: coordinates in the systems that planners' desks use, each in the axis order of its authority."""

from __future__ import annotations

import numpy as np
import pyproj
import pytest

from server.maps.ogc.crs import CRS84, LISTED, Crs
from tests.integration.maps.ogc.conftest import Asking

COMMUNITIES = "/collections/communities/items"


def _name(crs: Crs) -> str:
    return crs.uri.removeprefix("http://www.opengis.net/def/crs/")


@pytest.mark.parametrize("crs", LISTED, ids=_name)
def test_coordinates_are_those_of_proj_in_the_order_of_the_authority(boss: Asking, crs: Crs) -> None:
    stored = boss.told(COMMUNITIES, limit="1")["features"][0]["geometry"]["coordinates"][0][0]
    answer = boss.ask(COMMUNITIES, query_string={"limit": "1", "crs": crs.uri})
    told = answer.get_json(force=True)["features"][0]["geometry"]["coordinates"][0][0]

    authority = "OGC:CRS84" if crs is CRS84 else f"EPSG:{crs.srid}"
    there = pyproj.Transformer.from_crs("OGC:CRS84", authority)
    expected = [there.transform(lon, lat) for lon, lat in stored]

    assert answer.headers["Content-Crs"] == f"<{crs.uri}>"
    np.testing.assert_allclose(told, expected, atol=0.02 if crs.decimals == 3 else 1e-6)


@pytest.mark.parametrize("crs", LISTED, ids=_name)
def test_a_window_may_be_given_in_every_system(boss: Asking, crs: Crs) -> None:
    authority = "OGC:CRS84" if crs is CRS84 else f"EPSG:{crs.srid}"
    there = pyproj.Transformer.from_crs("OGC:CRS84", authority)
    corners = [*there.transform(117.26, 35.66), *there.transform(117.275, 35.668)]
    bbox = ",".join(map(str, corners))

    found = boss.ids("communities", bbox=bbox, bbox_crs=crs.uri)

    assert 0 < len(found) < 40
    wanted = boss.ids("communities", bbox="117.26,35.66,117.275,35.668")
    assert len(set(found) ^ set(wanted)) <= 1


def test_the_system_of_storage_is_among_those_that_can_be_asked_for(boss: Asking) -> None:
    for collection in boss.told("/collections")["collections"]:
        assert collection["storageCrs"] in collection["crs"]
        assert len(collection["crs"]) == 5


def test_one_feature_comes_in_the_system_that_is_asked_for(boss: Asking) -> None:
    path = f"{COMMUNITIES}/{boss.ids('communities', limit='1')[0]}"

    told = boss.told(path, crs=LISTED[4].uri)["geometry"]["coordinates"][0][0][0]

    assert 3_900_000 < told[0] < 4_000_000
    assert 500_000 < told[1] < 560_000


def test_next_pages_keep_the_system(boss: Asking) -> None:
    page = boss.told(COMMUNITIES, limit="3", crs=LISTED[3].uri)
    following = next(link["href"] for link in page["links"] if link["rel"] == "next").partition("/ogc")[2]

    assert boss.ask(following).headers["Content-Crs"] == f"<{LISTED[3].uri}>"


@pytest.mark.parametrize("crs", LISTED[3:], ids=_name)
def test_windows_beyond_what_a_system_can_compute_are_refused(boss: Asking, crs: Crs) -> None:
    boss.refused(COMMUNITIES, bbox="-1e9,-1e9,1e9,1e9", bbox_crs=crs.uri)
    edge = ",".join(map(str, (*_turned(crs, crs.world[:2]), *_turned(crs, crs.world[2:]))))

    assert len(boss.ids("communities", bbox=edge, bbox_crs=crs.uri)) == 40


def _turned(crs: Crs, corner: tuple[float, ...]) -> tuple[float, ...]:
    return corner[::-1] if crs.turned else corner
