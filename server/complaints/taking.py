"""`complaint.create`: a complaint that somebody in the field, or at a desk with a tablet, takes down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from server.communities import values
from server.communities.errors import AlreadyThere, UnknownCommunity
from server.communities.fieldwork import Fieldwork
from server.communities.outline import county_outline
from server.communities.reading import Fault, an_id, fault, read_members, unreadable
from server.complaints import queries
from server.complaints.queries import Seen
from server.ledger.command_data import read_place
from server.ledger.facts import Place
from server.ledger.onsite import Asked, grounds_of
from server.ledger.rulebook import rulebook_of
from server.outcomes import conflict, rejected, unknown_field
from server.photos import service as photos
from server.photos.attaching import named_digests
from server.photos.claims import Claim, ClaimedPhoto, read_photos
from server.problems import DomainError, InvalidInput
from sync.canonical import digest
from sync.mutations import CommandType, Mutation, Outcome, Sender, Warning

ENTITY = "complaint"
CREATE = "complaint.create"
CHANNELS = ("visit", "phone", "hotline", "online", "letter")
_CHANNEL = values.one_of(*CHANNELS)
_READERS = {
    "community_id": an_id,
    "channel": lambda value: _CHANNEL("visit" if value is None else value),
    "category": values.maybe(values.words(1, 64)),
    "description": values.words(1),
    "grid_cell_code": values.maybe(values.words(0, 15)),
}
_CONTACT = {
    "name": lambda value: values.words(0, 100)("" if value is None else value),
    "phone": lambda value: values.words(0, 40)("" if value is None else value),
}
KNOWN = frozenset((*_READERS, "location", "contact", "photos"))


def take_complaints(
    session: Session, sender: Sender, mutations: Sequence[Mutation], now: datetime
) -> list[Outcome]:
    """Store complaints, in order; each gets its outcome."""
    work = Fieldwork(session, sender, now)
    return [_take(session, sender, mutation, work, now) for mutation in mutations]


def _take(session: Session, sender: Sender, mutation: Mutation, work: Fieldwork, now: datetime) -> Outcome:
    stands = queries.complaints(session, Seen(), ids=[mutation.entity_id])
    if stands:
        told = {
            "complaint_id": str(mutation.entity_id),
            "content_sha256": bytes(stands[0]["content_sha256"]).hex(),
        }
        return conflict(AlreadyThere(), 1, told)
    try:
        given, place, contact, taken, odd = _read(session, mutation, now)
        community = work.community(given["community_id"])
        if community is None:
            raise UnknownCommunity(given["community_id"])
        work.check(CREATE, community)
    except DomainError as error:
        return rejected(error)
    asked = Asked(given["community_id"], given["grid_cell_code"], place)
    given["grid_cell_code"] = grounds_of(session, [asked], now)[1][0]
    _store(session, sender, mutation, {**given, "received_at": now}, place, contact)
    claims = [Claim(ENTITY, mutation.entity_id, photo) for photo in taken]
    photos.claim_all(session, claims, user_id=sender.user_id, now=now)
    unknown = sorted(str(name) for name in mutation.data if name not in KNOWN)[:20]
    return Outcome("applied", version=1, warnings=(*odd, *map(unknown_field, unknown)))


_Read = tuple[dict[str, Any], Place | None, dict[str, str] | None, list[ClaimedPhoto], tuple[Warning, ...]]


def _read(session: Session, mutation: Mutation, now: datetime) -> _Read:
    data = mutation.data
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
    return given, place, contact, taken, odd


def _read_contact(value: Any, faults: list[Fault]) -> dict[str, str] | None:
    if value is None:
        return None
    if not isinstance(value, Mapping):
        faults.append(fault("/data/contact", "must be {name, phone}", "须为 {name, phone}"))
        return None
    return read_members(value, _CONTACT, faults, "/data/contact")


def _store(
    session: Session,
    sender: Sender,
    mutation: Mutation,
    given: Mapping[str, Any],
    place: Place | None,
    contact: Mapping[str, str] | None,
) -> None:
    columns = {
        **given,
        "complaint_id": mutation.entity_id,
        "location_sent": dict(place.sent) if place else None,
        "accuracy_m": place.accuracy_m if place else None,
        "user_id": sender.user_id,
        "device_id": sender.device_id,
        "mid": mutation.mid,
        "device_time": mutation.device_time,
        "content_sha256": digest(mutation.data),
    }
    queries.store(session, columns, (place.lon, place.lat) if place else None, contact)


TAKE_COMPLAINT = CommandType(CREATE, take_complaints, photos=named_digests)
COMMAND_TYPES: Mapping[str, CommandType] = {CREATE: TAKE_COMPLAINT}
