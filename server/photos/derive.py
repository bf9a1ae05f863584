"""Looking into a photo: its size, what the camera wrote, and smaller pictures that stand upright.

Only workers load this module: decoding takes memory and time, and damaged files take surprising paths.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pillow_heif
from PIL import Image, ImageOps, UnidentifiedImageError

from server.photos import exif
from server.photos.exif import Exif
from server.photos.schemas import SIZES_PX

QUALITY = 82
LARGEST_ICC_BYTES = 8192

pillow_heif.register_heif_opener()
# The limit is ours, told as a reason; Pillow's own would be a warning or an error of its choosing.
Image.MAX_IMAGE_PIXELS = None

# Whatever a decoder raises over a damaged file. Not Exception: a job that runs out of time must be stopped.
DAMAGED = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    UnidentifiedImageError,
    ValueError,
    struct.error,
)


@dataclass(frozen=True, slots=True)
class Derived:
    """What was found out about a photo.

    Attributes:
        width, height: as stored in the file, before it is turned upright.
        thumbnails: JPEG by the length of the longest side.
        refused_because: `damaged` or `too-many-pixels`, when no thumbnails could be made.
    """

    width: int | None = None
    height: int | None = None
    exif: Exif = field(default_factory=Exif)
    thumbnails: Mapping[int, bytes] = field(default_factory=dict)
    refused_because: str | None = None


def derive(file: Path, *, max_pixels: int) -> Derived:
    """Return what can be found out about a picture file; a damaged one is a finding, not a fault."""
    try:
        image = Image.open(file)
    except DAMAGED:
        return Derived(refused_because="damaged")
    with image:
        facts = exif.read(image)
        width, height, orientation = _as_stored(image, facts)
        found = Derived(width, height, _with_orientation(facts, orientation))
        if width * height > max_pixels:
            return _refused(found, "too-many-pixels")
        try:
            return Derived(width, height, found.exif, _thumbnails(image))
        except DAMAGED:
            return _refused(found, "damaged")


def _as_stored(image: Image.Image, facts: Exif) -> tuple[int, int, int | None]:
    """Return width, height and orientation of the file; libheif turns pictures before we see them."""
    width, height = image.size
    turned = image.info.get("original_orientation")
    if isinstance(turned, int) and 1 <= turned <= 8:
        return (height, width, turned) if turned >= 5 else (width, height, turned)
    return width, height, facts.orientation


def _with_orientation(facts: Exif, orientation: int | None) -> Exif:
    return Exif(orientation, facts.taken_at, facts.lon, facts.lat, facts.said)


def _refused(found: Derived, reason: str) -> Derived:
    return Derived(found.width, found.height, found.exif, refused_because=reason)


def _thumbnails(image: Image.Image) -> dict[int, bytes]:
    small = upright(image, max(SIZES_PX))
    icc = image.info.get("icc_profile")
    thumbnails = {}
    for px in sorted(SIZES_PX, reverse=True):
        small.thumbnail((px, px), Image.Resampling.BICUBIC)
        thumbnails[px] = jpeg(small, icc)
    return thumbnails


def upright(image: Image.Image, longest_px: int) -> Image.Image:
    """Return an opened picture as opaque RGB, upright, no side longer than this; raises one of `DAMAGED`."""
    image.draft("RGB", (longest_px, longest_px))  # JPEG decodes at half, quarter or eighth size: much cheaper
    image.load()
    image.thumbnail((longest_px, longest_px), Image.Resampling.BICUBIC, reducing_gap=2.0)
    return _plain(ImageOps.exif_transpose(image))


def _plain(image: Image.Image) -> Image.Image:
    """Return the picture as opaque RGB; what was transparent is white."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        clear = image.convert("RGBA")
        white = Image.new("RGBA", clear.size, "white")
        return Image.alpha_composite(white, clear).convert("RGB")
    if image.mode.startswith("I"):
        # 16 bits a pixel; a plain conversion would clip nearly everything to white.
        return image.point(lambda value: value / 256).convert("L").convert("RGB")
    return image.convert("RGB")


def jpeg(image: Image.Image, icc: object) -> bytes:
    """Return a picture as JPEG that says nothing of the camera; a small colour profile is kept."""
    out = io.BytesIO()
    keep = icc if isinstance(icc, bytes) and len(icc) <= LARGEST_ICC_BYTES else None
    image.save(out, "JPEG", quality=QUALITY, optimize=True, icc_profile=keep, exif=b"")
    return out.getvalue()
