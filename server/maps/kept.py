"""What Redis keeps of tiles: versions, reaches, bodies. All of it may be wiped, or be away, at any time."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import Engine, event

log = structlog.get_logger()

# A process that dies between its commit and its word to Redis leaves old versions behind, so long at most.
VERSION_LIFE_S = 10
REACH_LIFE_S = 600
BODY_LIFE_S = 600
LARGEST_BODY_BYTES = 1024 * 1024
MOST_CALLERS = 1000
# Asking a Redis that does not answer costs seconds; requests in between go without.
AWAY_S = 10.0

_NOTICE = re.compile(r"wangge\.layer_version (?P<source>\w+) (?P<version>[0-9]+)")
# Versions only rise: a reader that was slow must not take back what a writer told meanwhile.
_LEARN = """
for i = 1, #KEYS do
  local held = redis.call('GET', KEYS[i])
  if not held or tonumber(held) <= tonumber(ARGV[i + 1]) then
    redis.call('SET', KEYS[i], ARGV[i + 1], 'EX', ARGV[1])
  end
end
"""


@dataclass(frozen=True, slots=True)
class Known:
    """What was found: the version of each table, None unless all were there; a caller's reach; a tile."""

    versions: Mapping[str, int] | None
    reach: bytes | None
    body: bytes | None = None


class Kept:
    """The tiles of all processes; while Redis is away, nothing is known and nothing is kept."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._learn = redis.register_script(_LEARN)
        self._away_until = 0.0
        self._last: dict[tuple[str, str], str] = {}

    def known(self, sources: Collection[str], reach: str | None, body: str | None = None) -> Known:
        """Return the versions of these tables, and the reach and tile kept under names: one round trip."""
        names = [*map(_version_key, sources), _reach_key(reach or "")]
        names += [] if body is None else [_body_key(body)]
        found = self._ask(lambda: self._redis.mget(names)) or [None] * len(names)
        numbers, seen = found[: len(sources)], found[len(sources)]
        whole = all(number is not None for number in numbers)
        versions = dict(zip(sources, map(int, numbers), strict=True)) if whole else None
        return Known(versions, seen if reach is not None else None, None if body is None else found[-1])

    def last(self, caller: str, layer: str) -> str | None:
        """Return the ETag that this process last told a caller of a layer: the next is likely the same."""
        return self._last.get((caller, layer))

    def told(self, caller: str, layer: str, etag: str) -> None:
        """Remember what a caller was told."""
        if len(self._last) >= MOST_CALLERS:
            self._last.clear()
        self._last[caller, layer] = etag

    def learn(self, versions: Mapping[str, int]) -> None:
        """Take in versions of tables, as read in the database or told by a commit."""
        if versions:
            keys = [_version_key(source) for source in versions]
            self._ask(lambda: self._learn(keys=keys, args=[VERSION_LIFE_S, *versions.values()]))

    def keep_reach(self, name: str, reach: bytes) -> None:
        """Keep a caller's reach under a name."""
        self._ask(lambda: self._redis.set(_reach_key(name), reach, ex=REACH_LIFE_S))

    def body(self, name: str) -> bytes | None:
        """Return the tile that is kept under a name."""
        found: bytes | None = self._ask(lambda: self._redis.get(_body_key(name)))
        return found

    def keep_body(self, name: str, body: bytes) -> None:
        """Keep a tile under a name, unless it is large."""
        if len(body) <= LARGEST_BODY_BYTES:
            self._ask(lambda: self._redis.set(_body_key(name), body, ex=BODY_LIFE_S))

    def _ask(self, question: Callable[[], Any]) -> Any:
        if time.monotonic() < self._away_until:
            return None
        try:
            return question()
        except (RedisError, OSError) as fault:
            self._away_until = time.monotonic() + AWAY_S
            log.warning("tiles are not kept", fault=str(fault))
            return None


def told_in(notices: Iterable[str]) -> dict[str, int]:
    """Return the versions of tables that a commit told in its notices."""
    found = (_NOTICE.search(notice) for notice in notices)
    return {match["source"]: int(match["version"]) for match in found if match}


def hear_commits(engine: Engine, kept: Kept) -> None:
    """Let every commit through this engine tell Redis at once which tables it changed."""

    @event.listens_for(engine, "checkin")
    def heard(connection: Any, _record: Any) -> None:
        if connection is not None and connection.notices:
            told = told_in(connection.notices)
            connection.notices.clear()
            kept.learn(told)


def _version_key(source: str) -> str:
    return f"tiles:version:{source}"


def _reach_key(name: str) -> str:
    return f"tiles:reach:{name}"


def _body_key(name: str) -> str:
    return f"tiles:body:{name}"
