"""`charging_site.propose` and `charging_site.edit`: places for charging, as they are seen on the spot."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from server.communities import values
from server.communities.editing import Editable, Standing, tell
from server.communities.errors import AlreadyThere, UnknownCommunity
from server.communities.field_queries import ended
from server.communities.fieldwork import Fieldwork
from server.communities.outline import county_outline
from server.communities.reading import Fault, Readers, an_id, read_members, unreadable
from server.communities.service import local_day
from server.outcomes import conflict, rejected, unknown_field
from server.photos import service as photos
from server.photos.attaching import named_digests
from server.photos.claims import Claim, ClaimedPhoto, read_photos
from server.problems import DomainError, InvalidInput
from server.siting import queries
from sync.merge import REMOVED
from sync.mutations import CommandType, Mutation, Outcome, Sender

ENTITY = "charging_site"
PROPOSE = "charging_site.propose"
SEEN_AS = ("proposed", "in_service")
# What tablets of before say of a site that they found there.
SEEN_BEFORE = {"built": "in_service"}


def _fields(outline: BaseGeometry) -> Readers:
    return {
        "name": lambda value: values.words(0, 200)("" if value is None else value),
        "charging_ports": values.maybe(values.whole(0, 10_000)),
        "has_shed": values.maybe(values.flag),
        "note": lambda value: values.words()("" if value is None else value),
        "location": values.point(outline),
    }


def new_readers(outline: BaseGeometry) -> Readers:
    """Return the readers of a new site's members, all but its photos."""
    return {
        "community_id": an_id,
        "status": _status,
        **_fields(outline),
    }


def _status(value: Any) -> str:
    known = SEEN_BEFORE.get(value, value) if isinstance(value, str) else value
    found: str = values.one_of(*SEEN_AS)("proposed" if known is None else known)
    return found


def propose_sites(
    session: Session, sender: Sender, mutations: Sequence[Mutation], now: datetime
) -> list[Outcome]:
    """Store proposed sites and those found built, in order; each gets its outcome."""
    work = Fieldwork(session, sender, now)
    told: dict[UUID, UUID | None] = {}
    claims: list[Claim] = []
    outcomes = []
    for mutation in mutations:
        outcome, taken = _propose(session, mutation, work, sender, now)
        if outcome.status == "applied":
            told[mutation.entity_id] = mutation.mid
            claims += [Claim(ENTITY, mutation.entity_id, photo) for photo in taken]
        outcomes.append(outcome)
    photos.claim_all(session, claims, user_id=sender.user_id, now=now)
    tell(session, ENTITY, told)
    return outcomes


def _propose(
    session: Session, mutation: Mutation, work: Fieldwork, sender: Sender, now: datetime
) -> tuple[Outcome, list[ClaimedPhoto]]:
    stands = queries.wires(session, [str(mutation.entity_id)])
    if stands:
        return conflict(AlreadyThere(), stands[0].version, stands[0].data), []
    readers = new_readers(county_outline(session))
    faults: list[Fault] = []
    given = read_members(mutation.data, readers, faults)
    try:
        taken = _photos(mutation, faults)
        if faults:
            raise unreadable(faults)
        _check_place(given, work)
    except DomainError as error:
        return rejected(error), []
    _insert(session, mutation.entity_id, given, mutation.data, sender.user_id, now)
    unknown = sorted(str(name) for name in mutation.data if name not in {*readers, "photos"})[:20]
    return Outcome("applied", version=1, warnings=tuple(map(unknown_field, unknown))), taken


def place_site(
    session: Session, site_id: UUID, data: Mapping[str, Any], work: Fieldwork, readers: Readers, now: datetime
) -> None:
    """Store a new site without photos; telling the tablets is left to the caller.

    Raises:
        InvalidInput: `errors` point at what cannot be read.
        UnknownCommunity, NotYours: the community does not hold, or lies beyond the person's right.
    """
    faults: list[Fault] = []
    given = read_members(data, readers, faults)
    if faults:
        raise unreadable(faults)
    _check_place(given, work)
    _insert(session, site_id, given, data, work.actor.user_id, now)


def _check_place(given: Mapping[str, Any], work: Fieldwork) -> None:
    community = work.community(given["community_id"])
    if community is None or not community.holds:
        raise UnknownCommunity(given["community_id"])
    work.check(PROPOSE, community)


def _insert(
    session: Session,
    site_id: UUID,
    given: Mapping[str, Any],
    data: Mapping[str, Any],
    user_id: UUID,
    now: datetime,
) -> None:
    sent = data["location"]
    queries.insert_site(
        session,
        {
            **given,
            "site_id": site_id,
            "location_sent": dict(sent),
            "accuracy_m": _accuracy(sent.get("accuracy_m")),
            "proposed_by": user_id,
            "proposed_at": now,
        },
    )


def _photos(mutation: Mutation, faults: list[Fault]) -> list[ClaimedPhoto]:
    try:
        return read_photos(mutation.data.get("photos") or [], "/data/photos", "panorama")
    except InvalidInput as wrong:
        faults += wrong.errors
        return []


def _accuracy(value: Any) -> float | None:
    """Return a circle of error in metres; an odd one says nothing."""
    fit = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1e6
    return float(value) if fit else None


def _load(session: Session, ids: Collection[UUID], now: datetime, *, lock: bool) -> dict[UUID, Standing]:
    day = local_day(now)
    return {
        one.site_id: Standing(
            one.community_id,
            one.version,
            ended(one.valid_to, day) or ended(community_until, day),
            {
                "name": one.name,
                "charging_ports": one.charging_ports,
                "has_shed": one.has_shed,
                "note": one.note,
                "location": {"lon": round(lon, values.DECIMALS), "lat": round(lat, values.DECIMALS)},
                REMOVED: ended(one.valid_to, day),
            },
        )
        for one, lon, lat, community_until in queries.standing(session, ids, lock=lock)
    }


def _store(session: Session, entity_id: UUID, given: Mapping[str, Any], version: int, now: datetime) -> None:
    columns = dict(given)
    if REMOVED in columns:
        columns["valid_to"] = local_day(now) if columns.pop(REMOVED) else None
    queries.store_site(session, entity_id, columns, version)


SITE = Editable(
    ENTITY,
    lambda outline: {**_fields(outline), REMOVED: values.flag},
    _load,
    _store,
    frozenset({"location"}),
)
PROPOSE_SITE = CommandType(PROPOSE, propose_sites, photos=named_digests)
