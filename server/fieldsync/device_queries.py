"""What the office asks about tablets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

_DEVICES = text(Path(__file__).with_name("devices.sql").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which tablets to list.

    Attributes:
        unit_code, division: whose people's, as far as the reader's right goes; both None is the county.
        text: part of a user name, a person's or a tablet's name or its id.
        silent_since: only tablets that were not heard of since then.
        troubled: only tablets with something undecided, unapplied, lost or missing.
        nearly_full: only tablets that told of little room.
        waiting_from: only tablets that told of so many items without a fate, or more.
        wipe: only tablets that are to be erased (`open`), or are (`done`).
        after: user name and device id of the last tablet of the page before.
    """

    unit_code: str | None = None
    division: str | None = None
    text: str | None = None
    device_id: UUID | None = None
    revoked: bool | None = None
    app_version: str | None = None
    silent_since: datetime | None = None
    troubled: bool = False
    nearly_full: bool = False
    waiting_from: int | None = None
    wipe: str | None = None
    after: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class DeviceView:
    """One tablet as the office sees it.

    Attributes:
        clock_offset_ms: how far its clock stood before the server's when it last pushed.
        acked_through: the largest seq up to which every item has a stored status.
        photos_missing: photos that its records name and that have not arrived. A case's photo counts at every
            tablet of the person who named it.
        oldest_waiting_at: when the oldest item came in that is held or not yet applied.
        gaps, lost_items: holes that the tablet declared after damage, and the items they swallowed.
        unsent_items: items before a refused push that the tablet skipped and has not sent since.
        report: what the tablet last told of itself, see `ReportedSchema`; None before it did.
        wipe: the order to erase it, see `WipeSchema`; None where none stands.
    """

    device_id: UUID
    user_id: UUID
    username: str
    worker_name: str
    unit_code: str
    name: str
    platform: str
    app_version: str
    enrolled_at: datetime
    revoked_at: datetime | None
    pushed_at: datetime | None
    pulled_at: datetime | None
    clock_offset_ms: int | None
    acked_through: int
    last_contact_at: datetime
    held: int
    quarantined: int
    conflicts: int
    photos_missing: int
    oldest_waiting_at: datetime | None
    gaps: int
    lost_items: int
    unsent_items: int
    report: dict[str, Any] | None
    wipe: dict[str, Any] | None


def devices(session: Session, wanted: Wanted, limit: int) -> list[DeviceView]:
    """Return tablets by user name and id."""
    after_name, after_id = wanted.after or (None, None)
    values = {
        "unit_code": wanted.unit_code,
        "division": wanted.division,
        "text": wanted.text or None,
        "device_id": str(wanted.device_id) if wanted.device_id else None,
        "revoked": wanted.revoked,
        "app_version": wanted.app_version or None,
        "silent_since": wanted.silent_since,
        "troubled": wanted.troubled,
        "nearly_full": wanted.nearly_full,
        "waiting_from": wanted.waiting_from,
        "wipe": wanted.wipe,
        "after_name": after_name,
        "after_id": after_id,
        "limit": limit,
    }
    return [DeviceView(*row) for row in session.execute(_DEVICES, values)]
