"""Drawing lines of text into a band at the bottom of a picture; only workers load this module."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import structlog
from PIL import Image, ImageDraw, ImageFont
from PIL.ImageFont import FreeTypeFont

from server.photos.derive import DAMAGED, jpeg, upright
from server.photos.errors import PhotoUnreadable

log = structlog.get_logger()

LONGEST_PX = 1600
BAND = (8, 14, 20, 185)
INK = (255, 255, 255, 255)
LARGEST_SHARE = 1 / 3
SMALLEST_PX = 9
FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")
# In a collection of all regions the third face draws the characters as mainland China writes them.
FONTS = {"NotoSansCJK-Regular.ttc": 2, "NotoSansCJKsc-Regular.otf": 0, "NotoSansSC-Regular.otf": 0}


def stamped(file: Path, lines: Sequence[str], *, max_pixels: int) -> bytes:
    """Return a picture file as upright JPEG, no side above `LONGEST_PX`, with these lines at the bottom.

    Raises:
        PhotoUnreadable: it is damaged, or has too many pixels.
    """
    try:
        with Image.open(file) as image:
            if image.width * image.height > max_pixels:
                raise PhotoUnreadable("too-many-pixels")
            small = upright(image, LONGEST_PX)
            icc = image.info.get("icc_profile")
    except DAMAGED as fault:
        raise PhotoUnreadable("damaged") from fault
    return jpeg(draw(small, lines, chinese_font()), icc)


def chinese_font() -> Path | None:
    """Return the file of a font with Chinese characters, None when none is installed."""
    found = chain.from_iterable(folder.rglob(name) for name in FONTS for folder in FOLDERS)
    return next(found, None)


def draw(picture: Image.Image, lines: Sequence[str], font_file: Path | None) -> Image.Image:
    """Return an RGB picture of the same size with the lines in a band; above the band nothing changes.

    Without a font file Pillow's own font is used, which has no Chinese: those characters are left out.
    """
    if font_file is None:
        log.warning("no font with Chinese characters is installed: they are left out of the copy")
        lines = [latin for latin in map(_latin, lines) if latin]
    font, rows = _fitting(picture.size, lines, font_file)
    step, edge = _step(font), _edge(font)
    height = min(picture.height, len(rows) * step + 2 * edge)
    below = picture.crop((0, picture.height - height, picture.width, picture.height)).convert("RGBA")
    layer = Image.new("RGBA", below.size, BAND)
    pen = ImageDraw.Draw(layer)
    for number, row in enumerate(rows):
        pen.text((edge, edge + number * step), row, font=font, fill=INK)
    done = picture.copy()
    done.paste(Image.alpha_composite(below, layer).convert("RGB"), (0, picture.height - height))
    return done


def _fitting(
    size: tuple[int, int], lines: Sequence[str], font_file: Path | None
) -> tuple[FreeTypeFont, list[str]]:
    """Return the largest font whose rows leave most of the picture free, or the smallest there is."""
    width, height = size
    px = max(SMALLEST_PX, max(size) // 50)
    while True:
        font = _font(font_file, px)
        rows = [row for line in lines for row in _wrapped(line, font, width - 2 * _edge(font))]
        if px == SMALLEST_PX or len(rows) * _step(font) <= height * LARGEST_SHARE:
            return font, rows
        px -= 1


def _font(file: Path | None, px: int) -> FreeTypeFont:
    if file is not None:
        return ImageFont.truetype(file, px, index=FONTS[file.name])
    font = ImageFont.load_default(px)
    assert isinstance(font, FreeTypeFont), "Pillow is built with FreeType"
    return font


def _step(font: FreeTypeFont) -> int:
    return round(font.size * 1.45)


def _edge(font: FreeTypeFont) -> int:
    return round(font.size * 0.6)


def _wrapped(line: str, font: FreeTypeFont, width: float) -> list[str]:
    """Return a line in rows that fit; Chinese may be broken anywhere."""
    rows = [""]
    for character in line:
        if rows[-1] and font.getlength(rows[-1] + character) > width:
            rows.append("")
        rows[-1] += character
    return rows


def _latin(line: str) -> str:
    return " ".join("".join(one if one.isascii() else " " for one in line).split())
