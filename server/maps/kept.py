"""What Redis keeps of tiles: versions, reaches, bodies. All of it may be wiped, or be away, at any time."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import Engine, event

from server.maps.heard import CHANNEL, Heard, version_key
from server.maps.shelf import Shelf

log = structlog.get_logger()

# A process that dies between its commit and its word to Redis leaves old versions behind, so long at most.
VERSION_LIFE_S = 10
REACH_LIFE_S = 600
BODY_LIFE_S = 600
LARGEST_BODY_BYTES = 1024 * 1024
MOST_CALLERS = 1000
# What a process remembers of tiles besides, so that the line to Redis does not carry them again and again.
OWN_BYTES = 12 * 1024 * 1024
# Asking a Redis that does not answer costs seconds; requests in between go without.
AWAY_S = 10.0

_NOTICE = re.compile(r"wangge\.layer_version (?P<source>\w+) (?P<version>[0-9]+)")
# Versions only rise: a reader that was slow must not take back what a writer told meanwhile.
_LEARN = """
local risen = {}
for i = 1, #KEYS do
  local held = redis.call('GET', KEYS[i])
  if not held or tonumber(held) <= tonumber(ARGV[i + 2]) then
    redis.call('SET', KEYS[i], ARGV[i + 2], 'EX', ARGV[1])
    if held ~= ARGV[i + 2] then risen[#risen + 1] = KEYS[i] .. ' ' .. ARGV[i + 2] end
  end
end
if #risen > 0 then redis.call('PUBLISH', ARGV[2], table.concat(risen, ' ')) end
return #risen
"""
Name = TypeVar("Name", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Known:
    """What was found: the version of each table, None unless all were there; a caller's reach."""

    versions: Mapping[str, int] | None
    reach: bytes | None


class Kept:
    """The tiles of all processes; while Redis is away, nothing is known and nothing is kept."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._learn = redis.register_script(_LEARN)
        self._away_until = 0.0
        self._last: dict[tuple[str, str], str] = {}
        self._reaches: dict[str, bytes] = {}
        self._heard = Heard(redis)
        self._bodies: Shelf[bytes] = Shelf(OWN_BYTES)

    def known(self, sources: Collection[str], reach: str | None, body: str | None = None) -> Known:
        """Return the versions of these tables, and the reach kept under a name.

        What this process was told of within the last second costs nothing, else one round trip, in which
        the tile comes along that is kept under the name `body`.
        """
        listened = self._ask(self._heard.listen)
        if listened is None:
            return Known(None, None)
        versions = self._heard.versions(sources)
        held = self._reaches.get(reach or "")
        if versions is not None and (reach is None or held is not None):
            return Known(versions, held)
        found = self._asked(sources, reach, body)
        if found.versions is not None:
            self._heard.take(found.versions, listened)
        return found

    def _asked(self, sources: Collection[str], reach: str | None, body: str | None) -> Known:
        names = [*map(version_key, sources), _reach_key(reach or "")]
        names += [] if body is None else [_body_key(body)]
        found = self._ask(lambda: self._redis.mget(names)) or [None] * len(names)
        numbers, seen = found[: len(sources)], found[len(sources)]
        whole = all(number is not None for number in numbers)
        versions = dict(zip(sources, map(int, numbers), strict=True)) if whole else None
        if reach is not None and seen is not None:
            self._remember(self._reaches, reach, seen)
        if body is not None:
            self._shelve(body, found[-1])
        return Known(versions, seen if reach is not None else None)

    def last(self, caller: str, layer: str) -> str | None:
        """Return the ETag that this process last told a caller of a layer: the next is likely the same."""
        return self._last.get((caller, layer))

    def told(self, caller: str, layer: str, etag: str) -> None:
        """Remember what a caller was told."""
        self._remember(self._last, (caller, layer), etag)

    def learn(self, versions: Mapping[str, int]) -> None:
        """Take in versions of tables, as read in the database or told by a commit; all processes hear it."""
        if versions:
            keys = [version_key(source) for source in versions]
            risen = self._ask(
                lambda: self._learn(keys=keys, args=[VERSION_LIFE_S, CHANNEL, *versions.values()])
            )
            if risen:
                # Redis may answer before it passes the word on, but not a second time.
                self._ask(self._redis.ping)

    def keep_reach(self, name: str, reach: bytes) -> None:
        """Keep a caller's reach under a name."""
        self._remember(self._reaches, name, reach)
        self._ask(lambda: self._redis.set(_reach_key(name), reach, ex=REACH_LIFE_S))

    def own_body(self, name: str) -> bytes | None:
        """Return the tile that this process has under a name."""
        return self._bodies.get(name)

    def body(self, name: str) -> bytes | None:
        """Return the tile that Redis has under a name; this process has it then, too."""
        found: bytes | None = self._ask(lambda: self._redis.get(_body_key(name)))
        self._shelve(name, found)
        return found

    def keep_body(self, name: str, body: bytes, *, for_all: bool = True) -> None:
        """Keep a tile under a name, for all processes unless it is large, or for this one alone."""
        self._shelve(name, body)
        if for_all and len(body) <= LARGEST_BODY_BYTES:
            self._ask(lambda: self._redis.set(_body_key(name), body, ex=BODY_LIFE_S))

    def _shelve(self, name: str, body: bytes | None) -> None:
        if body is not None:
            self._bodies.put(name, body, len(body))

    @staticmethod
    def _remember(held: dict[Name, Any], name: Name, value: Any) -> None:
        if len(held) >= MOST_CALLERS:
            held.clear()
        held[name] = value

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


def _reach_key(name: str) -> str:
    return f"tiles:reach:{name}"


def _body_key(name: str) -> str:
    return f"tiles:body:{name}"
