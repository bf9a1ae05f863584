"""The line to the server: tries again with growing pauses, and keeps its access token fresh."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any

import requests

from sync.client.errors import LineDown, Refused
from sync.client.whole import Session

BUSY = frozenset({408, 425, 429, 500, 502, 503, 504, 507})
WITHOUT_BODY = frozenset({204, 304})
CONNECT_S, READ_S = 10.0, 120.0
LONGEST_PAUSE_S = 15.0
BROKEN = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
)
Tokens = dict[str, Any]


@dataclass
class Line:
    """Calls one server. Every call must be safe to repeat: all calls of the protocol are.

    Attributes:
        patience_s: how long a call is tried before LineDown.
        on_tokens: told about new tokens, to keep them.
    """

    url: str
    patience_s: float = 300.0
    draw: random.Random = field(default_factory=random.Random)
    http: requests.Session = field(default_factory=Session)
    on_tokens: Callable[[Tokens], None] = lambda tokens: None
    tokens: Tokens = field(default_factory=dict)
    retries: int = 0

    def call(
        self,
        method: str,
        path: str,
        *,
        expect: frozenset[int] = frozenset(),
        needs: Sequence[str] = (),
        **how: Any,
    ) -> requests.Response:
        """Return the answer, tried again while the line is down or the server busy.

        Args:
            expect: statuses from 400 up that the caller handles itself.
            needs: headers without which an answer below 400 was cut.

        Raises:
            Refused: the server's no. LineDown: no answer within `patience_s`.
        """
        until, pause = time.monotonic() + self.patience_s, 0.2
        refreshed = False
        while True:
            answer = self.once(method, path, **how)
            if (
                answer is not None
                and answer.status_code < 400
                and any(one not in answer.headers for one in needs)
            ):
                answer = None
            if answer is not None and answer.status_code == 401 and not refreshed and self.tokens:
                refreshed = True
                self.refresh()
                continue
            if answer is not None and answer.status_code not in BUSY - expect:
                return _accepted(answer, expect)
            self._pause(until, pause, answer)
            pause = min(pause * 2, LONGEST_PAUSE_S)

    def once(self, method: str, path: str, **how: Any) -> requests.Response | None:
        """Return the answer to one try, None when the line broke."""
        return self._try(method, path, how)

    def refresh(self) -> None:
        """Take new tokens; the old refresh token stays good until the new one is used."""
        given = {"refresh_token": self.tokens["refresh_token"]}
        bare = Line(self.url, self.patience_s, self.draw, self.http)
        self.take(bare.call("POST", "/sync/v1/token", json=given).json())

    def take(self, tokens: Mapping[str, Any]) -> None:
        """Use these tokens from now on."""
        self.tokens = {name: tokens[name] for name in ("access_token", "refresh_token")}
        self.on_tokens(self.tokens)

    def _try(self, method: str, path: str, how: Mapping[str, Any]) -> requests.Response | None:
        headers = dict(how.get("headers") or {})
        if self.tokens:
            headers["Authorization"] = f"Bearer {self.tokens['access_token']}"
        rest = {name: value for name, value in how.items() if name != "headers"}
        url = path if path.startswith("http") else self.url.rstrip("/") + path
        try:
            answer = self.http.request(method, url, headers=headers, timeout=(CONNECT_S, READ_S), **rest)
        except BROKEN:
            return None
        return answer if method == "HEAD" or _came_whole(answer) else None

    def _pause(self, until: float, pause: float, answer: requests.Response | None) -> None:
        self.retries += 1
        asked = answer.headers.get("Retry-After", "") if answer is not None else ""
        wait = _seconds(asked) + pause * self.draw.uniform(0.5, 1.0)
        if time.monotonic() + wait > until:
            raise LineDown(f"no answer from {self.url} for {self.patience_s:.0f} s")
        time.sleep(wait)


def _came_whole(answer: requests.Response) -> bool:
    """Return whether the head tells how long the body is: when it was cut before, the body looks empty."""
    if answer.status_code in WITHOUT_BODY:
        return True
    length = answer.headers.get("Content-Length", "")
    return length.isdigit() or answer.headers.get("Transfer-Encoding", "").lower() == "chunked"


def _seconds(retry_after: str) -> float:
    """Return how long a server asks to be left alone: seconds or an HTTP date; anything else is 0."""
    if retry_after.isdigit():
        return float(retry_after)
    try:
        until = parsedate_to_datetime(retry_after)
    except ValueError:
        return 0.0
    return max(until.timestamp() - time.time(), 0.0)


def _accepted(answer: requests.Response, expect: frozenset[int]) -> requests.Response:
    if answer.status_code < 400 or answer.status_code in expect:
        return answer
    try:
        problem = answer.json()
    except ValueError:
        problem = {}
    raise Refused(answer.status_code, problem if isinstance(problem, dict) else {})
