"""A push with its photos in one request: parts are taken as they arrive, photos straight into files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header

from server.disk import StorageFull
from server.fieldsync.errors import PayloadTooLarge
from server.photos.claims import digest_of
from server.photos.incoming import Arrival, Incoming
from server.photos.store import PhotoStore
from server.problems import DomainError, slug
from sync.errors import UnreadableEnvelope

MAX_PARTS = 2000
Act = Callable[[Incoming, bytes], None]


@dataclass(slots=True)
class Parts:
    """What came: the envelope's bytes, whole photos, and what is wrong with others, as warnings."""

    envelope: bytes = b""
    arrivals: list[Arrival] = field(default_factory=list)
    warnings: list[dict[str, str]] = field(default_factory=list)

    def discard(self) -> None:
        """Remove the files of the photos; what the store has kept stays."""
        for arrival in self.arrivals:
            arrival.discard()


def boundary_of(content_type: str) -> str:
    """Return the boundary that a Content-Type header names.

    Raises:
        UnreadableEnvelope: it names none.
    """
    boundary: str = parse_options_header(content_type)[1].get("boundary", "")
    if not boundary:
        raise _unreadable("the Content-Type names no boundary")
    return boundary


def read_parts(
    body: Iterable[bytes], boundary: str, store: PhotoStore, *, max_envelope: int, max_photo: int
) -> Parts:
    """Return the parts of a body; a body that is cut after its first part yields the parts that were whole.

    Raises:
        UnreadableEnvelope: the first part is not a whole `batch`, or the body is no multipart.
        PayloadTooLarge: the envelope is larger than it may be.
        StorageFull: there is no room for the photos.
    """
    reader = _Reader(store, max_envelope, max_photo)
    try:
        _feed(reader, PushMultipartParser(boundary, max_segment_count=MAX_PARTS), body)
        if not reader.has_envelope:
            raise _unreadable("the first part must be `batch` and whole")
    except BaseException:
        reader.drop()
        reader.parts.discard()
        raise
    reader.drop()
    return reader.parts


def _feed(reader: _Reader, parser: PushMultipartParser, body: Iterable[bytes]) -> None:
    try:
        for piece in body:
            for event in parser.parse(piece) if piece else ():
                reader.take(event)
    except MultipartError as error:
        if not reader.has_envelope:
            raise _unreadable(str(error)) from error


class _Reader:
    """Takes the parser's events: a part begins, some of its bytes, its end."""

    def __init__(self, store: PhotoStore, max_envelope: int, max_photo: int) -> None:
        self.parts = Parts()
        self.has_envelope = False
        self._store, self._max_envelope, self._max_photo = store, max_envelope, max_photo
        self._envelope = bytearray()
        self._digest: bytes | None = None
        self._photo: Incoming | None = None

    def take(self, event: MultipartSegment | bytes | None) -> None:
        if isinstance(event, MultipartSegment):
            self._begin(event.name or "")
        elif event is None:
            self._end()
        elif not self.has_envelope:
            self._add_envelope(event)
        else:
            self._add_photo(event)

    def drop(self) -> None:
        """Forget a photo that was not whole."""
        if self._photo is not None:
            self._photo.discard()
            self._photo = None

    def _begin(self, name: str) -> None:
        if not self.has_envelope:
            if name != "batch":
                raise _unreadable("the first part must be `batch`")
            return
        self._digest = digest_of(name.lower())
        if self._digest is None:
            self._warn("unknown-part", name, "is no SHA-256; left out", "不是 SHA-256，已忽略")
        else:
            self._photo = Incoming(self._store.temporary(), self._max_photo)

    def _end(self) -> None:
        if not self.has_envelope:
            self.parts.envelope, self.has_envelope = bytes(self._envelope), True
        elif self._photo is not None and self._digest is not None:
            self._attempt(lambda photo, digest: self.parts.arrivals.append(photo.arrived(digest)))
            self._photo = None

    def _add_envelope(self, piece: bytes) -> None:
        self._envelope += piece
        if len(self._envelope) > self._max_envelope:
            raise PayloadTooLarge(self._max_envelope)

    def _add_photo(self, piece: bytes) -> None:
        if self._photo is not None:
            self._attempt(lambda photo, _: photo.write(piece))

    def _attempt(self, act: Act) -> None:
        assert self._photo is not None
        assert self._digest is not None
        try:
            act(self._photo, self._digest)
        except StorageFull:
            raise
        except DomainError as error:
            self._photo = None
            self._warn(slug(type(error)), self._digest.hex(), error.detail, error.detail_zh)

    def _warn(self, kind: str, name: str, detail: str, detail_zh: str) -> None:
        pointer = f"/photos/{name[:64]}".replace("\x00", "")
        self.parts.warnings.append(
            {"type": kind, "pointer": pointer, "detail": detail, "detail_zh": detail_zh}
        )


def _unreadable(why: str) -> UnreadableEnvelope:
    return UnreadableEnvelope(
        f"The multipart body cannot be read: {why}.", "multipart 请求体无法读取：第一部分须为完整的 batch。"
    )
