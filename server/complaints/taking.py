"""`complaint.create`: a complaint that somebody in the field, or at a desk with a tablet, takes down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from server.communities.errors import AlreadyThere, UnknownCommunity
from server.communities.fieldwork import Fieldwork
from server.complaints import queries
from server.complaints.intake import CHANNELS, KNOWN, keep, read_complaint
from server.outcomes import conflict, rejected, unknown_field
from server.photos.attaching import named_digests
from server.problems import DomainError
from sync.canonical import digest
from sync.mutations import CommandType, Mutation, Outcome, Sender

__all__ = ["CHANNELS", "COMMAND_TYPES", "CREATE", "take_complaints"]

CREATE = "complaint.create"


def take_complaints(
    session: Session, sender: Sender, mutations: Sequence[Mutation], now: datetime
) -> list[Outcome]:
    """Store complaints, in order; each gets its outcome."""
    work = Fieldwork(session, sender, now)
    return [_take(session, sender, mutation, work, now) for mutation in mutations]


def _take(session: Session, sender: Sender, mutation: Mutation, work: Fieldwork, now: datetime) -> Outcome:
    stands = queries.one(session, mutation.entity_id, now)
    if stands is not None:
        told = {
            "complaint_id": str(mutation.entity_id),
            "content_sha256": bytes(stands["content_sha256"]).hex(),
        }
        return conflict(AlreadyThere(), 1, told)
    try:
        intake = read_complaint(session, mutation.data, now)
        community = work.community(intake.community_id)
        if community is None:
            raise UnknownCommunity(intake.community_id)
        work.check(CREATE, community)
    except DomainError as error:
        return rejected(error)
    columns = {
        "complaint_id": mutation.entity_id,
        "device_id": sender.device_id,
        "mid": mutation.mid,
        "device_time": mutation.device_time,
        "content_sha256": digest(mutation.data),
    }
    keep(session, intake, community, columns, user_id=sender.user_id, now=now)
    unknown = sorted(str(name) for name in mutation.data if name not in KNOWN)[:20]
    return Outcome("applied", version=1, warnings=(*intake.warnings, *map(unknown_field, unknown)))


TAKE_COMPLAINT = CommandType(CREATE, take_complaints, photos=named_digests)
COMMAND_TYPES: Mapping[str, CommandType] = {CREATE: TAKE_COMPLAINT}
