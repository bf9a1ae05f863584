"""A morning's work as bytes: inspections of 25 answers and photos of 200 KB, drawn from a seed."""

from __future__ import annotations

import hashlib
import io
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import uuid6
from PIL import Image

PHOTO_BYTES = 200_000
PICTURE = (1280, 960)
CHECKLIST = "T2"
PLACES_LOOKED_AT = 6
BOUNDARY = "wangge-bench-5f0e2c9a"


@dataclass(slots=True)
class Tablet:
    """One enrolled tablet and the community that its worker inspects."""

    device_id: str
    access_token: str
    checklist_version: str
    community_id: str
    cell: str
    lon: float
    lat: float
    next_seq: int = 1


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture's bytes and their SHA-256 in hex."""

    sha256: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Push:
    """One request body, ready to be sent."""

    body: bytes
    content_type: str
    inspections: int


class Work:
    """Draws the same work for the same seed; only ids and times are new each time."""

    def __init__(self, seed: int, violations: float = 0.25) -> None:
        """`violations` is the share of inspections that find one."""
        self._chance = random.Random(seed)
        self._violations = violations
        self._picture = _picture(seed)

    def photo(self) -> Photo:
        """Return a real picture of exactly `PHOTO_BYTES`, a quarter of them noise that no other has."""
        room = PHOTO_BYTES - len(self._picture)
        comment = b"\xff\xfe" + (room - 2).to_bytes(2, "big") + self._chance.randbytes(room - 4)
        content = b"".join((self._picture[:2], comment, self._picture[2:]))
        return Photo(hashlib.sha256(content).hexdigest(), content)

    def push(self, tablet: Tablet, *, inspections: int, photos: int) -> Push:
        """Return the next push of a tablet: so many inspections, each with so many photos.

        The tablet's `next_seq` moves on.
        """
        taken = [[self.photo() for _ in range(photos)] for _ in range(inspections)]
        batch = self._batch(tablet, [self._inspection(tablet, shots) for shots in taken])
        tablet.next_seq += inspections
        if not photos:
            return Push(batch, "application/json", inspections)
        body = _multipart(batch, [photo for shots in taken for photo in shots])
        return Push(body, f"multipart/form-data; boundary={BOUNDARY}", inspections)

    def _batch(self, tablet: Tablet, data: list[dict[str, Any]]) -> bytes:
        now = datetime.now(UTC).isoformat()
        mutations: list[dict[str, Any]] = [
            {
                "mid": str(uuid6.uuid7()),
                "seq": tablet.next_seq + index,
                "type": "inspection.create",
                "entity_id": str(uuid6.uuid7()),
                "device_time": now,
                "base_version": None,
                "depends_on": [],
                "data": one,
            }
            for index, one in enumerate(data)
        ]
        return orjson.dumps(
            {
                "batch_id": str(uuid6.uuid7()),
                "device_id": tablet.device_id,
                "first_seq": tablet.next_seq,
                "clock": {"wall": now, "monotonic_ms": 1, "boot_id": "bench"},
                "app": "wangge-bench/1",
                "mutations": mutations,
            }
        )

    def _inspection(self, tablet: Tablet, shots: list[Photo]) -> dict[str, Any]:
        finished = datetime.now(UTC)
        return {
            "checklist": CHECKLIST,
            "checklist_version": tablet.checklist_version,
            "community_id": tablet.community_id,
            "grid_cell_code": tablet.cell,
            "location": _location(tablet),
            "started_at": (finished - timedelta(minutes=9)).isoformat(),
            "finished_at": finished.isoformat(),
            "answers": self.answers(tablet, [shot.sha256 for shot in shots]),
            "photos": [
                {
                    "sha256": shot.sha256,
                    "size": PHOTO_BYTES,
                    "content_type": "image/jpeg",
                    "taken_at": finished.isoformat(),
                    "role": "before",
                }
                for shot in shots
            ],
        }

    def answers(self, tablet: Tablet, digests: list[str]) -> dict[str, Any]:
        """Return 25 answers to the checklist of e-bike charging; with a violation in its share of cases."""
        draw = self._chance
        looked_at: list[dict[str, Any]] = [
            {"building_entrance": {"value": f"{n + 1}-{draw.randrange(1, 5)}"}, "count": {"value": 0}}
            for n in range(PLACES_LOOKED_AT)
        ]
        for instance in looked_at:
            instance["floor"] = {"value": draw.randrange(1, 19)}
        if draw.random() < self._violations:
            found = {"photos": digests[:1], "location": _location(tablet), "note": "三楼窗口拉线至车棚"}
            looked_at[0] |= {"count": {"value": draw.randrange(1, 6)}, **found}
        return {
            "fly_wires": {"instances": looked_at},
            "charging_in_hall_or_stairs": {"value": False},
            "batteries_in_rooms": {"value": False},
            "ebikes_estimate": {"value": draw.randrange(20, 400)},
            "ports_total": {"value": 40},
            "ports_working": {"value": draw.randrange(36, 41)},
            "cuts_off_when_full": {"value": True},
            "extinguishers_at_site": {"value": True},
        }


def _location(tablet: Tablet) -> dict[str, Any]:
    return {
        "lon": tablet.lon,
        "lat": tablet.lat,
        "accuracy_m": 6.5,
        "datum": "wgs84",
        "provider": "gps",
        "mock": False,
    }


def _picture(seed: int) -> bytes:
    """Return a JPEG as large as a tablet's photo unpacks to, so that thumbnails cost what they cost."""
    noise = random.Random(seed).randbytes(PICTURE[0] * PICTURE[1] // 64)
    out = io.BytesIO()
    small = Image.frombytes("L", (PICTURE[0] // 8, PICTURE[1] // 8), noise)
    small.resize(PICTURE, Image.Resampling.BICUBIC).convert("RGB").save(out, "JPEG", quality=50)
    return out.getvalue()


def _multipart(batch: bytes, photos: list[Photo]) -> bytes:
    parts = [_head("batch", "application/json"), batch]
    for photo in photos:
        parts += [_head(photo.sha256, "image/jpeg", f"{photo.sha256}.jpg"), photo.content]
    return b"".join([*parts, f"\r\n--{BOUNDARY}--\r\n".encode()])[2:]


def _head(name: str, content_type: str, filename: str | None = None) -> bytes:
    file = "" if filename is None else f'; filename="{filename}"'
    return (
        f'\r\n--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n'
        f"Content-Type: {content_type}\r\n\r\n"
    ).encode()
