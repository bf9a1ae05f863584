"""Waking a job for many who work at once: the last of them asks for it, and one of them every so often."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from redis import Redis

from server.queue.jobs import wake

PAUSE_S = 0.2


class Wakes:
    """The wakes of one process; none is lost: who leaves his to the others knows that one of them follows."""

    def __init__(self, pause_s: float = PAUSE_S) -> None:
        self._pause_s = pause_s
        self._lock = Lock()
        self._under_way = 0
        self._wanted: set[str] = set()
        self._rests_until = 0.0

    @contextmanager
    def gathered(self, redis: Redis) -> Iterator[set[str]]:
        """Yield a set for the names of jobs to be woken after the block, once for all that run beside it."""
        with self._lock:
            self._under_way += 1
        names: set[str] = set()
        try:
            yield names
        finally:
            for name in self._due(names):
                wake(redis, name)

    def _due(self, names: set[str]) -> set[str]:
        with self._lock:
            self._under_way -= 1
            self._wanted |= names
            now = time.monotonic()
            if self._under_way and now < self._rests_until:
                return set()
            due, self._wanted = self._wanted, set()
            if due:
                self._rests_until = now + self._pause_s
            return due
