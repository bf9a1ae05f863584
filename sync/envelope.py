"""Reading an envelope: what makes a whole push unreadable, before its items are looked at."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from sync.clock import Reading
from sync.errors import TooManyMutations, UnreadableEnvelope
from sync.items import Item, aware, read_item
from sync.problem import at

MAX_SEQ = 2**62
MAX_LABEL = 200
MAX_UPTIME_MS = 10 * 366 * 86_400_000


@dataclass(frozen=True, slots=True)
class Envelope:
    """One push as it was sent."""

    batch_id: str | None
    device_id: UUID
    first_seq: int
    clock: Reading
    items: tuple[Item, ...]

    @property
    def last_seq(self) -> int:
        """The seq of the last item; `first_seq - 1` for an empty envelope."""
        return self.first_seq + len(self.items) - 1


def read(body: bytes, *, max_mutations: int) -> Envelope:
    """Return the envelope in these bytes.

    Raises:
        UnreadableEnvelope: not JSON, or device_id, first_seq or mutations are missing or wrong.
        TooManyMutations: more items than one push may carry.
    """
    document = _load(body)
    if not isinstance(document, dict):
        raise _unreadable(at("", "must be an object", "必须是对象"))
    mutations = document.get("mutations")
    if not isinstance(mutations, list):
        raise _unreadable(at("/mutations", "must be a list", "必须是列表"))
    if len(mutations) > max_mutations:
        raise TooManyMutations(
            f"A push carries at most {max_mutations} mutations; send the rest in the next one.",
            f"一次最多提交 {max_mutations} 条，请分批提交。",
            extra={"max_mutations": max_mutations},
        )
    first_seq = _first_seq(document.get("first_seq"))
    return Envelope(
        batch_id=_label(document.get("batch_id")),
        device_id=_device_id(document.get("device_id")),
        first_seq=first_seq,
        clock=_clock(document.get("clock")),
        items=tuple(_items(mutations, first_seq)),
    )


def _load(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return _load_leniently(body)


def _load_leniently(body: bytes) -> Any:
    """Read what orjson refuses for the sake of one string or number: that item is refused, not the push."""
    try:
        return json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise UnreadableEnvelope(
            f"The body is not JSON in UTF-8: {error}.", "请求体不是有效的 UTF-8 JSON。"
        ) from error


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _items(mutations: list[Any], first_seq: int) -> list[Item]:
    faults = []
    for index, sent in enumerate(mutations):
        seq = sent.get("seq") if isinstance(sent, dict) else None
        if seq is not None and (seq != first_seq + index or isinstance(seq, bool)):
            faults.append(
                at(
                    f"/mutations/{index}/seq",
                    f"must be first_seq + index = {first_seq + index}",
                    "必须等于 first_seq 加序号",
                )
            )
    if faults:
        raise _unreadable(*faults[:20])
    return [read_item(sent, first_seq + index) for index, sent in enumerate(mutations)]


def _first_seq(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MAX_SEQ:
        raise _unreadable(at("/first_seq", "must be an integer from 1", "必须是不小于 1 的整数"))
    return value


def _device_id(value: Any) -> UUID:
    try:
        return UUID(value)
    except (ValueError, TypeError, AttributeError):
        raise _unreadable(at("/device_id", "must be a UUID", "必须是 UUID")) from None


def _clock(value: Any) -> Reading:
    """Return what can be read of the clock; nothing in it makes an envelope unreadable."""
    if not isinstance(value, dict):
        return Reading()
    return Reading(
        aware(value.get("wall")), _uptime_ms(value.get("monotonic_ms")), _label(value.get("boot_id")) or None
    )


def _uptime_ms(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if 0 <= value <= MAX_UPTIME_MS else None


def _label(value: Any) -> str | None:
    if not isinstance(value, str):
        return None
    return value.encode("utf-8", "replace").decode().replace("\x00", "")[:MAX_LABEL]


def _unreadable(*faults: dict[str, str]) -> UnreadableEnvelope:
    return UnreadableEnvelope(
        "The envelope cannot be read; see the pointers.", "批次无法读取，见各指针。", errors=list(faults)
    )
