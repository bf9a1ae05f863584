"""Small drawn photos, shared by many cases as far as evidence allows."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from PIL import Image, ImageDraw

from checklists.deadlines import SHANGHAI

SIZE = (320, 240)
# A check shows what was photographed after the claim: these many new photos come on every day.
SLOTS = tuple(time(hour, 30) for hour in (8, 9, 10, 11, 13, 14, 15, 16))
POOLS = {"before": 60, "after": 60, "panorama": 24, "paper": 12}


@dataclass(frozen=True, slots=True)
class Drawn:
    """One photo: its bytes, and the moment at which it was first heard of."""

    sha256: bytes
    content: bytes
    first_seen_at: datetime


@dataclass(slots=True)
class Album:
    """The photos of two years, drawn when first asked for; the same seed draws the same."""

    seed: int
    since: datetime
    drawn: dict[str, Drawn] = field(default_factory=dict)
    told: int = 0

    def any(self, pool: str, draw: Random) -> str:
        """Return the digest (hex) of one photo of a pool that was there from the beginning."""
        return self._photo(f"{pool} {draw.randrange(POOLS[pool]):02d}", self.since)

    def at(self, moment: datetime) -> str:
        """Return the digest of the newest of the photos that every day brings, as of this moment."""
        slot = slot_before(moment)
        return self._photo(f"check {slot:%Y-%m-%d %H:%M}", slot)

    def fresh(self) -> list[Drawn]:
        """Return the photos drawn since the last call."""
        found = list(self.drawn.values())[self.told :]
        self.told = len(self.drawn)
        return found

    def _photo(self, caption: str, first_seen_at: datetime) -> str:
        if caption not in self.drawn:
            content = draw_small(caption, Random(f"{self.seed}/{caption}"))
            self.drawn[caption] = Drawn(hashlib.sha256(content).digest(), content, first_seen_at)
        return self.drawn[caption].sha256.hex()


def slots_from(day: date) -> Iterator[datetime]:
    """Yield the moments at which new photos come, from a day on, without end."""
    while True:
        yield from (datetime.combine(day, slot, SHANGHAI) for slot in SLOTS)
        day += timedelta(days=1)


def slot_before(moment: datetime) -> datetime:
    """Return the newest of those moments that is not later than this one."""
    day = moment.astimezone(SHANGHAI).date()
    earlier = (slot for back in (0, 1) for slot in _slots_of(day - timedelta(days=back)))
    return max(slot for slot in earlier if slot <= moment)


def slot_after(moment: datetime) -> datetime:
    """Return the first of those moments that is later than this one."""
    return next(slot for slot in slots_from(moment.astimezone(SHANGHAI).date()) if slot > moment)


def _slots_of(day: date) -> list[datetime]:
    return [datetime.combine(day, slot, SHANGHAI) for slot in SLOTS]


def draw_small(caption: str, draw: Random) -> bytes:
    """Return a JPEG of some KB: a yard, a house, its door and windows, and a caption that makes it unique."""
    picture = Image.new("RGB", SIZE, tuple(draw.randint(150, 230) for _ in range(3)))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 150, 320, 240), fill=tuple(draw.randint(80, 150) for _ in range(3)))
    left, top = draw.randint(20, 120), draw.randint(20, 60)
    pen.rectangle((left, top, left + 170, 170), fill=tuple(draw.randint(120, 210) for _ in range(3)))
    for column in range(5):
        for row in range(3):
            x, y = left + 12 + column * 32, top + 10 + row * 28
            pen.rectangle((x, y, x + 16, y + 16), fill=(60, 70, 90))
    for _ in range(draw.randint(1, 4)):
        x, y = draw.randint(10, 290), draw.randint(165, 215)
        pen.ellipse((x, y, x + 24, y + 12), fill=tuple(draw.randint(20, 200) for _ in range(3)))
    pen.text((8, 224), caption, fill=(255, 255, 255))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()
