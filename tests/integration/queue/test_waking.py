"""Many who work at once wake a job a few times, and never leave the last one's work lying."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, suppress
from itertools import count

import pytest
from redis import Redis

from server import queue
from server.queue import Wakes

NAMES = (f"waking-{number}" for number in count())


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    with Redis.from_url(redis_url) as opened:
        yield opened


@pytest.fixture
def name(redis: Redis) -> str:
    found = next(NAMES)
    queue.begun(redis, found)
    return found


def woken(redis: Redis, name: str) -> bool:
    return bool(redis.exists(f"wangge:woken:{name}"))


def test_the_first_one_wakes_at_once(redis: Redis, name: str) -> None:
    with Wakes(pause_s=3600).gathered(redis) as names:
        names.add(name)
        assert not woken(redis, name)

    assert woken(redis, name)


def test_who_comes_soon_after_leaves_it_to_the_last_of_those_under_way(redis: Redis, name: str) -> None:
    wakes, other = Wakes(pause_s=3600), ExitStack()
    with wakes.gathered(redis) as names:
        names.add("waking-before")
    with other:
        other.enter_context(wakes.gathered(redis))
        with wakes.gathered(redis) as names:
            names.add(name)
        assert not woken(redis, name)

    assert woken(redis, name)


def test_after_the_pause_somebody_wakes_while_others_are_still_under_way(redis: Redis, name: str) -> None:
    wakes = Wakes(pause_s=0)
    with wakes.gathered(redis):
        with wakes.gathered(redis) as names:
            names.add(name)
        assert woken(redis, name)


def test_one_that_fails_still_wakes_for_those_who_left_it_to_it(redis: Redis, name: str) -> None:
    wakes = Wakes(pause_s=3600)
    with wakes.gathered(redis) as names:
        names.add("waking-before")
    with suppress(ZeroDivisionError), wakes.gathered(redis):
        with wakes.gathered(redis) as names:
            names.add(name)
        raise ZeroDivisionError

    assert woken(redis, name)
