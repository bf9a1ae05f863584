"""Part 3: CQL2 in text and JSON, asked of PostgreSQL and compared with what Python thinks of each feature."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import pytest
import shapely
from sqlalchemy import text

from tests.build import County
from tests.integration.maps.ogc.conftest import Asking

COMMUNITIES = "/collections/communities/items"
BOX = shapely.box(117.26, 35.66, 117.275, 35.668)
Told = dict[str, Any]
CASES: list[tuple[str, Callable[[Told], bool]]] = [
    ("households > 300", lambda one: one["households"] > 300),
    ("households BETWEEN 100 AND 300", lambda one: 100 <= one["households"] <= 300),
    ("households = 100.5", lambda one: False),
    ("kind IN ('old_estate', 'commodity')", lambda one: one["kind"] in ("old_estate", "commodity")),
    (
        "kind <> 'commodity' AND NOT households < 200",
        lambda one: one["kind"] != "commodity" and one["households"] >= 200,
    ),
    ("name LIKE '%园'", lambda one: one["name"].endswith("园")),
    ("CASEI(origin) = CASEI('DEMO')", lambda one: one["origin"] == "demo"),
    ("CASEI(origin) LIKE CASEI('DE%')", lambda one: one["origin"] == "demo"),
    ("warranty_until IS NULL", lambda one: one["warranty_until"] is None),
    (
        "warranty_until IS NOT NULL OR built_year < 2000",
        lambda one: one["warranty_until"] is not None or (one["built_year"] or 9999) < 2000,
    ),
    ("provisional_outline", lambda one: one["provisional_outline"]),
    ("provisional_outline = FALSE", lambda one: not one["provisional_outline"]),
    ("valid_from <= DATE('2026-11-20')", lambda one: one["valid_from"] <= "2026-11-20"),
    ("T_AFTER(valid_from, DATE('2030-01-01'))", lambda one: False),
    ("T_INTERSECTS(valid_from, INTERVAL('..', '2030-01-01'))", lambda one: True),
    ("S_INTERSECTS(geometry, BBOX(117.26,35.66,117.275,35.668))", lambda one: one["shape"].intersects(BOX)),
    (
        "S_WITHIN(geometry, POLYGON((117.26 35.66,117.275 35.66,117.275 35.668,117.26 35.668,117.26 35.66)))",
        lambda one: one["shape"].within(BOX),
    ),
    ("S_DISJOINT(BBOX(117.26,35.66,117.275,35.668), geometry)", lambda one: not one["shape"].intersects(BOX)),
    ("TRUE", lambda one: True),
]


def _all(boss: Asking) -> dict[str, Told]:
    found = boss.told(COMMUNITIES, limit="100")["features"]
    return {
        one["id"]: {**one["properties"], "shape": shapely.geometry.shape(one["geometry"])} for one in found
    }


def test_filters_keep_what_they_say(boss: Asking) -> None:
    everything = _all(boss)

    for written, holds in CASES:
        expected = sorted(feature_id for feature_id, one in everything.items() if holds(one))
        assert boss.ids("communities", filter=written) == expected, written


def test_json_means_what_text_means(boss: Asking) -> None:
    box = {
        "op": "s_intersects",
        "args": [{"property": "geometry"}, {"bbox": [117.26, 35.66, 117.275, 35.668]}],
    }
    more = {"op": ">", "args": [{"property": "households"}, 300]}
    given = orjson.dumps({"op": "and", "args": [box, more]}).decode()

    found = boss.ids("communities", filter=given, filter_lang="cql2-json")

    written = "S_INTERSECTS(geometry, BBOX(117.26,35.66,117.275,35.668)) AND households > 300"
    assert found == boss.ids("communities", filter=written) != []


def test_shapes_in_a_filter_may_be_in_another_system(boss: Asking) -> None:
    turned = boss.ids(
        "communities",
        filter="S_INTERSECTS(geometry, BBOX(35.66,117.26,35.668,117.275))",
        filter_crs="http://www.opengis.net/def/crs/EPSG/0/4326",
    )

    assert turned == boss.ids(
        "communities", filter="S_INTERSECTS(geometry, BBOX(117.26,35.66,117.275,35.668))"
    )


def test_what_matches_is_counted_and_paged_with_the_filter(boss: Asking) -> None:
    wanted = boss.ids("communities", filter="households > 100")
    page = boss.told(COMMUNITIES, filter="households > 100", limit="5")
    following = next(link["href"] for link in page["links"] if link["rel"] == "next").partition("/ogc")[2]

    assert page["numberMatched"] == len(wanted) > 5
    assert [one["id"] for one in boss.told(following)["features"]] == wanted[5:10]


@pytest.mark.parametrize("name", ["communities", "cases", "tracks", "facilities", "grid-cells"])
def test_every_queryable_can_be_asked_for_and_nothing_else(boss: Asking, name: str) -> None:
    known = boss.told(f"/collections/{name}/queryables")

    assert known["additionalProperties"] is False
    for prop in known["properties"]:
        boss.ids(name, filter=f"{prop} IS NULL")
    boss.refused(f"/collections/{name}/items", filter="password_hash = 'x'")


@pytest.mark.parametrize(
    "written",
    [
        "households",
        "households = 'many'",
        "name = 5",
        "name = households",
        "name = geometry",
        "attributes = 'x'",
        "name LIKE 'a\\\\\\'",
        "households LIKE '1%'",
        "name IN ('a', 5)",
        "households BETWEEN 'a' AND 5",
        "1 = 1",
        "households + 1 = 2",
        "valid_from = DATE('2026-02-30')",
        "T_AFTER(name, DATE('2026-01-01'))",
        "T_DURING(valid_from, DATE('nonsense'))",
        "S_INTERSECTS(name, POINT(1 2))",
        "S_INTERSECTS(geometry, POINT(1000 2))",
        "S_INTERSECTS(geometry, POLYGON((0 0,1 1,1 0,0 1,0 0)))",
        "S_INTERSECTS(geometry, geometry)",
        "NO_SUCH_FUNCTION(name) = 1",
        "NOT " * 60 + "TRUE",
        "CASEI(" * 500 + "name" + ")" * 500 + " = 'a'",
        "name = 'x'; DROP TABLE geo.community",
        "",
    ],
)
def test_filters_that_cannot_be_judged_are_refused_with_the_reason(boss: Asking, written: str) -> None:
    problem = boss.refused(COMMUNITIES, 400, filter=written)

    assert problem["errors"][0]["pointer"] == "/query/filter"


def test_what_no_longer_holds_is_found_by_its_time_only(boss: Asking, county: County) -> None:
    gone = boss.ids("communities", limit="1")[0]
    with county.owner() as session:
        session.execute(
            text(
                "UPDATE geo.community SET valid_from = '2025-01-01', valid_to = '2026-01-01'"
                " WHERE community_id = :id"
            ),
            {"id": gone},
        )

    def found(when: str | None) -> bool:
        return gone in boss.ids("communities", **({"datetime": when} if when else {}))

    assert not found(None)
    assert [
        found(when) for when in ("2025-06-01", "2025-01-01", "2025-12-31", "2024-12-31", "2026-01-01")
    ] == [
        True,
        True,
        True,
        False,
        False,
    ]
    assert found("../2025-03-01")
    assert found("2025-12-31T15:59:59Z/..")
    assert not found("2026-01-01/..")
    assert found("2025-12-31T15:59:59Z")
    assert not found("2025-12-31T16:00:00Z")
