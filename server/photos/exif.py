"""What a camera wrote into a photo: when and where it was taken, and which way up it was held."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from PIL import ExifTags, Image

COUNTY_TIME = ZoneInfo("Asia/Shanghai")
LONGEST_TEXT = 200

_TEXTS = {"make": ExifTags.Base.Make, "model": ExifTags.Base.Model, "software": ExifTags.Base.Software}


@dataclass(frozen=True, slots=True)
class Exif:
    """The camera's own statement; what it does not say, or says in a way nobody can read, is None.

    Attributes:
        taken_at: with the camera's offset, or as local time of the county when it wrote none.
        lon, lat: degrees, WGS 84.
        said: the same and more as it was written, for people.
    """

    orientation: int | None = None
    taken_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None
    said: Mapping[str, Any] = field(default_factory=dict)


def read(image: Image.Image) -> Exif:
    """Return what the camera wrote into an opened picture; never raises, whatever it wrote."""
    tags = _readable(lambda: dict(image.getexif()), {})
    details = _readable(lambda: dict(image.getexif().get_ifd(ExifTags.IFD.Exif)), {})
    gps = _readable(lambda: dict(image.getexif().get_ifd(ExifTags.IFD.GPSInfo)), {})
    written = _text(details.get(ExifTags.Base.DateTimeOriginal))
    offset = _text(details.get(ExifTags.Base.OffsetTimeOriginal))
    lon, lat = _position(gps)
    texts = {name: _text(tags.get(tag)) for name, tag in _TEXTS.items()}
    said = {**texts, "taken": written, "offset": offset, **_accuracy(gps)}
    return Exif(
        orientation=_orientation(tags.get(ExifTags.Base.Orientation)),
        taken_at=_instant(written, offset),
        lon=lon,
        lat=lat,
        said={name: value for name, value in said.items() if value is not None},
    )


def _readable(get: Callable[[], dict[int, Any]], otherwise: dict[int, Any]) -> dict[int, Any]:
    """Return what `get` reads; damaged tags make Pillow raise nearly anything."""
    try:
        return get()
    except (ArithmeticError, AttributeError, LookupError, OSError, SyntaxError, TypeError, ValueError):
        return otherwise


def _text(value: object) -> str | None:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        return None
    # NUL and lone surrogates cannot be stored.
    plain = value.replace("\0", "").encode("utf-8", "replace").decode().strip()
    return plain[:LONGEST_TEXT] or None


def _orientation(value: object) -> int | None:
    return value if isinstance(value, int) and 1 <= value <= 8 else None


def _instant(written: str | None, offset: str | None) -> datetime | None:
    try:
        local = datetime.strptime((written or "")[:19], "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007  # the zone follows
        return local.replace(tzinfo=_zone(offset))
    except (ValueError, OverflowError):
        return None


def _zone(offset: str | None) -> timezone | ZoneInfo:
    try:
        ahead = datetime.strptime(offset or "", "%z").utcoffset()
    except ValueError:
        return COUNTY_TIME
    return timezone(ahead or timedelta())


def _position(gps: Mapping[int, Any]) -> tuple[float | None, float | None]:
    lat = _degrees(gps.get(ExifTags.GPS.GPSLatitude), _text(gps.get(ExifTags.GPS.GPSLatitudeRef)), "S", 90)
    lon = _degrees(gps.get(ExifTags.GPS.GPSLongitude), _text(gps.get(ExifTags.GPS.GPSLongitudeRef)), "W", 180)
    if lat is None or lon is None or (lat == 0 and lon == 0):
        return None, None
    return lon, lat


def _degrees(value: object, ref: str | None, negative: str, most: float) -> float | None:
    if not isinstance(value, tuple) or len(value) != 3:
        return None
    numbers = [_number(part) for part in value]
    if any(number is None for number in numbers):
        return None
    degrees, minutes, seconds = (number or 0.0 for number in numbers)
    found = degrees + minutes / 60 + seconds / 3600
    return (-found if (ref or "").upper() == negative else found) if 0 <= found <= most else None


def _accuracy(gps: Mapping[int, Any]) -> dict[str, float | None]:
    """Return altitude, accuracy and direction as far as they were written."""
    altitude = _number(gps.get(ExifTags.GPS.GPSAltitude))
    return {
        "altitude_m": altitude,
        "accuracy_m": _number(gps.get(ExifTags.GPS.GPSHPositioningError)),
        "direction_deg": _number(gps.get(ExifTags.GPS.GPSImgDirection)),
    }


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (ArithmeticError, TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None
