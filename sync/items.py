"""Reading the items of an envelope: one that cannot be read becomes a fact about it, no exception."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

import orjson

from sync.canonical import digest
from sync.mutations import Mutation, Warning
from sync.problem import at, problem

# An item without a readable mid still gets a stored result; this gives it a stable key.
UNNAMED = UUID("5a1f7c2e-6d0b-5f43-9a57-0c1d1e2f3a4b")
MAX_DEPENDENCIES = 500
_TYPE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
_MAX_INT = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a push: `mutation` when it can be read, else `problem`; `sent_mid` is echoed as it came."""

    seq: int
    mid: UUID
    sent_mid: Any
    digest: bytes
    mutation: Mutation | None
    problem: Mapping[str, Any] | None = None
    warnings: tuple[Warning, ...] = ()


Faults = list[dict[str, str]]


def read_item(sent: Any, seq: int) -> Item:
    """Return the item that was sent at this seq; never raises."""
    if not isinstance(sent, dict):
        return _refused(seq, None, None, digest([sent]), [at("", "must be an object", "必须是对象")])
    identity = digest(sent)
    faults: Faults = list(_unstorable(sent))
    mid = _uuid(sent.get("mid"), "/mid", faults)
    entity_id = _uuid(sent.get("entity_id"), "/entity_id", faults)
    kind = _type(sent.get("type"), faults)
    base_version = _base_version(sent.get("base_version"), faults)
    depends_on = _depends_on(sent.get("depends_on"), faults)
    data = sent.get("data")
    if not isinstance(data, dict):
        faults.append(at("/data", "must be an object", "必须是对象"))
    if faults or mid is None or entity_id is None:
        return _refused(seq, mid, sent.get("mid"), identity, faults)
    device_time, warnings = _device_time(sent.get("device_time"))
    mutation = Mutation(
        mid, seq, kind, entity_id, device_time, base_version, depends_on, data or {}, identity
    )
    return Item(seq, mid, str(mid), identity, mutation, warnings=warnings)


def _refused(seq: int, mid: UUID | None, sent_mid: Any, identity: bytes, faults: Faults) -> Item:
    document = problem(
        "unreadable-item",
        "The item cannot be read; mend what the pointers name and send it as a new item.",
        "条目无法读取；请按指针改正后作为新条目提交。",
        faults[:20],
    )
    key = mid or uuid5(UNNAMED, identity.hex())
    return Item(seq, key, str(mid) if mid else _echo(sent_mid), identity, None, document)


def _echo(value: Any) -> str | None:
    return (
        value.encode("utf-8", "replace").decode().replace("\x00", "")[:64] if isinstance(value, str) else None
    )


def _uuid(value: Any, pointer: str, faults: Faults) -> UUID | None:
    try:
        return UUID(value)
    except (ValueError, TypeError, AttributeError):
        faults.append(at(pointer, "must be a UUID", "必须是 UUID"))
        return None


def _type(value: Any, faults: Faults) -> str:
    if isinstance(value, str) and len(value) <= 64 and _TYPE.fullmatch(value):
        return value
    faults.append(at("/type", "must name a command, such as inspection.create", "必须是命令名称"))
    return ""


def _base_version(value: Any, faults: Faults) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MAX_INT):
        return value
    faults.append(at("/base_version", "must be null or a version", "必须为空或版本号"))
    return None


def _depends_on(value: Any, faults: Faults) -> tuple[UUID, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > MAX_DEPENDENCIES:
        faults.append(at("/depends_on", "must be a list of mids", "必须是 mid 列表"))
        return ()
    mids = [_uuid(mid, f"/depends_on/{index}", faults) for index, mid in enumerate(value)]
    return tuple(mid for mid in mids if mid is not None)


def _device_time(value: Any) -> tuple[datetime | None, tuple[Warning, ...]]:
    moment = aware(value)
    if moment is not None or value is None:
        return moment, ()
    detail = "is no moment with an offset from UTC; the time of receipt counts"
    return None, (Warning("odd-time", "/device_time", detail, "不是带时区的时间，以收到时间为准"),)


def aware(value: Any) -> datetime | None:
    """Return a moment in UTC, or None for anything but an ISO 8601 time with an offset."""
    try:
        moment = datetime.fromisoformat(value)
        return moment.astimezone(UTC) if moment.tzinfo is not None else None
    except (TypeError, ValueError, OverflowError):
        return None


def _unstorable(sent: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Yield what PostgreSQL cannot keep: NUL, lone surrogates, numbers without end, bottomless nesting."""
    try:
        if b"\\u0000" not in orjson.dumps(sent):
            return
    except (TypeError, ValueError, RecursionError):
        pass
    yield from _walk(sent, "", 0)


def _walk(value: Any, pointer: str, depth: int) -> Iterator[dict[str, str]]:
    if depth > 100:
        yield at("", "is nested more than 100 deep", "嵌套超过 100 层")
    elif isinstance(value, dict):
        for key, inner in value.items():
            place = f"{pointer}/{_plain(key).replace('~', '~0').replace('/', '~1')}"
            yield from _walk(key, place, depth + 1)
            yield from _walk(inner, place, depth + 1)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _walk(inner, f"{pointer}/{index}", depth + 1)
    elif isinstance(value, str) and _plain(value) != value:
        yield at(
            pointer,
            "holds a NUL character or half a surrogate pair; take it out",
            "含有空字符或不完整的字符，请删除",
        )
    elif isinstance(value, float) and not math.isfinite(value):
        yield at(pointer, "is larger than any number that can be kept", "数值过大，无法保存")
    elif isinstance(value, int) and abs(value) >= 2**64:
        yield at(pointer, "is larger than any whole number that can be kept", "整数过大，无法保存")


def _plain(value: str) -> str:
    return value.encode("utf-8", "replace").decode().replace("\x00", "?")
