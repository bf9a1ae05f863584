"""What can be odd about a photo as a record names it, in words; nothing is refused for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

TIME, PLACE, TWICE = "photo-time-differs", "photo-place-differs", "photo-used-twice"
PHOTO_GCJ02, TOLD_GCJ02 = "photo-in-gcj02", "position-in-gcj02"

WORDS: Mapping[str, tuple[str, str]] = {
    TIME: (
        "The camera dates the photo {hours} hours away from what the record says.",
        "照片的拍摄时间与记录相差 {hours} 小时。",
    ),
    PLACE: (
        "The camera places the photo {distance_m} m away from what the record says.",
        "照片的拍摄位置与记录相距 {distance_m} 米。",
    ),
    PHOTO_GCJ02: (
        "The photo position is in GCJ-02: it lies {distance_m} m away, as that datum does.",
        "照片位置为 GCJ-02 坐标：与记录相距 {distance_m} 米，正是该坐标系的偏移。",
    ),
    TOLD_GCJ02: (
        "The record's position is in GCJ-02: it lies {distance_m} m from the photo, as that datum does.",
        "记录位置为 GCJ-02 坐标：与照片相距 {distance_m} 米，正是该坐标系的偏移。",
    ),
    TWICE: (
        "The same photo is evidence of another record: {other_id}.",
        "同一张照片已用于另一条记录：{other_id}。",
    ),
}


@dataclass(frozen=True, slots=True)
class Oddity:
    """One thing that is odd; `told` has its figures, `other_id` the other record of a photo used twice."""

    type: str
    told: Mapping[str, Any] = field(default_factory=dict)
    other_id: UUID | None = None

    def words(self) -> tuple[str, str]:
        """Return what is odd, in English and Chinese."""
        values = {**self.told, "other_id": self.other_id}
        english, chinese = WORDS[self.type]
        return english.format(**values), chinese.format(**values)

    def as_json(self) -> dict[str, Any]:
        """Return `{type, detail, detail_zh, other_id, …figures}`."""
        detail, detail_zh = self.words()
        other = str(self.other_id) if self.other_id else None
        return {"type": self.type, "detail": detail, "detail_zh": detail_zh, "other_id": other, **self.told}
