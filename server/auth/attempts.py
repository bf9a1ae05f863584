"""How often a sign-in may fail: per user name and address, counted in Redis, in memory while that is away."""

from __future__ import annotations

import hashlib

import structlog
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter

from server.problems import DomainError

log = structlog.get_logger()

# One address may stand for a whole office behind a proxy; it gets this many times the allowance of one name.
NAMES_AN_ADDRESS = 20


class TooManyRequests(DomainError):
    """Too many sign-ins failed; wait `retry_after_s` seconds."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(
            f"Too many sign-ins failed. Wait {retry_after_s} seconds and try again.",
            f"登录失败次数过多，请 {retry_after_s} 秒后再试。",
        )
        self.retry_after_s = retry_after_s


class Attempts:
    """Counts failed sign-ins in fixed windows."""

    def __init__(self, redis_url: str, limit: str) -> None:
        """Count in this Redis; `limit` reads like `10 per minute`."""
        shared = storage_from_string(redis_url, socket_connect_timeout=1, socket_timeout=1)
        assert isinstance(shared, Storage)
        self._shared = FixedWindowRateLimiter(shared)
        self._own = FixedWindowRateLimiter(MemoryStorage())
        self._limit = parse(limit)
        self._address_limit = parse(limit)
        self._address_limit.amount *= NAMES_AN_ADDRESS

    def check(self, username: str, address: str) -> None:
        """Let a sign-in be tried.

        Raises:
            TooManyRequests: too many failed in the present window.
        """
        for item, key in self._keys(username, address):
            if not self._ask("test", item, key):
                raise TooManyRequests(item.get_expiry())

    def failed(self, username: str, address: str) -> None:
        """Count a failure."""
        for item, key in self._keys(username, address):
            self._ask("hit", item, key)

    def _keys(self, username: str, address: str) -> list[tuple[RateLimitItem, str]]:
        name = hashlib.sha256(username.encode("utf-8", "replace")).hexdigest()
        return [
            (self._limit, f"sign-in/{address}/{name}"),
            (self._address_limit, f"sign-in/{address}"),
        ]

    def _ask(self, what: str, item: RateLimitItem, key: str) -> bool:
        try:
            return bool(getattr(self._shared, what)(item, key))
        except self._shared.storage.base_exceptions as error:
            if what == "hit":
                log.warning("failed sign-ins are counted in this process only", error=str(error))
            return bool(getattr(self._own, what)(item, key))
