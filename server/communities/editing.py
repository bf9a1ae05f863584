"""Editing attributes of records from tablets and from the conflict list: read, merge, store, tell."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from server.communities.errors import EditedMeanwhile, NoSuchRecord
from server.communities.fieldwork import Fieldwork
from server.communities.outline import county_outline
from server.communities.reading import Fault, Readers, fault, read_value, unreadable
from server.outcomes import conflict, held, rejected, unknown_field
from server.problems import DomainError
from sync import changes, conflicts
from sync.merge import REMOVED, Change, Merged, Piece, merge, told_anew
from sync.mutations import CommandType, Handler, Mutation, Outcome, Sender, Warning


@dataclass(frozen=True, slots=True)
class Standing:
    """A record as it stands: JSON values of its editable fields; `removed`: it no longer holds."""

    community_id: UUID | None
    version: int
    removed: bool
    values: Mapping[str, Any]


class Load(Protocol):
    """Reads records."""

    def __call__(
        self, session: Session, ids: Collection[UUID], now: datetime, *, lock: bool
    ) -> dict[UUID, Standing]:
        """Return those of these records that exist; `lock` keeps them until the transaction ends."""


# Stores these values of a record as this version, and tells of other records that move along; a DomainError
# says that the values do not go together with other records, and nothing was stored.
Store = Callable[[Session, UUID, Mapping[str, Any], int, datetime], None]


@dataclass(frozen=True, slots=True)
class Editable:
    """A kind of record whose fields are edited one by one.

    Attributes:
        entity: its name on the wire; the command is `<entity>.edit`.
        readers: makes the readers of its fields, given the county's outline.
        shapes: the fields that hold geometry.
        facts: the fields that hold facts by name, each fact edited for itself.
    """

    entity: str
    readers: Callable[[BaseGeometry], Readers]
    load: Load
    store: Store
    shapes: frozenset[str] = field(default_factory=frozenset)
    facts: frozenset[str] = field(default_factory=frozenset)

    @property
    def command(self) -> str:
        """The name of the command, which is the right's name, too."""
        return f"{self.entity}.edit"


def edit_command(editable: Editable) -> CommandType:
    """Return the command by which tablets edit such records; `data` is `{fields: {name: {old, new}}}`."""

    def handler(
        session: Session, sender: Sender, mutations: Sequence[Mutation], now: datetime
    ) -> list[Outcome]:
        return _Edits(session, sender, editable, now).take(mutations)

    made: Handler = handler
    return CommandType(editable.command, made)


class _Edits:
    """A run of edits of one kind, in order."""

    def __init__(self, session: Session, sender: Sender, editable: Editable, now: datetime) -> None:
        self.session, self.sender, self.editable, self.now = session, sender, editable, now
        self.standing: dict[UUID, Standing] = {}
        self.own: dict[UUID, int] = {}
        self.told: dict[UUID, UUID] = {}

    def take(self, mutations: Sequence[Mutation]) -> list[Outcome]:
        ids = sorted({mutation.entity_id for mutation in mutations})
        self.standing = self.editable.load(self.session, ids, self.now, lock=True)
        work = Fieldwork(self.session, self.sender, self.now)
        readers = self.editable.readers(county_outline(self.session))
        outcomes = [self._one(mutation, work, readers) for mutation in mutations]
        tell(self.session, self.editable.entity, self.told)
        return outcomes

    def _one(self, mutation: Mutation, work: Fieldwork, readers: Readers) -> Outcome:
        stands = self.standing.get(mutation.entity_id)
        if stands is None:
            return held(NoSuchRecord(), f"{self.editable.entity}:{mutation.entity_id}")
        assert stands.community_id is not None
        community = work.community(stands.community_id)
        assert community is not None
        try:
            work.check(self.editable.command, community)
            asked, warnings = read_changes(mutation.data, readers)
        except DomainError as error:
            return rejected(error, stands.version)
        made = merge(
            asked,
            stands.values,
            shapes=self.editable.shapes,
            facts=self.editable.facts,
            deleted=stands.removed,
            moved_on=REMOVED in asked and self._moved_on(mutation, stands),
        )
        try:
            self._check_facts(made, readers)
            version = self._keep(mutation, stands, made)
        except DomainError as error:
            return rejected(error, stands.version)
        conflicts.note(self.session, self.sender, mutation, self.editable.entity, made.disputed, self.now)
        if made.status == "conflict":
            current = self._current(mutation.entity_id)
            return replace(conflict(EditedMeanwhile(made), stands.version, current), warnings=warnings)
        return Outcome(made.status, version=version, warnings=(*warnings, *_told_of(made)))

    def _check_facts(self, made: Merged, readers: Readers) -> None:
        """Refuse facts that are fit one by one, but too many together with those of others."""
        faults: list[Fault] = []
        for name in self.editable.facts.intersection(made.values):
            read_value(made.values[name], readers[name], f"/data/fields/{name}/new", faults)
        if faults:
            raise unreadable(faults)

    def _keep(self, mutation: Mutation, stands: Standing, made: Merged) -> int:
        if not made.values:
            return stands.version
        version = stands.version + 1
        self.editable.store(self.session, mutation.entity_id, made.values, version, self.now)
        self.standing[mutation.entity_id] = replace(
            stands,
            version=version,
            removed=bool(made.values.get(REMOVED, stands.removed)),
            values={**stands.values, **made.values},
        )
        self.own[mutation.entity_id] = self.own.get(mutation.entity_id, 0) + 1
        self.told[mutation.entity_id] = mutation.mid
        return version

    def _moved_on(self, mutation: Mutation, stands: Standing) -> bool:
        """Return whether somebody else made a version after the one that this tablet saw."""
        seen = mutation.base_version
        if seen is None or seen >= stands.version:
            return False
        mine = conflicts.versions_made_by(self.session, self.sender.device_id, mutation.entity_id, seen)
        return stands.version - seen > mine + self.own.get(mutation.entity_id, 0)

    def _current(self, entity_id: UUID) -> Mapping[str, Any]:
        self.session.flush()
        wires = self.session.info["travelling"][self.editable.entity].load(self.session, [str(entity_id)])
        return wires[0].data if wires else {}


def read_changes(data: Mapping[str, Any], readers: Readers) -> tuple[dict[str, Change], tuple[Warning, ...]]:
    """Return the changes that an edit asks for; fields that nobody knows become warnings.

    What stands as `old` is compared only: one that cannot be read is simply not what stands now.

    Raises:
        InvalidInput: `errors` point at what cannot be read.
    """
    fields = data.get("fields")
    if not isinstance(fields, Mapping):
        raise unreadable([fault("/data/fields", "must be an object of fields", "须为字段对象")])
    faults: list[Fault] = []
    asked: dict[str, Change] = {}
    for name in readers:
        if name in fields:
            change = _read_change(fields[name], readers[name], f"/data/fields/{name}", faults)
            if change is not None:
                asked[name] = change
    if not asked and not faults:
        known = ", ".join(readers)
        faults.append(fault("/data/fields", f"names none of {known}", f"未包含任何可修改字段：{known}"))
    if faults:
        raise unreadable(faults)
    unknown = sorted(str(name) for name in fields if name not in readers)[:20]
    other = sorted(str(name) for name in data if name != "fields")[:20]
    odd = tuple(unknown_field(name) for name in other)
    return asked, (*odd, *(unknown_field(name, "/data/fields") for name in unknown))


def _read_change(given: Any, reader: Any, at: str, faults: list[Fault]) -> Change | None:
    if not isinstance(given, Mapping) or "old" not in given or "new" not in given:
        faults.append(fault(at, "must be {old, new}", "须为 {old, new}"))
        return None
    new = read_value(given["new"], reader, f"{at}/new", faults)
    quiet: list[Fault] = []
    old = read_value(given["old"], reader, f"{at}/old", quiet)
    return Change(given["old"] if quiet else old, new)


def change_value(
    session: Session,
    editable: Editable,
    entity_id: UUID,
    piece: Piece,
    value: Any,
    now: datetime,
    pointer: str,
) -> tuple[Any, int]:
    """Set a field of a record, or one fact in it, as the office decided.

    Returns:
        The value as stored, and the version that the record then has.

    Raises:
        NoSuchRecord: there is none.
        InvalidInput: the value cannot be read, or the record no longer holds and cannot be brought back.
    """
    stands = editable.load(session, [entity_id], now, lock=True).get(entity_id)
    if stands is None:
        raise NoSuchRecord
    readers = editable.readers(county_outline(session))
    faults: list[Fault] = []
    name, fact = piece
    whole = value if fact is None else told_anew(stands.values[name], fact, value)
    read = read_value(whole, readers[name], pointer, faults)
    if stands.removed and REMOVED not in readers:
        faults.append(fault("/choose", "the record no longer holds", "该记录已失效"))
    if faults:
        raise unreadable(faults)
    told = read if fact is None else value
    values = {name: read} | ({REMOVED: False} if stands.removed and name != REMOVED else {})
    if all(stands.values[one] == new for one, new in values.items()):
        return told, stands.version
    editable.store(session, entity_id, values, stands.version + 1, now)
    tell(session, editable.entity, {entity_id: None})
    return told, stands.version + 1


def tell(session: Session, entity: str, mids: Mapping[UUID, UUID | None]) -> None:
    """Tell the tablets how these records now stand, each with the work that changed it."""
    if not mids:
        return
    session.flush()
    wires = session.info["travelling"][entity].load(session, sorted(str(one) for one in mids))
    changes.put(session, entity, [replace(wire, mid=mids[UUID(wire.entity_id)]) for wire in wires])
    changes.refresh_copies(session, entity, [wire.entity_id for wire in wires])


def _told_of(made: Merged) -> tuple[Warning, ...]:
    return tuple(
        Warning(
            "met-another-edit",
            one.pointer,
            "Somebody else changed this field meanwhile; yours stands for now, the office sees both.",
            "该字段期间被他人修改，暂以您的为准，双方的值均交办公室核对。",
        )
        for one in made.disputed
    )
