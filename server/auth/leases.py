"""How much one device may do at once, counted in Redis over all processes; while that is away, anything."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
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
# member that is held already takes its place over. All places are taken or none; the answer is the number of
# the one that was not to be had, or 0.
_TAKE = """
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
for i = 1, #KEYS, 2 do
  redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', now)
  local held = redis.call('ZSCORE', KEYS[i], ARGV[i + 2])
  if not held and redis.call('ZCARD', KEYS[i]) >= tonumber(ARGV[i + 3]) then
    return (i + 1) / 2
  end
end
for i = 1, #KEYS, 2 do
  redis.call('ZADD', KEYS[i], string.format('%.0f', now + ARGV[1] * 1000), ARGV[i + 2])
  redis.call('HSET', KEYS[i + 1], ARGV[i + 2], ARGV[2])
  redis.call('EXPIRE', KEYS[i], ARGV[1])
  redis.call('EXPIRE', KEYS[i + 1], ARGV[1])
end
return 0
"""
_GIVE_BACK = """
for i = 1, #KEYS, 2 do
  local member = ARGV[(i + 3) / 2]
  if redis.call('HGET', KEYS[i + 1], member) == ARGV[1] then
    redis.call('ZREM', KEYS[i], member)
    redis.call('HDEL', KEYS[i + 1], member)
  end
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
    def held(self, *holdings: Holding) -> Iterator[None]:
        """Hold these places, all or none, while the block runs; a newer holder of a member takes it over.

        Raises:
            TooManyAtOnce: others hold all places of one of them.
        """
        token = f"{self._draw.getrandbits(64):016x}"
        wanted = [word for one in holdings for word in (one.member, one.limit)]
        refused = self._ask(self._take, holdings, LIFE_S, token, *wanted)
        if isinstance(refused, int) and refused:
            raise TooManyAtOnce(holdings[refused - 1].limit, self._draw.randint(SOONEST_S, LATEST_S))
        try:
            yield
        finally:
            if refused is not None:
                self._ask(self._give_back, holdings, token, *(one.member for one in holdings))

    def _ask(self, script: object, holdings: Sequence[Holding], *words: str | int) -> object:
        if time.monotonic() < self._away_until:
            return None
        names = [f"wangge:at-once:{one.key}" for one in holdings]
        keys = [key for name in names for key in (name, f"{name}:tokens")]
        try:
            return script(keys=keys, args=words)  # type: ignore[operator]  # redis ships no type of a script
        except RedisError as error:
            self._away_until = time.monotonic() + AWAY_S
            log.warning("what devices do at once is not counted", error=str(error))
            return None
