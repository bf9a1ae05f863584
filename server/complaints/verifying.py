"""`complaint.verify` from the tablet of the worker who was asked to look on site."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from server.auth.actor import Actor
from server.communities.fieldwork import person_behind
from server.complaints import lifecycle, obeying, queries, service, view
from server.complaints.errors import ComplaintMovedOn, ComplaintStateForbids
from server.outcomes import conflict, rejected
from server.photos.attaching import named_digests
from server.problems import DomainError, NotFound, NotYours
from sync.mutations import CommandType, Mutation, Outcome, Sender

VERIFY = "complaint.verify"


def verify_complaints(
    session: Session, sender: Sender, mutations: Sequence[Mutation], now: datetime
) -> list[Outcome]:
    """Write down what a worker found, in order; each gets its outcome."""
    actor = person_behind(session, sender)
    return [_verify(session, actor, mutation, now) for mutation in mutations]


def _verify(session: Session, actor: Actor, mutation: Mutation, now: datetime) -> Outcome:
    queries.lock(session, mutation.entity_id)
    row = queries.one(session, mutation.entity_id, now)
    if row is None:
        return rejected(NotFound("There is no such complaint.", "投诉不存在。"))
    stands = view.standing_of(row)
    try:
        if not service.covers(actor, VERIFY, row):
            raise NotYours("This is not yours to decide.", "此投诉无权由您办理。")
        if stands.state not in lifecycle.NEXT[VERIFY]:
            raise ComplaintStateForbids(VERIFY, stands.state)
        if mutation.base_version is not None and mutation.base_version != stands.version:
            raise ComplaintMovedOn(mutation.base_version, stands.version)
        obeying.carry_out(session, row, VERIFY, mutation.data, actor, now)
    except (ComplaintStateForbids, ComplaintMovedOn) as error:
        return conflict(error, stands.version, {"state": stands.state, "version": stands.version})
    except DomainError as error:
        return rejected(error, stands.version)
    return Outcome("applied", version=stands.version + 1)


COMMAND_TYPES: Mapping[str, CommandType] = {
    VERIFY: CommandType(VERIFY, verify_complaints, photos=named_digests)
}
