"""Every item of a push with the time at which it was made, and a warning where that cannot have been so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sync.clock import Clock, TimeTravel
from sync.items import Item
from sync.mutations import Warning

_WORDS: dict[TimeTravel, tuple[str, str]] = {
    "after-receipt": ("later than its receipt", "晚于接收时间"),
    "before-previous": ("earlier than that of the item before", "早于前一条目"),
    "before-enrolment": ("earlier than the tablet's enrolment", "早于设备注册时间"),
}


def timed(items: Sequence[Item], clock: Clock) -> tuple[Item, ...]:
    """Return the items with their times; the order is the one in which the tablet made them."""
    made_at = [item.mutation.device_time if item.mutation else None for item in items]
    found = []
    for item, time in zip(items, clock.item_times(made_at), strict=True):
        if item.mutation is not None:
            warnings = (*item.warnings, *(_warning(travel) for travel in time.travels))
            item = replace(item, mutation=replace(item.mutation, time=time), warnings=warnings)
        found.append(item)
    return tuple(found)


def last_made_at(items: Sequence[Item]) -> datetime | None:
    """Return the time that the last of these items was sent with, by the tablet's clock."""
    told = [(item.seq, item.mutation.device_time) for item in items if item.mutation]
    return max(((seq, moment) for seq, moment in told if moment is not None), default=(0, None))[1]


def _warning(travel: TimeTravel) -> Warning:
    detail, detail_zh = _WORDS[travel]
    return Warning(
        "time-travel",
        "/device_time",
        f"The time is {detail}; the server's order counts.",
        f"时间{detail_zh}，以服务器顺序为准。",
    )
