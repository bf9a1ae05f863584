"""Reading what may come with any answer and any instance: note, photos, location, joins."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from checklists.model import INSTANCE_FIELDS
from checklists.notes import Notes
from checklists.places import DATUMS, LOCATION_FIELDS, Malformed, check_position, is_finite
from checklists.storable import step
from checklists.values import photos

LONGEST_NOTE = 2000


@dataclass(frozen=True, slots=True)
class Extras:
    """What may come with any answer and any instance."""

    note: str | None = None
    photos: tuple[str, ...] = ()
    location: Mapping[str, Any] | None = None
    joins: str | None = None


NOTHING = Extras()


def read_extras(raw: Mapping[str, Any], here: str, notes: Notes) -> Extras:
    """Return what came along with an answer or an instance; what is odd is warned of and left out."""
    if INSTANCE_FIELDS.isdisjoint(raw):
        return NOTHING
    return Extras(
        note=_read_note(raw.get("note"), f"{here}/note", notes),
        photos=_read_photos(raw.get("photos"), f"{here}/photos", notes),
        location=_read_location(raw.get("location"), f"{here}/location", notes),
        joins=_read_joins(raw.get("joins"), f"{here}/joins", notes),
    )


def _read_note(raw: Any, here: str, notes: Notes) -> str | None:
    if raw is None or (isinstance(raw, str) and len(raw) <= LONGEST_NOTE):
        return raw or None
    notes.odd(
        here,
        f"A note is text of at most {LONGEST_NOTE} characters.",
        f"备注应为不超过 {LONGEST_NOTE} 字的文本。",
    )
    return None


def _read_photos(raw: Any, here: str, notes: Notes) -> tuple[str, ...]:
    try:
        return () if raw is None else tuple(photos(raw))
    except Malformed as malformed:
        notes.fault(here, malformed.detail, malformed.detail_zh)
        return ()


def _read_joins(raw: Any, here: str, notes: Notes) -> str | None:
    if raw is None:
        return None
    try:
        if isinstance(raw, str) and len(raw) == 36:
            return str(UUID(raw))
    except ValueError:
        pass
    notes.odd(here, "joins is the id of an open case.", "joins 应为未结案件的标识。")
    return None


def _read_location(raw: Any, here: str, notes: Notes) -> Mapping[str, Any] | None:
    if raw is None or raw == {}:
        return None
    if not isinstance(raw, dict):
        notes.odd(
            here, "A location is {lon, lat, accuracy_m, datum}.", "位置应为 {lon, lat, accuracy_m, datum}。"
        )
        return None
    try:
        check_position(raw.get("lon"), raw.get("lat"))
    except Malformed as malformed:
        notes.fault(here, malformed.detail, malformed.detail_zh)
        return None
    if not _is_known_datum(raw.get("datum")):
        notes.odd(
            f"{here}/datum", "The datum is unknown, so the place was not read.", "坐标系未知，位置未读取。"
        )
        return None
    return {name: part for name, part in raw.items() if _keeps(name, part, here, notes)}


def _keeps(name: str, part: Any, here: str, notes: Notes) -> bool:
    if name not in LOCATION_FIELDS:
        notes.unknown(step(here, name))
        return False
    if name == "accuracy_m" and part is not None and not (is_finite(part) and part >= 0):
        notes.odd(f"{here}/{name}", "The accuracy is metres, zero or more.", "精度应为不小于零的米数。")
        return False
    return True


def _is_known_datum(raw: Any) -> bool:
    return raw is None or (isinstance(raw, str) and raw in DATUMS)
