"""How far a tablet has read: an opaque, signed text that fits into a URL."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import zlib
from dataclasses import dataclass, field

import orjson

from sync.errors import CursorInvalid

VERSION = 2
SIGNATURE_BYTES = 16
LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the order of all rows: change number, then bucket, entity and id."""

    change_no: int = 0
    bucket: str = ""
    entity: str = ""
    entity_id: str = ""

    @classmethod
    def after(cls, change_no: int) -> Position:
        """Return the place behind every row of a change."""
        return cls(change_no, LAST)

    def start_in(self, bucket: str) -> tuple[int, str, str]:
        """Return after which (change_no, entity, id) this bucket's unread rows begin."""
        if bucket == self.bucket:
            return self.change_no, self.entity, self.entity_id
        return (self.change_no if bucket > self.bucket else self.change_no + 1), "", ""


@dataclass(frozen=True, slots=True)
class Cursor:
    """What a tablet has read.

    Attributes:
        scope: the buckets that it follows.
        position: up to where it has read all of them but those in `won`.
        mark: the random mark of the change at `position`; another history has another one.
        won: buckets that are being read from the start up to `position`: all of them at first, later those
            that were won or are fetched anew.
        won_position: up to where those were read.
    """

    scope: frozenset[str]
    position: Position = field(default_factory=Position)
    mark: int = 0
    won: frozenset[str] = frozenset()
    won_position: Position = field(default_factory=Position)


def write(cursor: Cursor, secret: str, holder: str) -> str:
    """Return the cursor as signed text of URL-safe characters, which only this holder can use."""
    here, there = cursor.position, cursor.won_position
    told = [
        VERSION,
        sorted(cursor.scope),
        [here.change_no, here.bucket, here.entity, here.entity_id],
        cursor.mark,
        sorted(cursor.won),
        [there.change_no, there.bucket, there.entity, there.entity_id],
    ]
    packed = zlib.compress(orjson.dumps(told))
    return base64.urlsafe_b64encode(_signature(packed, secret, holder) + packed).decode().rstrip("=")


def read(text: str, secret: str, holder: str) -> Cursor:
    """Return the cursor in a text that this server signed for this holder.

    Raises:
        CursorInvalid: it did not, or the text was altered.
    """
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise _invalid() from error
    signature, packed = raw[:SIGNATURE_BYTES], raw[SIGNATURE_BYTES:]
    if not hmac.compare_digest(signature, _signature(packed, secret, holder)):
        raise _invalid()
    version, *parts = orjson.loads(zlib.decompress(packed))
    if version != VERSION:
        raise _invalid()
    scope, here, mark, won, there = parts
    return Cursor(frozenset(scope), Position(*here), mark, frozenset(won), Position(*there))


def _signature(packed: bytes, secret: str, holder: str) -> bytes:
    key = hashlib.sha256(b"cursor " + secret.encode()).digest()
    return hmac.digest(key, hashlib.sha256(holder.encode()).digest() + packed, "sha256")[:SIGNATURE_BYTES]


def _invalid() -> CursorInvalid:
    return CursorInvalid(
        "This cursor was not given out to this device; pull without one.",
        "游标无效或属于另一台设备，请不带游标重新拉取。",
        errors=[
            {
                "pointer": "/query/cursor",
                "detail": "Send the cursor of your last page unaltered, or none.",
                "detail_zh": "请原样发送上一页的游标，或不带游标。",
            }
        ],
    )
