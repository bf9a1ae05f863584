"""A hundred photos over the line of a courtyard: 1 MB/s, 100 ms round trip, cut every two seconds."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from sync.client.line import Line as ClientLine
from sync.client.outbox import Store
from sync.client.uploads import upload_all
from tests.benchmarks.people import People
from tests.line import Line
from tests.pictures import jpeg

PHOTOS, PHOTO_BYTES, CHUNK_BYTES = 100, 3_000_000, 1_048_576
RATE_BYTES_S, ROUND_TRIP_S, CUT_EVERY_S = 1_000_000, 0.1, 2.0


def photos(people: People, seconds: float, seed: int) -> Mapping[str, float]:
    """Return how many bytes were forwarded for each byte of the photos, the time taken, and the cuts."""
    draw = random.Random(seed)
    port = urlsplit(people.url).port
    assert port is not None
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "tablet.db")
        for number in range(PHOTOS):
            store.keep_photo(jpeg(seed + number) + draw.randbytes(PHOTO_BYTES), "image/jpeg")
        whole = sum(store.photo_size(digest) for digest in store.photos())
        began = time.perf_counter()
        with Line(
            port, rate_bytes_s=RATE_BYTES_S, round_trip_s=ROUND_TRIP_S, cut_every_s=CUT_EVERY_S
        ) as poor:
            line = ClientLine(f"http://127.0.0.1:{poor.port}", draw=draw)
            line.tokens = {"access_token": people.apart[0].access_token}
            upload_all(line, store, CHUNK_BYTES)
            line.http.close()
        store.close()
    taken = time.perf_counter() - began
    return {"line.bytes": poor.forwarded / whole, "line.seconds": taken, "line.cuts": poor.cuts}
