"""A bad line: requests that are cut before they arrive, half-way, or after the server has acted."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import requests
from requests.adapters import HTTPAdapter

PIECE = 16 * 1024


class _Cut(ConnectionResetError):
    """The line broke here."""


@dataclass
class _HalfBody:
    """A body that breaks off; its length is announced in full."""

    body: bytes
    left: int

    def __iter__(self) -> Iterator[bytes]:
        for start in range(0, self.left, PIECE):
            yield self.body[start : min(start + PIECE, self.left)]
        raise _Cut("the line broke half-way")


class BadLine(HTTPAdapter):
    """Sends requests over a line that breaks with a chance of `chance` each; `cuts` counts the breaks."""

    def __init__(self, chance: float, draw: random.Random) -> None:
        super().__init__(pool_connections=1, pool_maxsize=2)
        self._chance, self._draw = chance, draw
        self.cuts = 0

    def send(self, request: requests.PreparedRequest, *args: Any, **how: Any) -> requests.Response:
        """Send a request, or lose it or its answer.

        Raises:
            requests.ConnectionError: the line broke.
        """
        if self._draw.random() >= self._chance:
            return super().send(request, *args, **how)
        self.cuts += 1
        where = self._draw.choice(("before", "within", "after"))
        if where == "before":
            raise requests.ConnectionError("the line broke before anything was sent")
        if where == "within" and isinstance(request.body, bytes) and len(request.body) > PIECE:
            half = request.copy()
            half.body = _HalfBody(request.body, self._draw.randrange(len(request.body)))  # type: ignore[assignment]  # urllib3 takes any iterable
            return super().send(half, *args, **how)
        super().send(request, *args, **how).close()
        raise requests.ConnectionError("the line broke before the answer came")
