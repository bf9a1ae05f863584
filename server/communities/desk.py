"""Writing records whole from a desk; who wrote what stands in the audit trail."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.auth import audit
from server.auth.actor import Actor
from server.communities import facilities, surveys
from server.communities.editing import Editable, Standing, tell
from server.communities.errors import NoSuchRecord, PreconditionFailed
from server.communities.fieldwork import Fieldwork
from server.communities.outline import county_outline
from server.communities.reading import Fault, Readers, read_value, unreadable
from sync.mutations import Sender

# At a desk there is no tablet whose scope could widen a right.
NO_DEVICE = UUID(int=0)
Create = Callable[[Session, UUID, Mapping[str, Any], Fieldwork, datetime], None]
# The values of a record before and after a write, the present ones last.
Held = Sequence[Mapping[str, Any]]
# Tells whoever carries such a record.
Tell = Callable[[Session, UUID, Held], None]


@dataclass(frozen=True, slots=True)
class Desk:
    """A kind of record that can be written from a desk.

    Attributes:
        shape: the field that holds its geometry, `location` (a point) or `geometry` (an outline).
        create: stores a new record; None where none can be added from a desk.
        create_right: the right that adding one needs.
        needs: what a new record must name beside its fields.
        removable: whether it can be taken away from a desk.
        tell: tells whoever carries such records; None where tablets carry the record itself.
    """

    editable: Editable
    shape: str
    create: Create | None = None
    create_right: str = ""
    needs: tuple[str, ...] = ()
    removable: bool = False
    tell: Tell | None = None

    def fields(self, session: Session) -> Readers:
        """Return the readers of the fields that can be written."""
        return self.editable.readers(county_outline(session))


def change(
    session: Session,
    desk: Desk,
    entity_id: UUID,
    given: Mapping[str, Any],
    *,
    versions: Collection[int] | None,
    actor: Actor,
    now: datetime,
) -> int:
    """Set fields of a record and return its version; what stands already makes no new one.

    Args:
        given: JSON values by field; `removed` true takes the record away.
        versions: those that the writer may have meant, None for whatever stands.

    Raises:
        NoSuchRecord: there is none that holds.
        NotYours: it lies beyond the person's right.
        PreconditionFailed: another version stands.
        InvalidInput: a value cannot be read; `errors` point at `/data/fields/…`.
    """
    editable = desk.editable
    stands = editable.load(session, [entity_id], now, lock=True).get(entity_id)
    if stands is None or stands.removed:
        raise NoSuchRecord
    _check(session, desk, stands, actor, now)
    if versions is not None and stands.version not in versions:
        raise PreconditionFailed
    changed = _changed(given, desk.fields(session), stands)
    if not changed:
        return stands.version
    editable.store(session, entity_id, changed, stands.version + 1, now)
    was = {name: stands.values[name] for name in changed}
    facts = {"version": stands.version + 1, "old": was, "new": changed}
    audit.write(session, actor, editable.command, editable.entity, entity_id, facts, now)
    _tell(session, desk, entity_id, [stands.values, {**stands.values, **changed}])
    return stands.version + 1


def add(
    session: Session, desk: Desk, entity_id: UUID, given: Mapping[str, Any], *, actor: Actor, now: datetime
) -> None:
    """Store a new record, version 1.

    Raises:
        InvalidInput: a value cannot be read; `errors` point at `/data/…`.
        UnknownCommunity, NotYours: its community does not hold, or lies beyond the person's right.
    """
    assert desk.create is not None
    desk.create(session, entity_id, given, work_of(session, actor, now), now)
    entity = desk.editable.entity
    audit.write(session, actor, desk.create_right, entity, entity_id, {"version": 1, "new": dict(given)}, now)
    _tell(session, desk, entity_id, [given])


def work_of(session: Session, actor: Actor, now: datetime) -> Fieldwork:
    """Return the rights in communities of a person at a desk."""
    sender = Sender(actor.user_id, NO_DEVICE, actor.role, actor.unit_code, actor.username)
    return Fieldwork(session, sender, now)


def _tell(session: Session, desk: Desk, entity_id: UUID, held: Held) -> None:
    if desk.tell is None:
        tell(session, desk.editable.entity, {entity_id: None})
    else:
        session.flush()
        desk.tell(session, entity_id, held)


def _check(session: Session, desk: Desk, stands: Standing, actor: Actor, now: datetime) -> None:
    work_of(session, actor, now).check_somewhere(desk.editable.command, stands.community_id)


def _changed(given: Mapping[str, Any], readers: Readers, stands: Standing) -> dict[str, Any]:
    faults: list[Fault] = []
    read = {
        name: read_value(value, readers[name], f"/data/fields/{name}", faults)
        for name, value in given.items()
    }
    if faults:
        raise unreadable(faults)
    return {name: value for name, value in read.items() if stands.values[name] != value}


def _create_facility(
    session: Session, entity_id: UUID, given: Mapping[str, Any], work: Fieldwork, _: datetime
) -> None:
    readers = facilities.new_readers(county_outline(session))
    facilities.place_facility(session, entity_id, given, work, readers)


COMMUNITIES = Desk(surveys.COMMUNITY, "geometry")
FACILITIES = Desk(
    facilities.FACILITY,
    "location",
    _create_facility,
    facilities.CREATE,
    ("community_id", "building_id"),
    removable=True,
)
DESKS: Mapping[str, Desk] = {"communities": COMMUNITIES, "facilities": FACILITIES}
