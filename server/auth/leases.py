"""How much one device may do at once, counted in Redis over all processes; while that is away, anything."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog
from redis import Redis
from redis.exceptions import RedisError

from server.problems import DomainError

log = structlog.get_logger()

# A process that was killed gives nothing back: what it held is free again after this time.
LIFE_S = 120
# Asking a Redis that does not answer costs seconds; requests in between go without.
AWAY_S = 10.0
SOONEST_S, LATEST_S = 2, 10

# Times are Redis's own, in ms, so that the clocks of the web machines do not matter. Whoever comes with a
# member that is held already takes its place over.
_TAKE = """
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if not redis.call('ZSCORE', KEYS[1], ARGV[1]) and redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then
  return ''
end
local mark = string.format('%.0f', now + ARGV[3] * 1000)
redis.call('ZADD', KEYS[1], mark, ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[4])
redis.call('EXPIRE', KEYS[1], ARGV[3])
redis.call('EXPIRE', KEYS[2], ARGV[3])
return mark
"""
_GIVE_BACK = """
if redis.call('HGET', KEYS[2], ARGV[1]) == ARGV[2] then
  redis.call('ZREM', KEYS[1], ARGV[1])
  redis.call('HDEL', KEYS[2], ARGV[1])
end
"""


class TooManyAtOnce(DomainError):
    """The device has too many requests of this kind under way; come again after `retry_after_s` seconds."""

    def __init__(self, limit: int, retry_after_s: int) -> None:
        super().__init__(
            f"This device has {limit} such requests under way. Wait {retry_after_s} seconds and send again.",
            f"该设备已有 {limit} 个同类请求在处理，请 {retry_after_s} 秒后重试。",
            extra={"limit": limit},
        )
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True)
class Holding:
    """What is done at once: `key` says by whom and what, `member` which one; at most `limit` members."""

    key: str
    member: str
    limit: int


class Leases:
    """Counts what is under way."""

    def __init__(self, redis: Redis, draw: random.Random) -> None:
        self._redis, self._draw = redis, draw
        self._take, self._give_back = redis.register_script(_TAKE), redis.register_script(_GIVE_BACK)
        self._away_until = 0.0

    @contextmanager
    def held(self, holding: Holding) -> Iterator[None]:
        """Hold a place while the block runs; a newer holder of the same member takes it over.

        Raises:
            TooManyAtOnce: others hold all places.
        """
        token = f"{self._draw.getrandbits(64):016x}"
        taken = self._ask(self._take, holding, holding.member, holding.limit, LIFE_S, token)
        if taken in (b"", ""):
            raise TooManyAtOnce(holding.limit, self._draw.randint(SOONEST_S, LATEST_S))
        try:
            yield
        finally:
            if taken is not None:
                self._ask(self._give_back, holding, holding.member, token)

    def _ask(self, script: object, holding: Holding, *words: str | int) -> object:
        if time.monotonic() < self._away_until:
            return None
        keys = [f"wangge:at-once:{holding.key}", f"wangge:at-once:{holding.key}:tokens"]
        try:
            return script(keys=keys, args=words)  # type: ignore[operator]  # redis ships no type of a script
        except RedisError as error:
            self._away_until = time.monotonic() + AWAY_S
            log.warning("what devices do at once is not counted", error=str(error))
            return None
