"""A client that costs little: one kept connection, plain bytes, no retries."""

from __future__ import annotations

import http.client
import socket
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


class Bare:
    """One kept connection that reads no more of an answer's head than it must, so that it costs little."""

    def __init__(self, url: str, access_token: str | None = None) -> None:
        address = urlsplit(url)
        self._host = address.netloc
        self._socket = socket.create_connection((address.hostname, address.port), timeout=PATIENCE_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._sign_in = "" if access_token is None else f"Authorization: Bearer {access_token}\r\n"

    def __enter__(self) -> Bare:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def get(self, path: str, etag: str = '"none"') -> tuple[int, bytes]:
        """Return status and body."""
        head = f"GET {path} HTTP/1.1\r\nHost: {self._host}\r\nIf-None-Match: {etag}\r\n{self._sign_in}\r\n"
        self._socket.sendall(head.encode())
        told, _, body = self._until(b"\r\n\r\n").partition(b"\r\n\r\n")
        status = int(told[9:12])
        if status == 304:
            return status, b""
        _, found, size = told.lower().partition(b"\r\ncontent-length:")
        if not found:
            raise Refused(f"GET {path}: {status} without a length")
        parts, left = [body], int(size.partition(b"\r\n")[0]) - len(body)
        while left > 0:
            parts.append(self._more())
            left -= len(parts[-1])
        return status, b"".join(parts)

    def _until(self, end: bytes) -> bytes:
        came = b""
        while end not in came:
            came += self._more()
        return came

    def _more(self) -> bytes:
        more = self._socket.recv(1 << 20)
        if not more:
            raise ConnectionError("the server hung up")
        return more
