"""What inspections send to tablets and take from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.complaints import sync as complaint_tasks
from server.inspections import consequences, outcome_queries, wires
from server.inspections.correct import CORRECT, as_correction, correct_inspections
from server.inspections.taking import Taking
from server.inspections.tracks import APPEND_TRACK
from server.ledger import wires as case_wires
from server.photos.claims import digest_of
from sync.entity import SyncEntity, Wire
from sync.mutations import CommandType, Mutation, Outcome, Sender


def load_tasks(session: Session, ids: Sequence[str]) -> list[Wire]:
    """Return tasks of every kind: what an inspection left to do, complaints and cases to look at."""
    own = [*consequences.load_tasks(session, ids), *complaint_tasks.load_tasks(session, ids)]
    known = {wire.entity_id for wire in own}
    return [*own, *case_wires.load_tasks(session, [one for one in ids if one not in known])]


def tasks_in(session: Session, community_ids: Sequence[str]) -> list[str]:
    """Return the ids of the tasks that show something of these communities."""
    own = outcome_queries.open_tasks_in(session, [UUID(one) for one in community_ids])
    return [
        *map(str, own),
        *complaint_tasks.tasks_in(session, community_ids),
        *case_wires.tasks_in(session, community_ids),
    ]


INSPECTION = SyncEntity(
    "inspection", wires.load_inspections, copies={"community": outcome_queries.named_otherwise}
)
TASK = SyncEntity("task", load_tasks, copies={"community": tasks_in})
ENTITIES = (INSPECTION, TASK)


def create_inspections(
    session: Session, sender: Sender, mutations: Sequence[Mutation], now: datetime
) -> list[Outcome]:
    """Take a run of inspections in."""
    return Taking(session, sender, now).take(mutations)


def _instances(mutation: Mutation) -> Iterator[Mapping[str, Any]]:
    answers = mutation.data.get("answers")
    for answer in answers.values() if isinstance(answers, dict) else ():
        if isinstance(answer, dict):
            yield answer
            instances = answer.get("instances")
            for instance in instances if isinstance(instances, list) else ():
                if isinstance(instance, dict):
                    yield instance
                    yield from (part for part in instance.values() if isinstance(part, dict))


def _joins(mutation: Mutation) -> list[UUID]:
    found: list[UUID] = []
    for instance in _instances(mutation):
        try:
            found.append(UUID(instance["joins"]))
        except (KeyError, TypeError, ValueError, AttributeError):
            continue
    return found


def _photos(mutation: Mutation) -> list[str]:
    listed = mutation.data.get("photos")
    named = [photo.get("sha256") if isinstance(photo, dict) else photo for photo in _list(listed)]
    for instance in _instances(mutation):
        named += [*_list(instance.get("photos")), *_list(instance.get("value"))]
    digests = (digest_of(one) for one in named)
    return list(dict.fromkeys(digest.hex() for digest in digests if digest is not None))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


COMMAND_TYPES = {
    "inspection.create": CommandType(
        "inspection.create",
        create_inspections,
        locks=_joins,
        photos=_photos,
        instead=as_correction,
        makes=True,
    ),
    CORRECT: CommandType(CORRECT, correct_inspections, locks=_joins, photos=_photos, makes=True),
    APPEND_TRACK.name: APPEND_TRACK,
}
