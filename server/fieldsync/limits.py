"""How many pushes one web process takes on at once, so that reads and uploads still find a thread."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from server.problems import DomainError

SOONEST_S, LATEST_S = 2, 15
# Photos that came all the way are not sent back for a crowd that is gone in a moment.
PATIENCE_WITH_PHOTOS_S = 30.0


class ServerBusy(DomainError):
    """The process has all the pushes under way that it takes on; `retry_after_s` is drawn, to spread them."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(
            f"Too many tablets are pushing at this moment. Send the same again in {retry_after_s} seconds.",
            f"当前提交的设备过多，请 {retry_after_s} 秒后重新发送。",
        )
        self.retry_after_s = retry_after_s


class Crowd:
    """The pushes under way in this process."""

    def __init__(self, most: int, draw: random.Random) -> None:
        self._places, self._draw = BoundedSemaphore(most), draw

    @contextmanager
    def one_more(self, patience_s: float = 0) -> Iterator[None]:
        """Hold a place while the block runs.

        Raises:
            ServerBusy: none became free in time; nothing was stored.
        """
        if not self._places.acquire(timeout=patience_s):
            raise ServerBusy(self._draw.randint(SOONEST_S, LATEST_S))
        try:
            yield
        finally:
            self._places.release()
