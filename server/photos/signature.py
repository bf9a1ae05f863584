"""Telling a picture from anything else by its first bytes."""

from __future__ import annotations

HEAD_BYTES = 64
CONTENT_TYPES = ("image/jpeg", "image/png", "image/webp", "image/heic")
EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/heic": "heic"}

_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})


def content_type_of(head: bytes) -> str | None:
    """Return the content type of a picture by its first `HEAD_BYTES` bytes, None when it is none we take."""
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp" and _heic_brand(head):
        return "image/heic"
    return None


def _heic_brand(head: bytes) -> bool:
    end = min(int.from_bytes(head[:4], "big"), len(head))
    brands = {head[8:12], *(head[start : start + 4] for start in range(16, end - 3, 4))}
    return not _HEIC_BRANDS.isdisjoint(brands)
