"""Part 1: what the abstract tests of the standard ask, and what other servers get wrong."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.maps.ogc.conftest import Asking

DOCUMENTS = ("/", "/conformance", "/collections", "/collections/communities", "/api")
COMMUNITIES = "/collections/communities"
ITEMS = f"{COMMUNITIES}/items"


def _links(document: dict[str, Any]) -> dict[str, dict[str, str]]:
    return {link["rel"]: link for link in document["links"]}


def test_the_landing_page_links_to_all_that_is_here(boss: Asking) -> None:
    links = _links(boss.told("/"))

    assert {"self", "service-desc", "service-doc", "conformance", "data"} <= links.keys()
    for rel in ("service-desc", "conformance", "data"):
        assert boss.ask(links[rel]["href"].partition("/ogc")[2]).status_code == 200


def test_every_link_names_its_media_type(boss: Asking) -> None:
    listed = boss.told("/collections")
    documents = [boss.told("/"), listed, *listed["collections"], boss.told(ITEMS, limit="2")]

    links = [link for document in documents for link in document["links"]]

    assert len(links) > 50
    assert [link for link in links if not link.get("type")] == []


def test_a_collection_equals_its_entry_in_the_list(boss: Asking) -> None:
    for entry in boss.told("/collections")["collections"]:
        assert boss.told(f"/collections/{entry['id']}") == entry


@pytest.mark.parametrize("path", DOCUMENTS)
def test_every_document_can_be_read_by_people(boss: Asking, path: str) -> None:
    for answer in (
        boss.ask(path, query_string={"f": "html"}),
        boss.ask(path, headers={"Accept": "text/html"}),
    ):
        assert answer.status_code == 200
        assert answer.content_type == "text/html; charset=utf-8"
        assert "<h1>" in answer.text


@pytest.mark.parametrize("how", [{}, {"f": "json"}])
def test_features_are_geojson_whether_or_not_json_is_asked_for(boss: Asking, how: dict[str, str]) -> None:
    for path in (ITEMS, f"{ITEMS}/{boss.ids('communities', limit='1')[0]}"):
        answer = boss.ask(path, query_string=how)

        assert answer.content_type == "application/geo+json"


def test_a_page_tells_how_many_match_how_many_it_holds_and_when(boss: Asking) -> None:
    page = boss.told(ITEMS, limit="7")

    assert (page["numberMatched"], page["numberReturned"], len(page["features"])) == (40, 7, 7)
    assert page["timeStamp"].endswith("Z")
    assert page["type"] == "FeatureCollection"


def test_following_next_visits_every_feature_once(boss: Asking) -> None:
    seen, path = [], f"{ITEMS}?limit=7"
    while path:
        page = boss.told(path)
        seen += [feature["id"] for feature in page["features"]]
        assert page["numberMatched"] == 40
        path = _links(page).get("next", {}).get("href", "").partition("/ogc")[2]

    assert len(seen) == len(set(seen)) == 40
    assert seen == sorted(seen)


def test_one_feature_equals_the_one_in_its_page(boss: Asking) -> None:
    listed = boss.told(ITEMS, limit="1")["features"][0]

    alone = boss.told(f"{ITEMS}/{listed['id']}")

    assert alone.pop("links")
    assert alone == listed


def test_features_without_an_outline_are_in_every_window(boss: Asking, nobody: Asking) -> None:
    elsewhere = nobody.told("/collections/subdistricts/items", bbox="0,0,1,1")["features"]

    assert len(elsewhere) == 11
    assert {feature["geometry"] for feature in elsewhere if feature["geometry"] is None} == {None}
    assert boss.ids("communities", bbox="0,0,1,1") == []


@pytest.mark.parametrize(
    ("bbox", "count"),
    [
        ("-180,-90,180,90", 40),
        ("-180,-90,-10,180,90,9000", 40),
        ("170,-90,-170,90", 0),
        ("100,-90,-170,90", 40),
        ("117.2,35.6,117.2,35.6", 0),
    ],
)
def test_a_window_may_have_heights_and_cross_the_date_line(boss: Asking, bbox: str, count: int) -> None:
    assert len(boss.ids("communities", bbox=bbox)) == count


def test_a_limit_above_the_most_is_capped(boss: Asking) -> None:
    for limit in ("10001", "999999999999999999999999"):
        assert len(boss.ids("communities", limit=limit)) == 40


def test_the_most_that_limit_takes_can_be_discovered(boss: Asking) -> None:
    get = boss.told("/api")["paths"][ITEMS]["get"]

    shapes = {one["name"]: one["schema"] for one in get["parameters"] if "name" in one}

    assert shapes["limit"]["maximum"] == 10_000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("limit", "abc"),
        ("limit", "0"),
        ("limit", "-1"),
        ("limit", "1.5"),
        ("limit", ""),
        ("limit", "１"),
        ("bbox", "abc"),
        ("bbox", "1,2,3"),
        ("bbox", "1,2,3,4,5"),
        ("bbox", "1,2,nan,4"),
        ("bbox", "1,5,3,4"),
        ("bbox", "1,2,3,inf"),
        ("bbox", "1,2,3,94"),
        ("bbox", ""),
        ("datetime", "nonsense"),
        ("datetime", ""),
        ("datetime", "2026-02-30"),
        ("datetime", "2026-01-01T00:00:00"),
        ("datetime", "2026-01-02/2026-01-01"),
        ("datetime", "2026-01-01/2026-01-02/2026-01-03"),
        ("datetime", "0001-01-01T00:00:00+08:00"),
        ("crs", "http://www.opengis.net/def/crs/EPSG/0/2000"),
        ("bbox-crs", "4326"),
        ("filter", "no_such_property = 1"),
        ("filter", "name ="),
        ("filter", "a" * 9000),
        ("filter-lang", "cql2-xml"),
        ("filter-crs", "EPSG:4326"),
        ("households", "many"),
        ("provisional_outline", "perhaps"),
        ("community_id", "1"),
        ("cursor", "abc"),
        ("f", "xml"),
        ("colour", "red"),
        ("name", "a\0b"),
    ],
)
def test_what_cannot_be_read_is_a_problem_that_names_its_parameter(
    boss: Asking, name: str, value: str
) -> None:
    extra = {"filter": "TRUE"} if name == "filter-lang" else {}

    problem = boss.refused(ITEMS, 400, **{name: value, **extra})

    assert problem["errors"][0]["pointer"] == f"/query/{name}"


@pytest.mark.parametrize(
    "path", ["/", "/conformance", "/api", "/collections", COMMUNITIES, f"{COMMUNITIES}/queryables"]
)
def test_an_unknown_parameter_is_refused_everywhere(boss: Asking, path: str) -> None:
    boss.refused(path, limit="1")


def test_the_same_parameter_twice_is_refused(boss: Asking) -> None:
    boss.refused(f"{ITEMS}?limit=1&limit=2")


@pytest.mark.parametrize(
    "path",
    [
        "/collections/nothing",
        "/collections/nothing/items",
        f"{ITEMS}/nothing",
        f"{ITEMS}/01980000-0000-7000-8000-000000000000",
        f"{ITEMS}/a%00b",
        "/collections/grid-cells/items/370831999999999",
    ],
)
def test_what_is_not_there_is_not_found(boss: Asking, path: str) -> None:
    boss.refused(path, 404)


def test_a_feature_that_the_reader_has_is_not_sent_again(boss: Asking) -> None:
    path = f"{ITEMS}/{boss.ids('communities', limit='1')[0]}"
    etag = boss.ask(path).headers["ETag"]

    assert boss.ask(path, headers={"If-None-Match": etag}).status_code == 304
    assert not etag.startswith("W/")


def test_a_property_given_as_parameter_must_be_equal(boss: Asking) -> None:
    one = boss.told(ITEMS, limit="1")["features"][0]

    assert boss.ids("communities", name=one["properties"]["name"]) == [one["id"]]
    assert boss.ids("communities", community_id=one["id"]) == [one["id"]]
