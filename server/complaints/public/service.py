"""The use cases of residents without an account; nothing they are told names anybody."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import uuid6
from sqlalchemy.orm import Session

from server.complaints import lifecycle, queries, service, view
from server.complaints.errors import ComplaintNotNow, ComplaintStateForbids
from server.complaints.intake import ENTITY, keep, read_complaint
from server.complaints.obeying import COMPLAINER, tell_reopened, write
from server.complaints.public import codes
from server.ledger.terms import local_day
from server.photos import service as photos
from server.photos.claims import ClaimedPhoto
from server.photos.incoming import Arrival
from server.photos.store import PhotoStore
from server.problems import InvalidInput, NotFound
from server.programme import queries as programme
from sync.canonical import digest

MOST_PHOTOS = 5
OPEN_TO_PHOTOS = ("received", "acknowledged", "reopened")


def form(session: Session, now: datetime) -> dict[str, Any]:
    """Return what a report can name: `{communities, categories}`."""
    rules = {rule.category for rule in programme.rules_on(session, local_day(now))}
    kinds = [
        {"category": one.category, "label_zh": one.label_zh, "label_en": one.label_en}
        for one in programme.categories(session)
        if one.category in rules
    ]
    return {"communities": queries.places_to_report(session), "categories": kinds}


def report(
    session: Session, data: Mapping[str, Any], *, now: datetime, random_bytes: Callable[[int], bytes]
) -> dict[str, Any]:
    """Take a report in; return `{number, code, received_at, answer_due_at}`, the code this once.

    Raises:
        InvalidInput, UnknownCommunity: it cannot be read.
    """
    try:
        intake = read_complaint(session, {**data, "channel": "online", "photos": []}, now)
    except InvalidInput as wrong:
        raise service.at_top(wrong) from wrong
    community = service.community_of(session, intake.community_id, now)
    complaint_id = UUID(int=uuid6.uuid7().int)
    columns = {"complaint_id": complaint_id, "content_sha256": digest(dict(data))}
    number = keep(session, intake, community, columns, user_id=None, now=now)
    code, salt = codes.new_code(random_bytes), random_bytes(codes.SALT_BYTES)
    queries.add_follow_up(session, complaint_id, salt, codes.digest_of(code, salt))
    row = queries.one(session, complaint_id, now)
    assert row is not None
    return {
        "number": number,
        "code": code,
        "received_at": view.moment(row["received_at"]),
        "answer_due_at": view.moment(row["answer_due_at"]),
    }


def own(session: Session, number: str, code: str, now: datetime) -> Mapping[str, Any]:
    """Return the row of the complaint with this number and code.

    Raises:
        NotFound: there is none; a wrong number and a wrong code look alike.
    """
    # An address may hold NUL, which PostgreSQL does not take even to look for.
    found = queries.follow_up(session, number.strip().upper().replace("\0", ""))
    complaint_id, salt, kept = found or (None, *codes.NOBODY)
    right = codes.agrees(code, salt, kept)
    row = queries.one(session, complaint_id, now) if complaint_id is not None and right else None
    if row is None:
        raise NotFound(
            "No complaint has this number and code; check both, they stand on your receipt.",
            "编号或查询码不正确，请核对提交时获得的回执。",
        )
    return row


def follow(session: Session, number: str, code: str, *, now: datetime) -> dict[str, Any]:
    """Return how a complaint stands, to whoever knows its number and code.

    Raises:
        NotFound: see `own`.
    """
    return _told(session, own(session, number, code, now), now)


def say(
    session: Session, number: str, code: str, *, satisfied: bool, reason: str, now: datetime
) -> dict[str, Any]:
    """Let whoever complained close the complaint, or have it taken up again; return how it then stands.

    Raises:
        NotFound: see `own`. InvalidInput: no reason why it is not settled.
        ComplaintStateForbids, ComplaintNotNow: there is no answer yet, or it is too late.
    """
    row = own(session, number, code, now)
    complaint_id = view.id_of(row)
    queries.lock(session, complaint_id)
    row = own(session, number, code, now)
    command = "complaint.close" if satisfied else "complaint.reopen"
    data = {"outcome": "satisfied"} if satisfied else {"reason": reason}
    try:
        given = lifecycle.read(command, data)
    except InvalidInput as wrong:
        raise service.at_top(wrong) from wrong
    stands = view.standing_of(row)
    step = lifecycle.decide(stands, command, given, service.limits_of(session, now), now)
    known = queries.contact(session, complaint_id)
    write(session, complaint_id, stands, step, known, by=COMPLAINER, now=now)
    if not satisfied:
        tell_reopened(session, row, now)
    return follow(session, number, code, now=now)


def may_add_photo(session: Session, number: str, code: str, *, now: datetime) -> UUID:
    """Return the id of the complaint that may have one more photo.

    Raises:
        NotFound: see `own`. ComplaintStateForbids, ComplaintNotNow: it is being answered, or has enough.
    """
    row = own(session, number, code, now)
    if row["state"] not in OPEN_TO_PHOTOS:
        raise ComplaintStateForbids("photo", row["state"])
    complaint_id = view.id_of(row)
    queries.lock(session, complaint_id)
    if photos.evidence(session, ENTITY, [complaint_id])[complaint_id].expected >= MOST_PHOTOS:
        raise ComplaintNotNow(
            f"A report has at most {MOST_PHOTOS} photos.", f"每件最多 {MOST_PHOTOS} 张照片。"
        )
    return complaint_id


def add_photo(
    session: Session, store: PhotoStore, complaint_id: UUID, arrival: Arrival, *, now: datetime
) -> Sequence[bytes]:
    """Keep a photo that arrived whole as evidence of a complaint; return what is newly stored.

    Raises:
        StorageFull: there is no room.
    """
    photo = ClaimedPhoto(arrival.sha256, "before")
    photos.claim(session, entity=ENTITY, entity_id=complaint_id, photos=[photo], user_id=None, now=now)
    return photos.take(session, store, [arrival], now=now)


def _told(session: Session, row: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    complaint_id = view.id_of(row)
    past = queries.history(session, complaint_id)
    possible = lifecycle.possible(view.standing_of(row), service.limits_of(session, now), now)
    names = ("number", "state", "community_name", "category", "category_zh", "category_en", "description")
    moments = ("received_at", "answer_due_at", "answered_at", "closed_at")
    return {
        **{name: row[name] for name in names},
        **{name: view.moment(row[name]) for name in moments},
        "case_number": row["case_number"],
        "case_state": row["case_state"],
        "photos": photos.evidence(session, ENTITY, [complaint_id])[complaint_id].expected,
        "answer": _answer(row, past),
        "steps": [
            {"at": view.moment(one["recorded_at"]), "command": one["command"]} for one in past if _open(one)
        ],
        "may_close": "complaint.close" in possible,
        "may_reopen": "complaint.reopen" in possible,
    }


def _answer(row: Mapping[str, Any], past: Sequence[Mapping[str, Any]]) -> str | None:
    """Return the last answer or reason given, unless the complaint was taken up again since."""
    if row["state"] not in ("answered", "not_accepted", "closed"):
        return None
    words = [one["words"] for one in past if one["command"] in ("complaint.answer", "complaint.refuse")]
    return (words[-1].get("answer") or words[-1].get("reason")) if words else None


def _open(entry: Mapping[str, Any]) -> bool:
    return entry["command"] not in ("complaint.note", "complaint.follow_case", "complaint.erase_identity")
