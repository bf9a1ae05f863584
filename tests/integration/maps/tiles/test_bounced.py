"""Tiles, those of heat too, behind PgBouncer in transaction mode: a connection serves whoever comes next."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import text

from server.app import create_app
from tests.integration.ledger.acting import Cast
from tests.integration.maps.tiles.asking import Reader, features_in, tile_at
from tests.integration.maps.tiles.bouncing import PROGRAM, bounced

CLIENTS = 6


@pytest.mark.skipif(PROGRAM is None, reason="pgbouncer is not installed: apt-get install pgbouncer")
def test_tiles_are_the_same_and_a_change_is_seen_behind_pgbouncer(cast: Cast) -> None:
    cast.report()
    at = tile_at(*cast.point, 14)
    heat = f"/tiles/heat/{at.z}/{at.x}/{at.y}.mvt?by=h3"
    with cast.county.client() as client:
        reader = Reader(client, cast.county, cast.headquarters)
        straight, warm = reader.tile("cases", at).data, reader.get(heat).data
    with bounced(cast.county.database_url) as url:
        app = create_app(replace(cast.county.settings, database_url=url))
        readers = [Reader(app.test_client(), cast.county, cast.headquarters) for _ in range(CLIENTS)]

        with ThreadPoolExecutor(CLIENTS) as pool:
            answers = list(pool.map(lambda reader: reader.tile("cases", at), readers * 3))
            heats = list(pool.map(lambda reader: reader.get(heat), readers))
        with app.extensions["wangge.database"].transaction() as session:
            session.execute(text("UPDATE geo.community SET name = '换了名'"))
        after = readers[0].tile("cases", at, answers[0].headers["ETag"])

        app.extensions["wangge.database"].engine.dispose()
        app.extensions["wangge.redis"].close()

    assert {(answer.status_code, answer.data) for answer in answers} == {(200, straight)}
    assert warm
    assert {(answer.status_code, answer.data) for answer in heats} == {(200, warm)}
    [case] = features_in(after.data, "cases")
    assert case["properties"]["community_name"] == "换了名"
