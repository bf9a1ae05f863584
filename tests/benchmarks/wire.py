"""A client that costs little: one kept connection, plain bytes, no retries."""

from __future__ import annotations

import http.client
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import orjson

PATIENCE_S = 60


class Refused(Exception):
    """The product answered something else than success; the message says what."""


class Line:
    """One kept connection to the product, of one person or tablet."""

    def __init__(self, url: str, access_token: str | None = None) -> None:
        address = urlsplit(url)
        self._connection = http.client.HTTPConnection(
            address.hostname or "127.0.0.1", address.port, timeout=PATIENCE_S
        )
        self._headers = {} if access_token is None else {"Authorization": f"Bearer {access_token}"}

    def __enter__(self) -> Line:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def send(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        """Return status and body of one answer; `headers` with _ for -."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._connection.request(method, path, body, {**self._headers, **named})
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def etag(self, path: str) -> str:
        """Return the ETag of an answer."""
        self._connection.request("GET", path, headers=self._headers)
        answer = self._connection.getresponse()
        answer.read()
        return answer.headers["ETag"] or ""

    def ask(self, method: str, path: str, document: Any = None) -> Any:
        """Return the JSON of one answer.

        Raises:
            Refused: the status is not of success.
        """
        body = None if document is None else orjson.dumps(document)
        status, content = self.send(method, path, body, Content_Type="application/json")
        if status >= 300:
            raise Refused(f"{method} {path}: {status} {content[:300].decode(errors='replace')}")
        return orjson.loads(content)
