"""What a record says about its photos, and what is there of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from server.photos.errors import field_fault
from server.photos.oddities import Oddity
from server.problems import DomainError, InvalidInput

ROLES = ("before", "after", "check", "panorama", "document", "other")
MOST_PHOTOS = 200
# A photo shows one fact of this entity; others, as the cases that it opened, may share it.
ONE_FACT = "inspection"

_SHA256 = re.compile(r"[0-9a-fA-F]{64}")


@dataclass(frozen=True, slots=True)
class ClaimedPhoto:
    """One photo that a record names as evidence.

    Attributes:
        role: one of `ROLES`.
        context: what it shows, in the claiming room's own words, such as an item of a checklist.
        taken_at: when the tablet says it was taken.
        entry_seq: the entry of the record's history that names it, 0 without a history.
    """

    sha256: bytes
    role: str = "other"
    context: str = ""
    taken_at: datetime | None = None
    entry_seq: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """A photo and the record that names it."""

    entity: str
    entity_id: UUID
    photo: ClaimedPhoto


@dataclass(frozen=True, slots=True)
class Claimed:
    """What came of naming photos.

    Attributes:
        missing: the photos that are not stored yet.
        shared: by photo, the records of `ONE_FACT` that name it, where these are more than one.
    """

    missing: frozenset[bytes] = frozenset()
    shared: Mapping[bytes, frozenset[UUID]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Evidence:
    """How many different photos a record names, how many are stored, and the digests (hex) of the others."""

    expected: int = 0
    received: int = 0
    missing: tuple[str, ...] = ()

    def as_json(self) -> dict[str, int]:
        """Return `{expected, received, missing}` as numbers."""
        return {"expected": self.expected, "received": self.received, "missing": len(self.missing)}


@dataclass(frozen=True, slots=True)
class EvidencePhoto:
    """One photo of a record: how it is claimed, whether its bytes are there, and what is odd about it."""

    sha256: str
    role: str
    received: bool
    taken_at: datetime | None
    context: str
    entry_seq: int
    refused_because: str | None
    oddities: tuple[Oddity, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return `{sha256, role, received, taken_at, context, refused_because, warnings}`."""
        return {
            "sha256": self.sha256,
            "role": self.role,
            "received": self.received,
            "taken_at": self.taken_at.isoformat() if self.taken_at else None,
            "context": self.context,
            "refused_because": self.refused_because,
            "warnings": [oddity.as_json() for oddity in self.oddities],
        }


@dataclass(frozen=True, slots=True)
class NamedPhoto:
    """A photo as one record names it for the first time, and what is known of it.

    Attributes:
        taken_at: when the tablet says it was taken.
        camera_at, lon, lat: what the camera wrote into it; degrees, WGS 84.
        stored_at: when its bytes arrived, None when they have not.
        claimed_by: the name of the person who named it.
        looked_into: whether a worker has tried to decode it.
    """

    sha256: bytes
    taken_at: datetime | None = None
    camera_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None
    stored_at: datetime | None = None
    claimed_by: str | None = None
    looked_into: bool = False
    refused_because: str | None = None


def evidence_shown(photos: Iterable[EvidencePhoto]) -> Evidence:
    """Return what is there of the photos that one record names, each as often as it names it."""
    there = {photo.sha256: photo.received for photo in photos}
    missing = tuple(sorted(digest for digest, received in there.items() if not received))
    return Evidence(len(there), len(there) - len(missing), missing)


def digest_of(value: object) -> bytes | None:
    """Return the 32 bytes of a SHA-256 in hex, None when it is none."""
    if isinstance(value, str) and _SHA256.fullmatch(value):
        return bytes.fromhex(value)
    return None


def read_photos(value: object, pointer: str, default_role: str = "other") -> list[ClaimedPhoto]:
    """Return the photos that a command's JSON names: digests, or objects `{sha256, role?, taken_at?, …}`.

    Unknown members are ignored; an odd `taken_at` counts as none.

    Raises:
        InvalidInput: no list, too long, a malformed digest or role; `errors` name each place.
    """
    if not isinstance(value, list) or len(value) > MOST_PHOTOS:
        raise field_fault(
            pointer,
            f"A list of at most {MOST_PHOTOS} photos is due.",
            f"应为最多 {MOST_PHOTOS} 张照片的列表。",
        )
    photos: list[ClaimedPhoto] = []
    faults: list[dict[str, str]] = []
    for number, one in enumerate(value):
        try:
            photos.append(_read_photo(one, f"{pointer}/{number}", default_role))
        except DomainError as fault:
            faults += fault.errors
    if faults:
        raise InvalidInput("Some photos cannot be read.", "部分照片信息无法读取。", errors=faults)
    return photos


def _read_photo(value: object, pointer: str, default_role: str) -> ClaimedPhoto:
    given: Mapping[str, Any] = value if isinstance(value, dict) else {"sha256": value}
    sha256 = digest_of(given.get("sha256"))
    if sha256 is None:
        raise field_fault(
            f"{pointer}/sha256" if isinstance(value, dict) else pointer,
            "A SHA-256 of 64 hexadecimal digits is due.",
            "应为 64 位十六进制的 SHA-256。",
        )
    role = given.get("role") or default_role
    if role not in ROLES:
        raise field_fault(
            f"{pointer}/role", f"One of {', '.join(ROLES)} is due.", f"应为 {'、'.join(ROLES)} 之一。"
        )
    return ClaimedPhoto(sha256, role, taken_at=_instant(given.get("taken_at")))


def _instant(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
