"""Reading a request's body in pieces, inflated, and never more of it than one push may have."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import IO

from server.fieldsync.errors import PayloadTooLarge, UnsupportedMediaType
from sync.errors import UnreadableEnvelope

READ_BYTES = 256 * 1024
GZIP = zlib.MAX_WBITS | 16


def pieces(stream: IO[bytes], length: int | None, limit: int) -> Iterator[bytes]:
    """Yield the bytes of a body as they arrive; it just ends where the line was cut.

    Args:
        length: what the request announced, None for a chunked one.

    Raises:
        PayloadTooLarge: more than `limit` bytes were announced or came.
    """
    if length is not None and length > limit:
        raise PayloadTooLarge(limit)
    left = limit + 1 if length is None else length
    while left > 0:
        try:
            piece = stream.read(min(READ_BYTES, left))
        except OSError:
            return
        if not piece:
            return
        left -= len(piece)
        yield piece
    if length is None:
        raise PayloadTooLarge(limit)


def decoded(body: Iterable[bytes], encoding: str, limit: int) -> Iterator[bytes]:
    """Yield the body as it was before its content encoding, at most `limit` bytes of it.

    A small body that inflates to a large one is stopped on the way.

    Raises:
        PayloadTooLarge, UnsupportedMediaType: as their names say.
        UnreadableEnvelope: the bytes are no gzip.
    """
    if encoding in ("", "identity"):
        return _limited(body, limit)
    if encoding == "gzip":
        return _limited(_inflated(body), limit)
    raise UnsupportedMediaType


def _limited(body: Iterable[bytes], limit: int) -> Iterator[bytes]:
    left = limit
    for piece in body:
        left -= len(piece)
        if left < 0:
            raise PayloadTooLarge(limit)
        yield piece


def _inflated(body: Iterable[bytes]) -> Iterator[bytes]:
    inflater = zlib.decompressobj(GZIP)
    try:
        for piece in body:
            while piece:
                yield inflater.decompress(piece, READ_BYTES)
                piece = inflater.unconsumed_tail
    except zlib.error as error:
        raise UnreadableEnvelope(
            "The body is announced as gzip and is none.", "请求体声明为 gzip，但无法解压。"
        ) from error
    yield inflater.flush()
