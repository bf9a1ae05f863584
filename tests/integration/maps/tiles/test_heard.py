"""What a process knows of versions without asking Redis: never older than the last word passed on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from redis import Redis

from server.maps import heard
from server.maps.kept import Kept
from server.queue import connect

SOURCES = ("case", "community")


@dataclass(frozen=True, slots=True)
class Processes:
    """Two processes and what they share."""

    one: Kept
    other: Kept
    redis: Redis

    def asked(self) -> int:
        """Return how often Redis was asked for versions."""
        told: Any = self.redis.info("commandstats")
        return int(told.get("cmdstat_mget", {"calls": 0})["calls"])


@pytest.fixture
def processes(redis_url: str) -> Iterator[Processes]:
    with connect(redis_url) as one, connect(redis_url) as other, Redis.from_url(redis_url) as redis:
        yield Processes(Kept(one), Kept(other), redis)


def settle(kept: Kept) -> None:
    """Ask until the process listens and has read what there is."""
    for _ in range(3):
        kept.known(SOURCES, None)


def versions(kept: Kept) -> object:
    return kept.known(SOURCES, None).versions


def test_what_was_read_a_moment_ago_is_not_asked_for_again(processes: Processes) -> None:
    processes.one.learn({"case": 3, "community": 5})
    settle(processes.one)
    before = processes.asked()

    known = [versions(processes.one) for _ in range(50)]

    assert known == [{"case": 3, "community": 5}] * 50
    assert processes.asked() == before


def test_what_another_process_learned_is_known_at_the_next_look(processes: Processes) -> None:
    processes.one.learn({"case": 3, "community": 5})
    settle(processes.one)

    known = []
    for number in range(6, 56):
        processes.other.learn({"community": number})
        known.append(versions(processes.one))

    assert known == [{"case": 3, "community": number} for number in range(6, 56)]


def test_a_slow_reader_takes_back_nothing_that_was_heard(processes: Processes) -> None:
    processes.one.learn({"case": 3, "community": 5})
    settle(processes.one)
    processes.other.learn({"community": 9})

    processes.other.learn({"case": 4, "community": 7})

    assert versions(processes.one) == {"case": 4, "community": 9}


def test_what_was_read_over_an_earlier_line_is_not_taken_for_true(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connect(redis_url) as redis:
        line = heard.Heard(redis)
        while not (listened := line.listen()):
            pass
        monkeypatch.setattr(heard, "SILENCE_S", -1.0)
        line.listen()

        line.take({"case": 3}, listened)

        assert line.versions(["case"]) is None


def test_after_a_second_redis_is_asked_again(processes: Processes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heard, "TRUSTED_S", 0.0)
    processes.one.learn({"case": 3, "community": 5})
    settle(processes.one)
    before = processes.asked()

    assert versions(processes.one) == {"case": 3, "community": 5}
    assert processes.asked() == before + 1


def test_a_process_that_was_silent_does_not_read_what_was_said_meanwhile(
    processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    processes.one.learn({"case": 3, "community": 5})
    settle(processes.one)
    monkeypatch.setattr(heard, "SILENCE_S", -1.0)
    processes.other.learn({"community": 6})

    assert versions(processes.one) == {"case": 3, "community": 6}


def test_a_line_that_broke_is_opened_anew_and_nothing_old_is_told(processes: Processes) -> None:
    processes.one.learn({"case": 3, "community": 5})
    settle(processes.one)
    processes.redis.client_kill_filter(_type="pubsub")
    processes.redis.ping()
    processes.other.learn({"community": 6})

    seen = [versions(processes.one) for _ in range(5)]

    assert {"case": 3, "community": 5} not in seen
    assert seen[-1] == {"case": 3, "community": 6} or processes.one.known(SOURCES, None).versions is None
