"""All SQL about complaints; who complained is read by `contact` and nowhere else."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, text
from sqlalchemy.orm import Session

from server.complaints.identities import COMPLAINT, keyring_of
from server.complaints.tables import Complaint, ComplaintContact, ComplaintEntry, ComplaintFollowUp

_HERE = Path(__file__).parent
_LISTED = (_HERE / "list.sql").read_text(encoding="utf-8")
_LIST, _COUNT = text(_LISTED), text(f"SELECT count(*) FROM ({_LISTED}) AS listed")
_FIGURES = text((_HERE / "figures.sql").read_text(encoding="utf-8"))
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('complaint:' || CAST(:id AS text), 0))")
_NUMBER = text("SELECT number FROM server.complaint WHERE complaint_id = :id")
_GROUP = text(
    "SELECT k.group_id FROM server.complaint k WHERE k.community_id = :community_id"
    " AND k.category IS NOT DISTINCT FROM CAST(:category AS text) AND k.received_at >= :since"
    " AND CASE WHEN k.geom IS NOT NULL AND CAST(:lon AS float) IS NOT NULL THEN ST_DWithin(k.geom::geography,"
    " ST_SetSRID(ST_MakePoint(:lon, :lat), 4326)::geography, :within_m) ELSE k.category IS NOT NULL END"
    " ORDER BY k.received_at DESC, k.complaint_id DESC LIMIT 1"
)
_HISTORY = text(
    "SELECT e.seq, e.command, e.from_state, e.to_state, e.given_by, e.recorded_at, e.facts, e.words,"
    " p.user_id::text AS user_id, p.display_name AS name, e.actor_unit AS unit, u.name_zh AS unit_name,"
    " b.display_name AS stands_for"
    ' FROM server.complaint_entry e LEFT JOIN server."user" p ON p.user_id = e.actor_id'
    " LEFT JOIN server.unit u ON u.code = e.actor_unit"
    " LEFT JOIN server.\"user\" b ON b.user_id = CAST(e.facts ->> 'on_behalf_of' AS uuid)"
    " WHERE e.complaint_id = :id ORDER BY e.seq"
)
_CONTACT = text("SELECT sealed FROM server.complaint_contact WHERE complaint_id = :id")
_BY_PHONE = text(
    "SELECT complaint_id FROM server.complaint_contact WHERE phone_digest = ANY(CAST(:digests AS bytea[]))"
)
_VERIFYING_IN = text(
    "SELECT complaint_id FROM (SELECT complaint_id FROM server.complaint WHERE state = 'verifying'"
    "   AND community_id = ANY(CAST(:ids AS uuid[])) ORDER BY complaint_id OFFSET 0) AS found,"
    " pg_advisory_xact_lock(hashtextextended('complaint:' || CAST(complaint_id AS text), 0)) AS locked"
)
_WORKER = text("SELECT FROM server.\"user\" WHERE user_id = :id AND role = 'grid_worker' AND active")
_FOLLOW_UP = text(
    "SELECT f.complaint_id, f.salt, f.code_digest FROM server.complaint_follow_up f"
    " JOIN server.complaint k USING (complaint_id) WHERE k.number = :number"
)
_OF_CASES = text(
    "SELECT k.complaint_id, a.state, a.merged_into FROM server.complaint k"
    ' JOIN server."case" a ON a.case_id = k.case_id'
    " WHERE k.state = 'transferred' AND k.case_id = ANY(CAST(:ids AS uuid[])) ORDER BY k.complaint_id"
)
_UNANSWERED = text(
    "SELECT complaint_id FROM server.complaint WHERE state IN ('answered', 'not_accepted')"
    " AND answered_at < :before ORDER BY answered_at LIMIT :limit"
)
_TO_ERASE = text(
    "SELECT complaint_id FROM server.complaint WHERE state = 'closed' AND erased_at IS NULL"
    " AND closed_at < :before ORDER BY closed_at LIMIT :limit"
)
_OVERDUE = text(
    "SELECT k.complaint_id::text AS complaint_id, k.number, k.version, c.name AS community_name,"
    " left(c.neighbourhood_code, 9) AS division FROM server.complaint k"
    " JOIN geo.community c USING (community_id)"
    " WHERE server.complaint_due(k) BETWEEN :since AND :now AND k.state <> 'closed'"
)
_FORM_PLACES = text(
    "SELECT c.community_id::text AS community_id, c.name, n.name_zh AS neighbourhood FROM geo.community c"
    " LEFT JOIN geo.neighbourhood n ON n.code = c.neighbourhood_code"
    " WHERE c.valid_to IS NULL ORDER BY c.name, c.community_id"
)

# A task tells its deadline, not whether it has passed.
_WHENEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Seen:
    """Which complaints somebody may see: of a place, or those they took in; both None is the county."""

    division: str | None = None
    own: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a reader of the register asks for; ends of days (`…_before`) do not count themselves.

    Attributes:
        answered_from, answered_before: when an answer or a refusal was given, be it the last one or not.
    """

    ids: Collection[UUID] | None = None
    community_id: UUID | None = None
    group_id: UUID | None = None
    channel: str | None = None
    states: Sequence[str] = ()
    category: str | None = None
    overdue: bool | None = None
    received_from: datetime | None = None
    received_before: datetime | None = None
    answered_from: datetime | None = None
    answered_before: datetime | None = None
    subdistrict: str | None = None
    text: str | None = None


def complaints(
    session: Session,
    seen: Seen,
    wanted: Wanted,
    now: datetime,
    *,
    after: tuple[str, str] | None = None,
    limit: int | None = None,
) -> list[Mapping[str, Any]]:
    """Return complaints with the names that people read, the newest first."""
    after_at, after_id = after or (None, None)
    given = {
        **_given(seen, wanted, now),
        "after_at": after_at,
        "after_id": after_id,
        "limit": limit,
    }
    return [dict(row) for row in session.execute(_LIST, given).mappings()]


def count(session: Session, seen: Seen, wanted: Wanted, now: datetime) -> int:
    """Return how many complaints `complaints` would list."""
    given = {**_given(seen, wanted, now), "after_at": None, "after_id": None, "limit": None}
    return int(session.execute(_COUNT, given).scalar_one())


def _given(seen: Seen, wanted: Wanted, now: datetime) -> dict[str, Any]:
    return {
        "division": seen.division,
        "own": seen.own,
        "ids": None if wanted.ids is None else [str(one) for one in wanted.ids],
        "community_id": wanted.community_id,
        "group_id": wanted.group_id,
        "channel": wanted.channel,
        "states": list(wanted.states) or None,
        "category": wanted.category,
        "overdue": wanted.overdue,
        "received_from": wanted.received_from,
        "received_before": wanted.received_before,
        "answered_from": wanted.answered_from,
        "answered_before": wanted.answered_before,
        "subdistrict": wanted.subdistrict,
        "words": _pattern(wanted.text),
        "now": now,
    }


def one(
    session: Session, complaint_id: UUID, now: datetime, seen: Seen | None = None
) -> Mapping[str, Any] | None:
    """Return one complaint, None when there is none within sight."""
    found = complaints(session, seen or Seen(), Wanted(ids=[complaint_id]), now)
    return found[0] if found else None


def verified_on_site(session: Session, ids: Collection[UUID]) -> list[Mapping[str, Any]]:
    """Return those of these complaints at which somebody was ever asked to look."""
    found = complaints(session, Seen(), Wanted(ids=ids), _WHENEVER)
    return [row for row in found if row["verifier_id"]]


def verifying_in(session: Session, community_ids: Collection[UUID]) -> Sequence[UUID]:
    """Return the complaints in these communities at which somebody is to look now; locked."""
    return session.scalars(_VERIFYING_IN, {"ids": [str(one) for one in community_ids]}).all()


def is_worker(session: Session, user_id: UUID) -> bool:
    """Return whether an active grid worker has this id."""
    return session.execute(_WORKER, {"id": user_id}).one_or_none() is not None


def figures(
    session: Session,
    seen: Seen,
    received_from: datetime | None,
    received_before: datetime | None,
    now: datetime,
) -> list[Mapping[str, Any]]:
    """Return the counts of all, by category, by community and by channel; a row says which in `by`."""
    given = {
        "division": seen.division,
        "own": seen.own,
        "received_from": received_from,
        "received_before": received_before,
        "now": now,
    }
    return [dict(row) for row in session.execute(_FIGURES, given).mappings()]


def store(
    session: Session,
    columns: Mapping[str, Any],
    place: tuple[float, float] | None,
    contact: Mapping[str, str] | None,
) -> str:
    """Store a complaint and return its number; `place` is longitude and latitude in WGS 84."""
    geom = None if place is None else func.ST_SetSRID(func.ST_MakePoint(*place), 4326)
    session.execute(insert(Complaint).values(**columns, geom=geom))
    if contact is not None:
        _seal(session, columns["complaint_id"], contact)
    number: str = session.execute(_NUMBER, {"id": columns["complaint_id"]}).scalar_one()
    return number


def group_of(
    session: Session,
    community_id: UUID,
    category: str | None,
    place: tuple[float, float] | None,
    since: datetime,
    within_m: float,
) -> UUID | None:
    """Return the group of the newest complaint of the same place and kind; without a kind, of near ones."""
    lon, lat = place or (None, None)
    given = {
        "community_id": community_id,
        "category": category,
        "since": since,
        "lon": lon,
        "lat": lat,
        "within_m": within_m,
    }
    return session.execute(_GROUP, given).scalar_one_or_none()


def lock(session: Session, complaint_id: UUID) -> None:
    """Let nobody else move a complaint until the transaction ends."""
    session.execute(_LOCK, {"id": complaint_id})


def add_entry(session: Session, **columns: Any) -> None:
    """Write a line of history, which moves its complaint."""
    session.execute(insert(ComplaintEntry).values(**columns))


def history(session: Session, complaint_id: UUID) -> list[Mapping[str, Any]]:
    """Return the history of a complaint, oldest first, with names and units of those who acted."""
    return [dict(row) for row in session.execute(_HISTORY, {"id": complaint_id}).mappings()]


def contact(session: Session, complaint_id: UUID) -> Mapping[str, str] | None:
    """Return who complained, None where that is unknown or erased.

    Raises:
        IdentityUnreadable: it was sealed by a key that is not here, or altered.
    """
    sealed = session.execute(_CONTACT, {"id": complaint_id}).scalar_one_or_none()
    return None if sealed is None else keyring_of(session).open(COMPLAINT, complaint_id, bytes(sealed))


def by_phone(session: Session, phone: str) -> list[UUID]:
    """Return the complaints of whoever has this telephone number, as long as that is kept."""
    digests = keyring_of(session).digests(phone)
    return list(session.scalars(_BY_PHONE, {"digests": digests})) if digests else []


def _seal(session: Session, complaint_id: UUID, contact: Mapping[str, str]) -> None:
    keys = keyring_of(session)
    sealed = keys.seal(COMPLAINT, complaint_id, contact)
    values = {"sealed": sealed, "phone_digest": keys.digest(contact["phone"])}
    session.execute(insert(ComplaintContact).values(complaint_id=complaint_id, **values))


def add_follow_up(session: Session, complaint_id: UUID, salt: bytes, code_digest: bytes) -> None:
    """Keep what proves that somebody knows a complaint's code."""
    values = {"complaint_id": complaint_id, "salt": salt, "code_digest": code_digest}
    session.execute(insert(ComplaintFollowUp).values(**values))


def follow_up(session: Session, number: str) -> tuple[UUID, bytes, bytes] | None:
    """Return id, salt and digest of the code of the complaint with this number."""
    row = session.execute(_FOLLOW_UP, {"number": number}).one_or_none()
    return None if row is None else (row[0], bytes(row[1]), bytes(row[2]))


def of_cases(session: Session, case_ids: Collection[UUID]) -> list[tuple[UUID, str, UUID | None]]:
    """Return the complaints that wait for these cases: id, the case's state, the case it was merged into."""
    rows = session.execute(_OF_CASES, {"ids": [str(case_id) for case_id in case_ids]})
    return [(row[0], row[1], row[2]) for row in rows]


def without_objection(session: Session, before: datetime, limit: int) -> Sequence[UUID]:
    """Return complaints answered before a moment, to which nobody has objected."""
    return session.execute(_UNANSWERED, {"before": before, "limit": limit}).scalars().all()


def to_erase(session: Session, before: datetime, limit: int) -> Sequence[UUID]:
    """Return complaints closed before a moment whose identity is still kept."""
    return session.execute(_TO_ERASE, {"before": before, "limit": limit}).scalars().all()


def erase(session: Session, complaint_id: UUID) -> None:
    """Remove who complained, and the code to follow the complaint by."""
    for table in (ComplaintContact, ComplaintFollowUp):
        session.execute(delete(table).where(table.complaint_id == complaint_id))


def fallen_due(session: Session, since: datetime, now: datetime) -> list[Mapping[str, Any]]:
    """Return the complaints whose present limit ended between two moments."""
    return [dict(row) for row in session.execute(_OVERDUE, {"since": since, "now": now}).mappings()]


def places_to_report(session: Session) -> list[Mapping[str, str]]:
    """Return id, name and neighbourhood of every community, by name."""
    return [dict(row) for row in session.execute(_FORM_PLACES).mappings()]


def _pattern(words: str | None) -> str | None:
    if not words:
        return None
    return "%" + words.replace("/", "//").replace("%", "/%").replace("_", "/_") + "%"
