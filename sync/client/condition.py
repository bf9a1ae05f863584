"""What a tablet tells of itself with its sync, so that the office sees who is in need."""

from __future__ import annotations

import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sync.client.handing import APP
from sync.client.outbox import Store


@dataclass(frozen=True, slots=True)
class Battery:
    """The battery of the machine that the library runs on."""

    percent: int
    charging: bool


def of(store: Store, file: Path | str, battery: Battery | None) -> dict[str, Any]:
    """Return the report of a tablet whose store lies in `file`; `:memory:` has no room to tell of."""
    waiting = store.items(pending=True)
    photos = store.photos()
    return {
        "app_version": APP,
        "storage": None if str(file) == ":memory:" else _room(Path(file)),
        "battery": asdict(battery) if battery else None,
        "outbox": {
            "items": len(waiting),
            "photos": len(photos),
            "photo_bytes": sum(store.photo_size(digest) for digest in photos),
            "oldest_at": waiting[0].body["device_time"] if waiting else None,
        },
    }


def _room(file: Path) -> dict[str, int]:
    """Return what the store takes of its disk, and what it could take at most."""
    used = sum(one.stat().st_size for one in file.parent.glob(f"{file.name}*"))
    return {"used_bytes": used, "quota_bytes": used + shutil.disk_usage(file.parent).free}
