"""What must have come of each item of a tablet, and why: decided from what was sent and what stands. Pure.

A fate is a status with the slug of its problem. Where the server's order of arrival decides, several fates
are possible; each is possible only where its cause is there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tests.chaos.fieldwork import STALE, flaw_of

Fate = tuple[str, str]

APPLIED: Fate = ("applied", "")
MERGED: Fate = ("merged", "")
NOT_ARRIVED: Fate = ("held", "not-found")
FOR_THE_LEADER: Fate = ("held", "not-yours")
NOT_YOURS: Fate = ("rejected", "not-yours")
UNREADABLE: Fate = ("rejected", "invalid-input")
UNKNOWN_COMMUNITY: Fate = ("rejected", "unknown-community")
ALREADY_THERE: Fate = ("conflict", "already-there")
ALREADY_STORED: Fate = ("conflict", "already-stored")
EDITED: Fate = ("conflict", "edited-meanwhile")
STATE: Fate = ("rejected", "state-forbids")
MOVED: frozenset[Fate] = frozenset({("conflict", "state-forbids"), ("conflict", "stale-version")})
DONE = frozenset({"applied", "merged"})
CREATORS = frozenset({"facility.create", "charging_site.propose", "complaint.create"})
FOUND = frozenset({"inspection.create", "case.report"})
EDITORS = frozenset({"facility.edit", "charging_site.edit", "community.edit"})
# What a grid worker may never give.
OTHERS_ORDERS = frozenset({"case.accept", "case.claim_fixed", "case.report_dissuaded"})


@dataclass(frozen=True, slots=True)
class Sent:
    """One item in a tablet's outbox.

    Attributes:
        mark: by what its effect is known: the id of the record that it makes, a note's text.
        status: what the tablet believes, None while it has no answer; `first_status` was the first answer.
        body: as it was sent, nothing where only its arrival is looked at.
        reason: the slug of the last problem told, "" without one; `pointers`: what that pointed at.
        version: the version of the record that was told with it.
    """

    seq: int
    mid: str
    type: str
    mark: str
    status: str | None
    first_status: str | None
    body: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    pointers: Sequence[str] = ()
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """What stands where at the end.

    Attributes:
        cells: community → its cells; for a case the cell it lies in, under the case's id.
        community_of: the record (facility, site, community) → its community.
        inspectors: inspection → the device it came from.
        walked: device → the sets of cells that its worker was ever given.
        asked: case → the devices whose workers were asked to verify it.
    """

    cells: Mapping[str, frozenset[str]] = field(default_factory=dict)
    community_of: Mapping[str, str] = field(default_factory=dict)
    inspectors: Mapping[str, str] = field(default_factory=dict)
    walked: Mapping[str, Sequence[frozenset[str]]] = field(default_factory=dict)
    asked: Mapping[str, frozenset[str]] = field(default_factory=dict)


class Fates:
    """The model: which fates each item may have."""

    def __init__(self, items: Iterable[tuple[str, Sent]], ground: Ground) -> None:
        """Take all items of all tablets, each with its device."""
        self._items, self._ground = list(items), ground
        self._status = {item.mid: item.status for _, item in self._items}

    def fault(self, device: str, item: Sent) -> str:
        """Return what is wrong with the fate of an item, nothing when it is one that it may have."""
        wanted = self.of(device, item)
        told = (item.status or "", item.reason)
        if told not in wanted:
            return f"is {' '.join(told)}, must be one of {sorted(wanted)}"
        flaw = flaw_of(item.type, item.body["data"])
        if told == UNREADABLE and flaw not in item.pointers:
            return f"is unreadable at {list(item.pointers)}, must be at {flaw}"
        return ""

    def of(self, device: str, item: Sent) -> frozenset[Fate]:
        """Return the fates that an item may have."""
        waiting = self._waiting(item)
        return waiting if waiting is not None else RULES[item.type](self, device, item)

    def _waiting(self, item: Sent) -> frozenset[Fate] | None:
        statuses = [self._status.get(mid) for mid in item.body["depends_on"]]
        if "rejected" in statuses:
            return frozenset({("rejected", "dependency-failed")})
        if not all(status in DONE for status in statuses):
            return frozenset({("held", "dependency-missing")})
        return None

    def _inspected(self, device: str, item: Sent) -> frozenset[Fate]:
        return self._where(device, item.body["data"]["community_id"], FOR_THE_LEADER)

    def _first_seen(self, device: str, item: Sent) -> frozenset[Fate]:
        fates = self._inspected(device, item)
        taken = ALREADY_STORED if item.type == "inspection.create" else ALREADY_THERE
        return fates - {APPLIED} | {taken} if self._twins(item) else fates

    def _corrected(self, device: str, item: Sent) -> frozenset[Fate]:
        first = self._ground.inspectors.get(item.body["data"]["corrects"])
        if first is None:
            return frozenset({NOT_ARRIVED})
        return self._inspected(device, item) if first == device else frozenset({NOT_YOURS})

    def _created(self, device: str, item: Sent) -> frozenset[Fate]:
        if flaw_of(item.type, item.body["data"]):
            fates = frozenset({UNREADABLE})
        elif item.body["data"]["community_id"] not in self._ground.cells:
            fates = frozenset({UNKNOWN_COMMUNITY})
        else:
            fates = self._where(device, item.body["data"]["community_id"], NOT_YOURS)
        return fates - {APPLIED} | {ALREADY_THERE} if self._twins(item) else fates

    def _edited(self, device: str, item: Sent) -> frozenset[Fate]:
        community = self._ground.community_of.get(item.body["entity_id"])
        if community is None:
            return frozenset({NOT_ARRIVED})
        fates = self._where(device, community, NOT_YOURS)
        if APPLIED not in fates:
            return fates
        if flaw_of(item.type, item.body["data"]):
            return fates - {APPLIED} | {UNREADABLE}
        return fates - {APPLIED} | self._met(item)

    def _met(self, item: Sent) -> frozenset[Fate]:
        """Return what an edit may come to beside the others' edits of the same record."""
        [(name, change)] = item.body["data"]["fields"].items()
        others = [one for one in self._edits[item.body["entity_id"]] if one.mid != item.mid]
        fields = {field for one in others for field in one.body["data"]["fields"]}
        met = name in fields
        fates = {MERGED} if change["old"] == STALE else {APPLIED} | ({MERGED} if met else set())
        if "removed" in fields or (name == "removed" and others):
            fates.add(EDITED)
        if name == "location":
            fates = fates - {MERGED} | ({EDITED} if met else set())
        return frozenset(fates)

    def _walked(self, device: str, item: Sent) -> frozenset[Fate]:
        return frozenset({UNREADABLE if flaw_of(item.type, item.body["data"]) else APPLIED})

    def _noted(self, device: str, item: Sent) -> frozenset[Fate]:
        fates = self._of_case(device, item)
        if APPLIED in fates and flaw_of(item.type, item.body["data"]):
            return fates - {APPLIED} | {UNREADABLE}
        return fates

    def _not_a_workers(self, device: str, item: Sent) -> frozenset[Fate]:
        return frozenset({NOT_YOURS}) if APPLIED in self._of_case(device, item) else frozenset({NOT_ARRIVED})

    def _verified(self, device: str, item: Sent) -> frozenset[Fate]:
        """Return what the answer to a question may come to: it is for whom the office asked, wherever."""
        if item.body["entity_id"] not in self._ground.cells:
            return frozenset({NOT_ARRIVED})
        asked = self._ground.asked.get(item.body["entity_id"], frozenset())
        fates = ({APPLIED} if device in asked else set()) | ({NOT_YOURS} if asked - {device} else set())
        return frozenset(fates) | self._late(item)

    def _checked(self, device: str, item: Sent) -> frozenset[Fate]:
        """Return what a check may come to: nobody is asked for one in the storm, of nobody's place."""
        there = item.body["entity_id"] in self._ground.cells
        return self._late(item) if there else frozenset({NOT_ARRIVED})

    def _reopened(self, device: str, item: Sent) -> frozenset[Fate]:
        """Return what reopening may come to: nothing is closed in the storm."""
        fates = self._of_case(device, item)
        return fates - {APPLIED} | self._late(item) if APPLIED in fates else fates

    def _late(self, item: Sent) -> frozenset[Fate]:
        """Return what the state makes of an order: a conflict when the case went on unseen, else refused."""
        return MOVED if item.version != item.body["base_version"] else frozenset({STATE})

    def _of_case(self, device: str, item: Sent) -> frozenset[Fate]:
        case_id = item.body["entity_id"]
        if case_id not in self._ground.cells:
            return frozenset({NOT_ARRIVED})
        # A worker also has rights on cases of cells that only their community touches.
        return self._where(device, case_id, NOT_YOURS) | {APPLIED}

    def _where(self, device: str, place: str, refused: Fate) -> frozenset[Fate]:
        """Return what the place allows: the worker was there at some time, elsewhere, or both."""
        cells = self._ground.cells.get(place)
        if cells is None:
            return frozenset({UNKNOWN_COMMUNITY})
        there = [bool(cells & walked) for walked in self._ground.walked.get(device, ())]
        fates = {APPLIED} if any(there) else set()
        return frozenset(fates if all(there) else fates | {refused})

    def _twins(self, item: Sent) -> Sequence[Sent]:
        return [one for one in self._makers[item.body["entity_id"]] if one.mid != item.mid]

    @cached_property
    def _makers(self) -> Mapping[str, Sequence[Sent]]:
        return self._done(CREATORS | FOUND)

    @cached_property
    def _edits(self) -> Mapping[str, Sequence[Sent]]:
        return self._done(EDITORS)

    def _done(self, kinds: frozenset[str]) -> Mapping[str, Sequence[Sent]]:
        found: dict[str, list[Sent]] = defaultdict(list)
        for _, item in self._items:
            if item.type in kinds and item.status in DONE:
                found[item.body["entity_id"]].append(item)
        return found


Rule = Callable[[Fates, str, Sent], frozenset[Fate]]
RULES: Mapping[str, Rule] = {
    "inspection.correct": Fates._corrected,
    **dict.fromkeys(FOUND, Fates._first_seen),
    "track.append": Fates._walked,
    "case.note": Fates._noted,
    "case.record_refusal": Fates._noted,
    "case.verify": Fates._verified,
    "case.check": Fates._checked,
    "case.reopen": Fates._reopened,
    **dict.fromkeys(OTHERS_ORDERS, Fates._not_a_workers),
    **dict.fromkeys(CREATORS, Fates._created),
    **dict.fromkeys(EDITORS, Fates._edited),
}
