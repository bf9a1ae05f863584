"""A push as it comes in: JSON or multipart, plain or gzip, from a line that may break."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import Request

from server.fieldsync.body import decoded, pieces
from server.fieldsync.errors import UnsupportedMediaType
from server.fieldsync.multipart import boundary_of, read_parts
from server.photos.incoming import Arrival
from server.photos.store import PhotoStore
from server.settings import Settings

MULTIPART = "multipart/form-data"


@dataclass(slots=True)
class Incoming:
    """The envelope's bytes, the photos that came along whole, and warnings about those that did not."""

    envelope: bytes
    arrivals: list[Arrival] = field(default_factory=list)
    warnings: list[dict[str, str]] = field(default_factory=list)

    def discard(self) -> None:
        """Remove the files of the photos; what the store has kept stays."""
        for arrival in self.arrivals:
            arrival.discard()


def read_push(request: Request, store: PhotoStore, settings: Settings) -> Incoming:
    """Return what a request brings.

    Raises:
        UnsupportedMediaType, PayloadTooLarge, UnreadableEnvelope: nothing of it is kept.
        StorageFull: there is no room for its photos.
    """
    stream: Any = request.environ["wsgi.input"]
    encoding = request.headers.get("Content-Encoding", "").strip().lower()
    raw = pieces(stream, request.content_length, settings.max_body_bytes)
    if request.mimetype == "application/json":
        return Incoming(b"".join(decoded(raw, encoding, settings.max_inflated_bytes)))
    if request.mimetype != MULTIPART:
        raise UnsupportedMediaType
    parts = read_parts(
        decoded(raw, encoding, settings.max_body_bytes),
        boundary_of(request.headers.get("Content-Type", "")),
        store,
        max_envelope=settings.max_inflated_bytes,
        max_photo=settings.max_photo_bytes,
    )
    return Incoming(parts.envelope, parts.arrivals, parts.warnings)
