"""The line of a courtyard: slow, far, and cut every other second; no byte is sent for nothing."""

from __future__ import annotations

import random
from pathlib import Path

from sync.client.line import Line as ClientLine
from sync.client.outbox import Store
from sync.client.uploads import upload_all
from tests.integration.photos.conftest import World
from tests.line import Line
from tests.pictures import jpeg, sha256

RATE, ROUND_TRIP_S, CUT_EVERY_S = 1_000_000, 0.1, 2.0
PHOTOS, PHOTO_BYTES = 12, 300_000
CHUNK_BYTES = 1_048_576


def test_photos_cross_a_line_that_breaks_and_hardly_a_byte_goes_twice(
    world: World, port: int, tmp_path: Path
) -> None:
    draw = random.Random(4)
    photos = [jpeg(seed) + draw.randbytes(PHOTO_BYTES) for seed in range(PHOTOS)]
    store = Store(tmp_path / "tablet.db")
    for photo in photos:
        store.keep_photo(photo, "image/jpeg")
    whole = sum(map(len, photos))

    with Line(port, rate_bytes_s=RATE, round_trip_s=ROUND_TRIP_S, cut_every_s=CUT_EVERY_S) as poor:
        line = ClientLine(f"http://127.0.0.1:{poor.port}", draw=draw)
        line.tokens = {"access_token": world.token(world.worker)["Authorization"].removeprefix("Bearer ")}
        upload_all(line, store, CHUNK_BYTES)
        line.http.close()

    assert poor.cuts >= 2
    assert whole < poor.forwarded <= 1.05 * whole
    assert [world.store.original(sha256(photo)).read_bytes() == photo for photo in photos] == [True] * PHOTOS
    assert store.photos() == []
    store.close()
