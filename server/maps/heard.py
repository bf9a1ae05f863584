"""Versions that a process may take for true without asking: Redis passes on what commits say has risen."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from threading import Lock
from typing import Any

from redis import Redis
from redis.client import PubSub

CHANNEL = "tiles:risen"
_VERSION_KEY = "tiles:version:"
# Bounds the harm of a word that was lost on its way.
TRUSTED_S = 1.0
# After such a silence of its own a process does not read what was said meanwhile; it begins anew.
SILENCE_S = 5.0


class Heard:
    """The versions of tables that were read or told within the last second, as long as Redis is heard.

    Its words are looked for before every answer, which costs microseconds and no round trip. All methods
    raise `RedisError` or `OSError` where Redis is away.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._lock = Lock()
        self._line: PubSub | None = None
        self._line_no = 0
        self._open = False
        self._looked = 0.0
        self._known: dict[str, tuple[int, float]] = {}

    def listen(self) -> int:
        """Take in all that was said; return the number of the line, 0 while it is not open yet.

        Raises:
            RedisError, OSError: the line broke; the next call opens another.
        """
        with self._lock:
            now = time.monotonic()
            if self._line is not None and now - self._looked > SILENCE_S:
                self._hang_up()
            self._looked = now
            try:
                self._drain(now)
            except BaseException:
                self._hang_up()
                raise
            return self._line_no if self._open else 0

    def versions(self, sources: Collection[str]) -> Mapping[str, int] | None:
        """Return the versions of these tables, None unless all are known."""
        now = time.monotonic()
        known = self._known
        found = {source: known.get(source, (0, 0.0)) for source in sources}
        if any(until <= now for _, until in found.values()):
            return None
        return {source: version for source, (version, _) in found.items()}

    def take(self, versions: Mapping[str, int], listened: int) -> None:
        """Take in what was read in Redis after `listen` returned `listened`."""
        with self._lock:
            # What was read before this line was open may have risen unheard in between.
            if self._open and listened == self._line_no:
                self._rise(versions, time.monotonic())

    def _drain(self, now: float) -> None:
        if self._line is None:
            self._line = self._redis.pubsub()  # type: ignore[no-untyped-call]  # redis-py types no keywords here
            self._line.subscribe(CHANNEL)
            if self._line.connection is not None:
                # redis-py opens a broken line again by itself, and says so nowhere else.
                self._line.connection.register_connect_callback(self._break_off)
        while (message := self._line.get_message(timeout=0)) is not None:
            self._hear(message, now)

    def _hear(self, message: Mapping[str, Any], now: float) -> None:
        if message["type"] == "subscribe":
            self._line_no, self._open = self._line_no + 1, True
        elif message["type"] == "message":
            self._rise(_risen(message["data"]), now)

    def _rise(self, versions: Mapping[str, int], now: float) -> None:
        """Versions only rise: what was read before a word came must not take it back."""
        for source, version in versions.items():
            held, until = self._known.get(source, (0, 0.0))
            self._known[source] = (max(version, held) if until > now else version, now + TRUSTED_S)

    def _break_off(self, _connection: object = None) -> None:
        self._open = False
        self._known = {}

    def _hang_up(self) -> None:
        self._break_off()
        line, self._line = self._line, None
        if line is not None:
            connection: Any = line.connection
            if connection is not None:
                connection.deregister_connect_callback(self._break_off)
            line.close()


def version_key(source: str) -> str:
    """Return the name under which Redis keeps a table's version."""
    return _VERSION_KEY + source


def _risen(told: bytes) -> dict[str, int]:
    """Return the versions that a word tells: keys and numbers in turn."""
    words = told.decode().split()
    return {
        key.removeprefix(_VERSION_KEY): int(number)
        for key, number in zip(words[::2], words[1::2], strict=True)
    }
