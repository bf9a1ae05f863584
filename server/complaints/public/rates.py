"""How much one address may send in or ask without an account, in Redis, in memory while that is away."""

from __future__ import annotations

import structlog
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter

from server.complaints.errors import TooManyReports

log = structlog.get_logger()


class Rates:
    """Counts what comes in fixed windows."""

    def __init__(self, redis_url: str, limits: dict[str, str]) -> None:
        """Count in this Redis; each kind of call has a limit that reads like `10 per hour`."""
        shared = storage_from_string(redis_url, socket_connect_timeout=1, socket_timeout=1)
        assert isinstance(shared, Storage)
        self._shared = FixedWindowRateLimiter(shared)
        self._own = FixedWindowRateLimiter(MemoryStorage())
        self._limits = {kind: parse(limit) for kind, limit in limits.items()}

    def check(self, kind: str, key: str) -> None:
        """Let a call through if the window has room, without counting it.

        Raises:
            TooManyReports: the window is full.
        """
        self._pass("test", kind, key)

    def count(self, kind: str, key: str) -> None:
        """Count a call.

        Raises:
            TooManyReports: the window is full; the call is not counted.
        """
        self._pass("hit", kind, key)

    def _pass(self, what: str, kind: str, key: str) -> None:
        item = self._limits[kind]
        if not self._ask(what, item, f"complaints/{kind}/{key}"):
            raise TooManyReports(item.get_expiry())

    def _ask(self, what: str, item: RateLimitItem, key: str) -> bool:
        try:
            return bool(getattr(self._shared, what)(item, key))
        except self._shared.storage.base_exceptions as error:
            log.warning("residents' calls are counted in this process only", error=str(error))
            return bool(getattr(self._own, what)(item, key))
