"""Taking a complaint in, whoever brings it: read, covered, grouped, given its limits, told to its desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.communities import values
from server.communities.outline import county_outline
from server.communities.queries import CommunityFacts
from server.communities.reading import Fault, an_id, fault, read_members, unreadable
from server.complaints import queries
from server.complaints.hotline.covering import covered
from server.complaints.lifecycle import iso
from server.complaints.telling import tell_desk
from server.ledger.command_data import read_place
from server.ledger.facts import Place
from server.ledger.onsite import Asked, grounds_of
from server.ledger.rulebook import clock_of, parameters_of, rulebook_of
from server.photos import service as photos
from server.photos.claims import Claim, ClaimedPhoto, read_photos
from server.problems import InvalidInput
from sync.mutations import Warning

ENTITY = "complaint"
CHANNELS = ("visit", "phone", "hotline", "online", "letter")
LIMIT_UNIT = "wd"
_CHANNEL = values.one_of(*CHANNELS)
_READERS = {
    "community_id": an_id,
    "channel": lambda value: _CHANNEL("visit" if value is None else value),
    "category": values.maybe(values.words(1, 64)),
    "description": values.words(1),
    "grid_cell_code": values.maybe(values.words(0, 15)),
}


def _text(most: int) -> values.Reader:
    return lambda value: values.words(0, most)("" if value is None else value)


_CONTACT = {"name": _text(100), "phone": _text(40), "address": _text(200)}
KNOWN = frozenset((*_READERS, "location", "contact", "photos"))


@dataclass(frozen=True, slots=True)
class Intake:
    """A complaint that can be read; `description` is covered already, `contact` stands in no other words."""

    community_id: UUID
    channel: str
    category: str | None
    description: str
    grid_cell_code: str | None
    place: Place | None
    contact: Mapping[str, str] | None
    photos: tuple[ClaimedPhoto, ...] = ()
    warnings: tuple[Warning, ...] = ()


def read_complaint(session: Session, data: Mapping[str, Any], now: datetime) -> Intake:
    """Return what a complaint says.

    Raises:
        InvalidInput: every fault with its pointer below `/data`.
    """
    faults: list[Fault] = []
    given = read_members(data, _READERS, faults)
    if given["category"] is not None and given["category"] not in rulebook_of(session, now).pairs:
        faults.append(fault("/data/category", "is no category in force", "不是有效的问题类别"))
    contact = _read_contact(data.get("contact"), faults)
    place: Place | None = None
    odd: tuple[Warning, ...] = ()
    taken: list[ClaimedPhoto] = []
    try:
        taken = read_photos(data.get("photos") or [], "/data/photos", "before")
        if data.get("location") is not None:
            place, odd = read_place(data["location"], county_outline(session))
    except InvalidInput as wrong:
        faults += wrong.errors
    if faults:
        raise unreadable(faults)
    given["description"] = without_person(given["description"], contact)
    return Intake(**given, place=place, contact=contact, photos=tuple(taken), warnings=odd)


def without_person(words: str, contact: Mapping[str, str] | None) -> str:
    """Return words in which nobody's numbers stand, nor the name and address of who complained."""
    known = contact or {}
    told = covered(words, known.get("name", ""), known.get("phone", ""))
    address = known.get("address", "").strip()
    return told.replace(address, "***") if len(address) > 1 else told


def keep(
    session: Session,
    intake: Intake,
    community: CommunityFacts,
    columns: Mapping[str, Any],
    *,
    user_id: UUID | None,
    now: datetime,
) -> str:
    """Store a complaint with its group, limits and photos, and tell its desk; return its number.

    Args:
        columns: `complaint_id`, `content_sha256` and what is known of the tablet.
    """
    place = (intake.place.lon, intake.place.lat) if intake.place else None
    asked = Asked(intake.community_id, intake.grid_cell_code, intake.place)
    complaint_id = columns["complaint_id"]
    row = {
        **columns,
        **_limits(session, now),
        "community_id": intake.community_id,
        "channel": intake.channel,
        "category": intake.category,
        "description": intake.description,
        "grid_cell_code": grounds_of(session, [asked], now)[1][0],
        "location_sent": dict(intake.place.sent) if intake.place else None,
        "accuracy_m": intake.place.accuracy_m if intake.place else None,
        "user_id": user_id,
        "received_at": now,
        "group_id": _group(session, intake, place, now) or complaint_id,
    }
    number = queries.store(session, row, place, intake.contact)
    claims = [Claim(ENTITY, complaint_id, photo) for photo in intake.photos]
    photos.claim_all(session, claims, user_id=user_id, now=now)
    tell_desk(session, complaint_id, number, 1, "complaint_received", community, now)
    return number


def limit(session: Session, work_days: int, now: datetime) -> datetime:
    """Return when so many work days from now end, UTC."""
    return clock_of(session, now).deadline(now, work_days, LIMIT_UNIT).due_at


def answer_limit(session: Session, now: datetime) -> str:
    """Return until when an answer is due that is asked for now, as text."""
    return iso(limit(session, parameters_of(session, now).complaint_answer_work_days, now))


def _limits(session: Session, now: datetime) -> dict[str, datetime]:
    numbers = parameters_of(session, now)
    return {
        "acknowledge_due_at": limit(session, numbers.complaint_acknowledge_work_days, now),
        "verify_due_at": limit(session, numbers.complaint_verify_work_days, now),
        "answer_due_at": limit(session, numbers.complaint_answer_work_days, now),
    }


def _group(session: Session, intake: Intake, place: tuple[float, float] | None, now: datetime) -> UUID | None:
    numbers = parameters_of(session, now)
    since = now - timedelta(days=numbers.complaint_group_within_days)
    within_m = numbers.complaint_group_within_m
    return queries.group_of(session, intake.community_id, intake.category, place, since, within_m)


def _read_contact(value: Any, faults: list[Fault]) -> dict[str, str] | None:
    if value is None:
        return None
    if not isinstance(value, Mapping):
        faults.append(fault("/data/contact", "must be {name, phone, address}", "须为 {name, phone, address}"))
        return None
    read = read_members(value, _CONTACT, faults, "/data/contact")
    return read if any(read.values()) else None
