"""Photos as a tablet would take them: drawn, each unlike any other, with time and position in their EXIF."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from PIL import Image, ImageDraw

SIZE = (1024, 768)
GRAIN = (256, 192)
GPS_IFD, EXIF_IFD = 0x8825, 0x8769
MAKE, MODEL, TAKEN, OFFSET = 0x010F, 0x0110, 0x9003, 0x9011
SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Shot:
    """What is written on a photo and into it; the position is WGS 84."""

    caption: str
    taken_at: datetime
    lon: float
    lat: float


def draw_photo(shot: Shot, draw: random.Random) -> bytes:
    """Return a JPEG of 100 to 200 KB: a wall, a door, some wires, and a caption that makes it unique."""
    grain = Image.frombytes("L", GRAIN, draw.randbytes(GRAIN[0] * GRAIN[1])).resize(SIZE)
    wall = Image.new("RGB", SIZE, tuple(draw.randint(120, 220) for _ in range(3)))
    picture = Image.blend(wall, grain.convert("RGB"), 0.16)
    _scene(ImageDraw.Draw(picture), shot.caption, draw)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=86, exif=_exif(shot))
    return out.getvalue()


def _scene(pen: ImageDraw.ImageDraw, caption: str, draw: random.Random) -> None:
    left = draw.randint(100, 600)
    pen.rectangle((left, 300, left + 220, 700), fill=(90, 60, 40), outline=(30, 20, 10), width=6)
    for _ in range(draw.randint(1, 4)):
        ends = [(draw.randint(0, SIZE[0]), draw.randint(0, 300)) for _ in range(3)]
        pen.line(ends, fill=(20, 20, 20), width=5)
    pen.rectangle((0, SIZE[1] - 40, SIZE[0], SIZE[1]), fill=(0, 0, 0))
    pen.text((12, SIZE[1] - 34), caption, fill=(255, 255, 255), font_size=22)


def _exif(shot: Shot) -> Image.Exif:
    exif = Image.Exif()
    exif[MAKE], exif[MODEL] = "wangge", "simulated tablet"
    local = shot.taken_at.astimezone(SHANGHAI)
    exif.get_ifd(EXIF_IFD).update({TAKEN: local.strftime("%Y:%m:%d %H:%M:%S"), OFFSET: "+08:00"})
    exif.get_ifd(GPS_IFD).update({1: "N", 2: _degrees(shot.lat), 3: "E", 4: _degrees(shot.lon)})
    return exif


def _degrees(value: float) -> tuple[float, float, float]:
    minutes, seconds = divmod(round(value * 3600, 3), 60)
    degrees, minutes = divmod(minutes, 60)
    return degrees, minutes, seconds
