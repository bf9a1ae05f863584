"""Tiles cut from points that a process holds are those that PostgreSQL cuts, and never old ones."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from geo.datum import Datum
from geo.tiles import Tile
from server import wiring
from server.maps import held
from tests.build import County
from tests.integration.ledger.acting import Cast
from tests.integration.maps.tiles.asking import Reader, features_in, tile_at, tiles_of
from tests.round_trips import counted

TOWN = (117.2, 35.6, 117.36, 35.72)
POINTS = sorted(layer.name for layer in wiring.LAYERS.values() if layer.points)


@pytest.fixture(autouse=True)
def minute_that_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("server.maps.standing.TURNS_EVERY_S", 10**12)
    monkeypatch.setattr(held, "READ_AT", 1)


def _by_id(body: bytes, layer: str) -> dict[int, Any]:
    found = features_in(body, layer)
    assert len({one["id"] for one in found}) == len(found)
    return {one["id"]: (one["geometry"]["coordinates"], one["properties"]) for one in found}


@pytest.mark.parametrize("layer", POINTS)
@pytest.mark.parametrize("datum", ["wgs84", "gcj02"])
def test_both_ways_draw_the_same(
    layer: str, datum: Datum, cast: Cast, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for east_m in (0, 40, 80):
        cast.report(location=cast.location(east_m))
    boss = Reader(client, cast.county, cast.headquarters)
    near = [at for z in (11, 16) for at in tiles_of(TOWN, z)][:40]

    def drawn() -> dict[Tile, dict[int, Any]]:
        client.application.extensions["wangge.redis"].flushdb()
        told = {at: boss.get(f"/tiles/{layer}/{at.z}/{at.x}/{at.y}.mvt?coord={datum}") for at in near}
        return {at: _by_id(answer.data, layer) for at, answer in told.items()}

    by_columns = drawn()
    monkeypatch.setattr(held, "READ_AT", 10**9)
    client.application.extensions.pop("wangge.points")

    assert by_columns == drawn()
    assert any(by_columns.values()) or layer in {"complaints", "charging-cases", "charging-sites"}


def test_held_points_cost_the_database_nothing_and_a_change_is_seen_at_once(
    heard: County, boss: Reader, client: FlaskClient
) -> None:
    first, second = (tile_at(117.28, 35.66, z) for z in (11, 12))
    boss.tile("facilities", first)
    with counted(client.application.extensions["wangge.database"].engine) as sent:
        before = boss.tile("facilities", second)
    with heard.transaction() as session:
        session.execute(text("UPDATE geo.facility SET name = '新名'"))

    after = boss.tile("facilities", second, before.headers["ETag"])

    assert sent == []
    assert {one["properties"]["name"] for one in features_in(after.data, "facilities")} == {"新名"}


def test_a_layer_with_too_many_points_is_cut_by_postgresql(
    boss: Reader, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = tile_at(117.28, 35.66, 11)
    few = boss.tile("facilities", at).data
    monkeypatch.setattr("server.maps.tiles.service.MOST_POINTS", 1)
    client.application.extensions.pop("wangge.points")
    client.application.extensions["wangge.redis"].flushdb()

    many = replace(boss).tile("facilities", at).data

    assert _by_id(many, "facilities") == _by_id(few, "facilities")
