"""HTTP/1.1 as bytes: as much of it as a proxy must understand to carry one request whole."""

from __future__ import annotations

from dataclasses import dataclass
from io import BufferedIOBase

MOST_HEAD = 64 * 1024


@dataclass(frozen=True, slots=True)
class Request:
    """One request whose connection ends with its answer."""

    head: bytes
    body: bytes

    @property
    def raw(self) -> bytes:
        """Return all its bytes."""
        return self.head + self.body

    @property
    def line(self) -> str:
        """Return method and path."""
        return " ".join(self.head.split(b"\r\n", 1)[0].decode("latin-1").split(" ")[:2])


def read_request(stream: BufferedIOBase) -> Request | None:
    """Return the next request of a connection; None when it ended before a whole one had come."""
    first = stream.readline(MOST_HEAD)
    if not first.strip():
        return None
    lines: list[bytes] = []
    while (line := stream.readline(MOST_HEAD)) not in (b"\r\n", b"\n"):
        if not line:
            return None
        lines.append(line)
    fields = {
        name.strip().lower(): value.strip() for name, _, value in (one.partition(b":") for one in lines)
    }
    body = _body(stream, fields)
    if body is None:
        return None
    kept = [one for one in lines if one.partition(b":")[0].strip().lower() not in (b"connection", b"expect")]
    return Request(b"".join([first, *kept, b"Connection: close\r\n\r\n"]), body)


def _body(stream: BufferedIOBase, fields: dict[bytes, bytes]) -> bytes | None:
    if fields.get(b"transfer-encoding", b"").lower() == b"chunked":
        return _chunks(stream)
    length = int(fields.get(b"content-length", b"0"))
    body = stream.read(length)
    return body if len(body) == length else None


def _chunks(stream: BufferedIOBase) -> bytes | None:
    """Return a chunked body with its chunks' sizes, as it must be passed on."""
    pieces: list[bytes] = []
    while True:
        size = stream.readline(MOST_HEAD)
        if not size.strip():
            return None
        length = int(size.split(b";")[0], 16) + 2
        piece = stream.read(length)
        if len(piece) < length:
            return None
        pieces += [size, piece]
        if length == 2:
            return b"".join(pieces)


def own_answer(status: int) -> bytes:
    """Return an answer as a broken gateway gives it: no problem document, a page."""
    page = f"<html><h1>{status}</h1></html>".encode()
    head = f"HTTP/1.1 {status} Fault\r\nContent-Type: text/html\r\nContent-Length: {len(page)}\r\n"
    return head.encode() + b"Retry-After: 0\r\nConnection: close\r\n\r\n" + page
