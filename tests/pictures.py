"""Pictures drawn for tests: real files of every kind we take, and bytes that only pretend."""

from __future__ import annotations

import hashlib
import io
import random

import pillow_heif
from PIL import Image


def jpeg(seed: int = 1, size: tuple[int, int] = (64, 48), *, orientation: int | None = None) -> bytes:
    """Return a JPEG that no other seed has; coarse noise, so that it does not compress to nothing."""
    noise = random.Random(seed).randbytes(3 * 32 * 24)
    picture = Image.frombytes("RGB", (32, 24), noise).resize(size)
    exif = Image.Exif()
    if orientation is not None:
        exif[0x0112] = orientation
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=90, exif=exif)
    return out.getvalue()


def heic(seed: int = 1, size: tuple[int, int] = (64, 48)) -> bytes:
    """Return a HEIC picture of coarse noise, as telephones take them; most browsers cannot show it."""
    noise = random.Random(seed).randbytes(3 * 32 * 24)
    picture = Image.frombytes("RGB", (32, 24), noise).resize(size)
    out = io.BytesIO()
    pillow_heif.from_pillow(picture).save(out)
    return out.getvalue()


def sha256(content: bytes) -> bytes:
    """Return the digest that names these bytes."""
    return hashlib.sha256(content).digest()
