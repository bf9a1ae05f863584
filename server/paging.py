"""Keyset pages: lists answer `{"items": […], "next": cursor or null}`; a cursor is opaque to callers."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import orjson

from server.problems import DomainError

Row = TypeVar("Row")
DEFAULT_LIMIT = 100
MOST = 1000


class CursorInvalid(DomainError):
    """A cursor that no list here has given out."""

    def __init__(self) -> None:
        detail = "Take the cursor from `next` of the page before, or leave it out to begin anew."
        zh = "游标须取自上一页的 `next`；不带游标则从头开始。"
        super().__init__(detail, zh, errors=[{"pointer": "/query/cursor", "detail": detail, "detail_zh": zh}])


def page(rows: Sequence[Row], limit: int, key: Callable[[Row], Sequence[Any]]) -> dict[str, Any]:
    """Return a page of `rows`, which were asked for with `limit` + 1; `key` is a row's place in the order."""
    shown = list(rows[:limit])
    more = len(rows) > limit
    return {"items": shown, "next": cursor_of(key(shown[-1])) if more else None}


def cursor_of(key: Sequence[Any]) -> str:
    """Return the opaque text of a place in a list's order (texts, numbers, UUIDs, instants)."""
    return urlsafe_b64encode(orjson.dumps(list(key), default=str)).decode().rstrip("=")


def place_of(cursor: str | None, *types: type) -> list[Any] | None:
    """Return the place that a cursor names, its parts as JSON values of these types; None without a cursor.

    Raises:
        CursorInvalid: the text is not a cursor of a list with such an order.
    """
    if cursor is None:
        return None
    try:
        key = orjson.loads(urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
    except ValueError as error:
        raise CursorInvalid from error
    if not isinstance(key, list) or [type(part) for part in key] != list(types) or "\0" in str(key):
        raise CursorInvalid
    return key
