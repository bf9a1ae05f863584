"""Tablets are told different moments to come again, whenever they ask."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.fieldsync.rules import LATEST_S, SOONEST_S, next_sync_after

END_OF_SHIFT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


@given(st.uuids(), st.timedeltas(timedelta(days=-9999), timedelta(days=9999)), st.integers())
def test_it_is_never_sooner_than_five_minutes_nor_later_than_fifteen(
    device_id: UUID, later: timedelta, seed: int
) -> None:
    now = END_OF_SHIFT + later

    wait = next_sync_after(now, device_id, random.Random(seed)) - now

    assert timedelta(seconds=SOONEST_S) <= wait <= timedelta(seconds=LATEST_S)


@pytest.mark.parametrize("minutes", [0, 7, 61])
def test_five_hundred_tablets_that_ask_at_once_come_back_spread_out(minutes: int) -> None:
    draw, now = random.Random(1), END_OF_SHIFT + timedelta(minutes=minutes)
    tablets = [UUID(int=draw.getrandbits(128)) for _ in range(500)]

    told = [next_sync_after(now, device_id, draw) for device_id in tablets]

    seconds = Counter(int(moment.timestamp()) for moment in told)
    minutes_used = Counter(int(moment.timestamp()) // 60 for moment in told)
    assert max(seconds.values()) <= 8
    assert max(minutes_used.values()) <= 100


def test_tablets_that_come_back_together_are_not_told_the_same_moment_again() -> None:
    draw = random.Random(2)

    told = {next_sync_after(END_OF_SHIFT, UUID(int=1), draw) for _ in range(20)}

    assert len(told) == 20
