"""Twelve writers at once: a reader misses nothing, numbers have no gap, no item is done twice."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.db import Database
from sync.entity import cell_bucket
from tests.integration.sync.pulling import Reader
from tests.integration.sync.pushing import Tablet, an_item, rows, statuses

WRITERS = 12
CELLS = [f"3708310010010{number:02d}" for number in range(4)]


def write(db: Database, pushes: int, seed: int) -> int:
    draw = random.Random(seed)
    tablet, seq = Tablet(db), 0
    for _ in range(pushes):
        items = [
            an_item(seq + n, data={"cell": draw.choice(CELLS)}) for n in range(1, draw.randint(1, 5) + 1)
        ]
        seq += len(items)
        assert set(statuses(tablet.push(items))) == {"applied"}
    return seq


def test_a_reader_beside_twelve_writers_misses_nothing(db: Database) -> None:
    scope = frozenset(cell_bucket(cell) for cell in CELLS)
    reader, done = Reader(db, scope, limit=7), Event()

    def read() -> None:
        while not done.is_set():
            reader.page()

    with ThreadPoolExecutor(WRITERS + 1) as pool:
        reading = pool.submit(read)
        written = sum(pool.map(lambda seed: write(db, 15, seed), range(WRITERS)))
        done.set()
        reading.result()
    reader.follow()

    assert len(reader.records) == written
    assert reader.checkpoint == reader.checksums()
    numbers = [row[0] for row in rows(db, "SELECT change_no FROM sync.change ORDER BY 1")]
    assert numbers == list(range(1, len(numbers) + 1))


def test_eight_copies_of_one_push_at_once_have_one_effect(db: Database) -> None:
    tablet = Tablet(db)
    items = [an_item(seq) for seq in range(1, 6)]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: tablet.push(items), range(8)))

    assert all(statuses(answer) == ["applied"] * 5 for answer in answers)
    assert sum(not answer["results"][0]["replayed"] for answer in answers) == 1
    assert rows(db, "SELECT DISTINCT rev FROM sync.entity_state") == [(1,)]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 8), st.integers(1, 8)), max_size=8))
def test_any_batching_and_repetition_gives_the_same_results_and_one_effect(
    db: Database, cuts: list[tuple[int, int]]
) -> None:
    tablet = Tablet(db)
    outbox = [an_item(seq) if seq % 4 else an_item(seq, mid="unreadable") for seq in range(1, 9)]
    first: dict[int, Any] = {}
    acked = 0
    for back, length in [*cuts, (0, 8), (8, 8)]:
        start = max(0, acked - back)
        sent = outbox[start : start + length]
        for result in tablet.push(sent, first_seq=start + 1)["results"]:
            told = {**result, "replayed": None}
            assert first.setdefault(result["seq"], told) == told
        acked = max(acked, start + len(sent))

    effects = "SELECT rev FROM sync.entity_state WHERE entity_id = ANY(:ids)"
    revs = [row[0] for row in rows(db, effects, ids=[item["entity_id"] for item in outbox])]
    assert revs == [1] * 6
