"""The register of complaints: taken in, listed, shown; who complained is told apart, on the record."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import uuid6
from sqlalchemy.orm import Session

from checklists.deadlines import SHANGHAI
from server.auth import audit
from server.auth.actor import Actor
from server.auth.rules import Reach, reach
from server.communities.errors import UnknownCommunity
from server.communities.queries import CommunityFacts, communities_by_id
from server.communities.territory import NOWHERE
from server.complaints import lifecycle, queries, view
from server.complaints.intake import keep, limit, read_complaint
from server.complaints.lifecycle import Limits
from server.complaints.queries import Seen, Wanted
from server.ledger.rulebook import parameters_of
from server.ledger.terms import local_day
from server.photos import service as photos
from server.problems import DomainError, InvalidInput, NotFound, NotYours
from sync import field_times
from sync.canonical import digest

Refused = TypeVar("Refused", bound=DomainError)
RIGHT = "complaints.list"
CREATE = "complaint.create"
CONTACT = "complaint.contact"
VERIFY = "complaint.verify"
FIND_BY_PHONE = "complaint.find_by_phone"


def complaints(
    session: Session,
    wanted: Wanted,
    after: tuple[str, str] | None,
    limit: int,
    *,
    actor: Actor,
    now: datetime,
) -> list[dict[str, Any]]:
    """Return the complaints within reach that pass the filter, the newest first.

    Raises:
        NotYours: the role sees no complaints.
    """
    found = queries.complaints(session, seen_by(actor), wanted, now, after=after, limit=limit)
    return _listed(session, found)


def _listed(session: Session, found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    ids = [view.id_of(row) for row in found]
    evidence, tablets = photos.evidence(session, "complaint", ids), field_times.of(session, ids)
    return [
        {**view.as_json(row, evidence[one]), "tablets": tablets[one]}
        for row, one in zip(found, ids, strict=True)
    ]


def show(session: Session, complaint_id: UUID, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return a complaint with its photos, a draft of the answer and the commands the actor may give now.

    Raises:
        NotYours, NotFound: the role sees no complaints; there is none within reach.
    """
    row = row_of(session, complaint_id, RIGHT, actor, now)
    evidence = photos.evidence(session, "complaint", [complaint_id])[complaint_id]
    shown = photos.photos_of(session, "complaint", [complaint_id])[complaint_id]
    possible = lifecycle.possible(view.standing_of(row), limits_of(session, now), now)
    return {
        **view.as_json(row, evidence),
        "tablets": field_times.of(session, [complaint_id])[complaint_id],
        "photos": [photo.as_json() for photo in shown],
        "draft_answer": view.draft_answer(row),
        "may_read_contact": bool(row["has_contact"]) and covers(actor, CONTACT, row),
        "commands": [command for command in possible if covers(actor, command, row)],
    }


def history(session: Session, complaint_id: UUID, *, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """Return the history of a complaint within reach, oldest first.

    Raises:
        NotYours, NotFound: as `show`.
    """
    row_of(session, complaint_id, RIGHT, actor, now)
    return [view.entry_as_json(row) for row in queries.history(session, complaint_id)]


def contact(session: Session, complaint_id: UUID, *, actor: Actor, now: datetime) -> Mapping[str, str]:
    """Return who complained; that it was read is written down.

    Raises:
        NotYours: only the desk that calls back may know. NotFound: there is none, or it was erased.
    """
    row_of(session, complaint_id, CONTACT, actor, now)
    found = queries.contact(session, complaint_id)
    if found is None:
        raise NotFound("Nobody is named here, or it was erased.", "未留联系方式，或已按期清除。")
    audit.write(session, actor, CONTACT, "complaint", complaint_id, {}, now)
    return found


def by_phone(session: Session, phone: str, *, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """Return the complaints within reach of whoever has this telephone number, the newest first.

    That somebody asked is written down, the number is not.

    Raises:
        NotYours: only the desk that calls back may know who complained.
    """
    seen = seen_by(actor, CONTACT)
    found = queries.complaints(session, seen, Wanted(ids=queries.by_phone(session, phone)), now)
    audit.write(session, actor, FIND_BY_PHONE, "complaint", "", {"found": len(found)}, now)
    return _listed(session, found)


def register(session: Session, data: Mapping[str, Any], *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Take in what somebody told at the desk; return the complaint.

    Raises:
        NotYours: the role takes no complaints in, or not of this community.
        InvalidInput, UnknownCommunity: it cannot be read.
    """
    right = reach(actor, CREATE)
    try:
        intake = read_complaint(session, data, now)
    except InvalidInput as wrong:
        raise at_top(wrong) from wrong
    community = community_of(session, intake.community_id, now)
    if not _lies_within(actor, right, community.neighbourhood_code):
        raise NotYours("The community lies beyond your place.", "该小区不在您的辖区内。")
    complaint_id = UUID(int=uuid6.uuid7().int)
    columns = {"complaint_id": complaint_id, "content_sha256": digest(dict(data))}
    keep(session, intake, community, columns, user_id=actor.user_id, now=now)
    audit.write(session, actor, CREATE, "complaint", complaint_id, {"channel": intake.channel}, now)
    return show(session, complaint_id, actor=actor, now=now)


def figures(
    session: Session, received_from: date | None, received_to: date | None, *, actor: Actor, now: datetime
) -> dict[str, Any]:
    """Return `{all, category, community, channel}` with counts of what was received on these local days.

    Raises:
        NotYours: the role sees no complaints.
    """
    since, before = period(received_from, received_to)
    told: dict[str, Any] = {"all": None, "category": [], "community": [], "channel": []}
    for row in queries.figures(session, seen_by(actor), since, before, now):
        figure = {name: value for name, value in row.items() if name != "by"}
        if row["by"] == "all":
            told["all"] = figure
        else:
            told[row["by"]].append(figure)
    return told


def visible_complaint_ids(session: Session, actor: Actor, ids: Collection[UUID], now: datetime) -> set[UUID]:
    """Return those of these complaints that the person may see."""
    try:
        seen = seen_by(actor)
    except NotYours:
        return set()
    return {view.id_of(row) for row in queries.complaints(session, seen, Wanted(ids=ids), now)}


def row_of(
    session: Session, complaint_id: UUID, right: str, actor: Actor, now: datetime
) -> Mapping[str, Any]:
    """Return the row of a complaint that a right of the actor reaches.

    Raises:
        NotYours, NotFound: the role has no such right; there is none within reach.
    """
    seen_by(actor, right)
    row = queries.one(session, complaint_id, now, seen_by(actor))
    if row is None or not covers(actor, right, row):
        raise NotFound("There is no such complaint, or it is not yours.", "投诉不存在或您无权查看。")
    return row


def seen_by(actor: Actor, action: str = RIGHT) -> Seen:
    """Return what a right of the actor reaches.

    Raises:
        NotYours: the role has no such right.
    """
    right = reach(actor, action)
    if right is Reach.COUNTY:
        return Seen()
    if right in (Reach.SUBDISTRICT, Reach.NEIGHBOURHOOD):
        return Seen(division=actor.division_code or NOWHERE)
    return Seen(own=actor.user_id)


def covers(actor: Actor, action: str, row: Mapping[str, Any]) -> bool:
    """Return whether a right of the actor reaches a complaint."""
    try:
        seen = seen_by(actor, action)
    except NotYours:
        return False
    if seen.own is not None:
        asked = bool(row["verifier_id"] == str(seen.own))
        if action == VERIFY:
            return asked and row["state"] == "verifying"
        return asked or bool(row["user_id"] == str(seen.own))
    return bool(row["neighbourhood_code"].startswith(seen.division or ""))


def limits_of(session: Session, now: datetime) -> Limits:
    """Return the moments that the rules in force give from now on."""
    numbers = parameters_of(session, now)
    return Limits(
        limit(session, numbers.complaint_verify_work_days, now),
        limit(session, numbers.complaint_answer_work_days, now),
        timedelta(days=numbers.complaint_reopen_within_days),
    )


def community_of(session: Session, community_id: UUID, now: datetime) -> CommunityFacts:
    """Return the facts of a community.

    Raises:
        UnknownCommunity: there is none.
    """
    known = communities_by_id(session, [community_id], local_day(now))
    if community_id not in known:
        raise at_top(UnknownCommunity(community_id))
    return known[community_id]


def period(first: date | None, last: date | None) -> tuple[datetime | None, datetime | None]:
    """Return the moments at which local days begin and have ended; both days count."""
    return _midnight(first), _midnight(None if last is None else last + timedelta(days=1))


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)


def at_top(error: Refused) -> Refused:
    """Return an error whose pointers lead into the whole body, not into the `data` of a tablet's item."""
    error.errors = [{**one, "pointer": one["pointer"].removeprefix("/data")} for one in error.errors]
    return error


def _lies_within(actor: Actor, right: Reach, neighbourhood_code: str) -> bool:
    if right is Reach.COUNTY:
        return True
    return neighbourhood_code.startswith(actor.division_code or NOWHERE)
