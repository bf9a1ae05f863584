"""`photo.attach`: a tablet names more photos as the evidence of a record that is already here."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from server.photos import queries, service
from server.photos.claims import Claim, digest_of, read_photos
from server.photos.queries import Attachable
from server.problems import DomainError, NotFound, NotYours, document, kind_of
from sync.mutations import CommandType, Mutation, Outcome, Sender, Status

NAME = "photo.attach"


def photo_attach(entities: Collection[str]) -> CommandType:
    """Return the command for records of these entities; `data` is `{photos}`, `entity_id` the record."""

    def attach(
        session: Session, sender: Sender, mutations: Sequence[Mutation], now: datetime
    ) -> list[Outcome]:
        ids = {mutation.entity_id for mutation in mutations}
        known = queries.attachable(session, entities, ids, sender.user_id, sender.pulled_scope)
        claims: list[Claim] = []
        outcomes = [
            _attach(mutation, known[mutation.entity_id], claims, sender)
            if mutation.entity_id in known
            else _unknown(mutation, entities)
            for mutation in mutations
        ]
        service.claim_all(session, claims, user_id=sender.user_id, now=now)
        service.tell(session, sorted({(claim.entity, claim.entity_id) for claim in claims}))
        return outcomes

    return CommandType(NAME, attach, locks=lambda mutation: (mutation.entity_id,), photos=named_digests)


def named_digests(mutation: Mutation) -> list[str]:
    """Return the well-formed digests (lower-case hex) that an item names."""
    named = mutation.data.get("photos")
    listed = named if isinstance(named, list) else []
    values = [one.get("sha256") if isinstance(one, dict) else one for one in listed]
    return [sha256.hex() for sha256 in map(digest_of, values) if sha256 is not None]


def _unknown(mutation: Mutation, entities: Collection[str]) -> Outcome:
    keys = tuple(f"{entity}:{mutation.entity_id}" for entity in entities)
    outcome = _outcome("held", NotFound("The record has not arrived yet.", "该记录尚未到达。"))
    return replace(outcome, waits_for=keys)


def _attach(mutation: Mutation, record: Attachable, claims: list[Claim], sender: Sender) -> Outcome:
    """Add the claims of one item, or return why there are none."""
    try:
        if not (record.within_reach or sender.approved):
            raise NotYours("This record lies outside your cells.", "该记录不在您负责的网格内。")
        photos = read_photos(mutation.data.get("photos"), "/data/photos")
    except DomainError as fault:
        return _outcome("rejected", fault)
    claims += [Claim(record.entity, mutation.entity_id, photo) for photo in photos]
    return Outcome("applied", version=record.version)


def _outcome(status: Status, fault: DomainError) -> Outcome:
    known = kind_of(fault)
    return Outcome(status, problem=document(*known, fault) if known else None)
