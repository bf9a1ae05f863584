"""What must be there, as a function of what the tablets know and of what the server's tables say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tests.chaos.fates import CREATORS, DONE, EDITORS, Fates, Ground, Sent

OPEN = frozenset({"held", "quarantined"})
# Their effects bear marks of their own, so that each can be counted.
MARKED = frozenset({"case.note", "case.record_refusal"})
EFFECTS = frozenset({"inspection.create", "inspection.correct", "case.report", *CREATORS, *MARKED})
SHOWN = 30

Key = tuple[str, str, str]
"""Bucket, entity, id."""
Record = tuple[int, int, str]
"""Version, rev, the data as canonical JSON."""


@dataclass(frozen=True, slots=True)
class Tablet:
    """What one tablet knows when all traffic has stopped; `walked`: the cells that its worker was given."""

    device_id: str
    scope: frozenset[str]
    items: Sequence[Sent]
    records: Mapping[Key, Record]
    photos: Mapping[str, bool]
    walked: Sequence[frozenset[str]] = ()


@dataclass(frozen=True, slots=True)
class Truth:
    """What the server's tables say.

    Attributes:
        mutations: (device, seq) → the (mid, first status) stored for it, clashes left out.
        effects: an item's mark → how many records or history entries it made.
        inspections: id → the device it came from.
        records: what every tablet with this bucket must hold.
        stale: records whose wire form is not what their tables say.
        ledger: the fault found in the cases' histories, nothing when there is none.
        versions: the versions of records that are edited field by field; `edits`: how many edits were done.
        points: the points of each track.
        verified: (case, device) → how often its worker verified.
        ground: what stands where.
    """

    mutations: Mapping[tuple[str, int], Sequence[tuple[str, str]]]
    effects: Mapping[str, int]
    inspections: Mapping[str, str]
    records: Mapping[str, Mapping[Key, Record]]
    stale: Sequence[str] = ()
    ledger: str = ""
    versions: Mapping[str, int] = field(default_factory=dict)
    edits: Mapping[str, int] = field(default_factory=dict)
    points: Mapping[str, int] = field(default_factory=dict)
    verified: Mapping[tuple[str, str], int] = field(default_factory=dict)
    ground: Ground = field(default_factory=Ground)


@dataclass
class Findings:
    """What a proof has shown; `faults` says in words what was lost, doubled, missed or wrong.

    `fated` are the items whose fate is one that the model gives; `done` counts them by command, `reasons`
    why any was not done.
    """

    sent: int = 0
    acknowledged: int = 0
    lost: int = 0
    doubled: int = 0
    missed: int = 0
    photos: int = 0
    photos_verified: int = 0
    compared: int = 0
    fated: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether everything is as it must be."""
        return not self.faults and self.sent == self.acknowledged and self.photos == self.photos_verified


def judge(tablets: Sequence[Tablet], truth: Truth) -> Findings:
    """Compare what the tablets know with what the server holds."""
    found = Findings()
    for tablet in tablets:
        _judge_items(tablet, truth, found)
        _judge_copy(tablet, truth, found)
        _judge_photos(tablet, found)
    _judge_strangers(tablets, truth, found)
    _judge_fates(tablets, truth, found)
    _judge_sums(tablets, truth, found)
    found.missed += len(truth.stale)
    found.faults += [f"the tablets were not told: {one}" for one in truth.stale[:SHOWN]]
    found.faults += [f"the ledger is faulty: {truth.ledger}"] if truth.ledger else []
    return found


def _judge_items(tablet: Tablet, truth: Truth, found: Findings) -> None:
    for item in tablet.items:
        found.sent += 1
        found.statuses[item.status or "unanswered"] += 1
        if item.status in DONE:
            found.done[item.type] += 1
        stored = truth.mutations.get((tablet.device_id, item.seq), ())
        if len(stored) > 1:
            _note(found, "doubled", tablet, item, f"is stored {len(stored)} times")
        if item.status is None:
            found.faults.append(_told(tablet, item, "has no answer"))
            continue
        found.acknowledged += 1
        if (item.mid, item.first_status) not in stored:
            _note(found, "lost", tablet, item, f"was {item.first_status}, the server knows {list(stored)}")
        if item.type in EFFECTS:
            _judge_effect(tablet, item, truth, found)


def _judge_effect(tablet: Tablet, item: Sent, truth: Truth, found: Findings) -> None:
    count = truth.effects.get(item.mark, 0)
    if count > 1:
        _note(found, "doubled", tablet, item, f"had its effect {count} times")
    elif item.status in DONE and count == 0:
        _note(found, "lost", tablet, item, "is done and nothing stands for it")
    elif item.status not in DONE | OPEN and count == 1 and item.type in MARKED:
        _note(found, "doubled", tablet, item, "was refused and had its effect")


def _judge_copy(tablet: Tablet, truth: Truth, found: Findings) -> None:
    wanted = {key: one for bucket in tablet.scope for key, one in truth.records.get(bucket, {}).items()}
    found.compared += len(wanted)
    for key in sorted(wanted.keys() | tablet.records.keys()):
        if wanted.get(key) != tablet.records.get(key):
            found.missed += 1
            here, there = tablet.records.get(key), wanted.get(key)
            told = f"{key} is {_short(here)} on the tablet, {_short(there)} at the server"
            found.faults.append(f"tablet {tablet.device_id}: {told}")


def _judge_photos(tablet: Tablet, found: Findings) -> None:
    found.photos += len(tablet.photos)
    found.photos_verified += sum(tablet.photos.values())
    for digest, there in tablet.photos.items():
        if not there:
            found.faults.append(f"tablet {tablet.device_id}: photo {digest} cannot be read back")


def _judge_strangers(tablets: Sequence[Tablet], truth: Truth, found: Findings) -> None:
    """Nothing may stand that no tablet has sent."""
    sent = {(tablet.device_id, item.mark) for tablet in tablets for item in tablet.items}
    seqs = {(tablet.device_id, item.seq) for tablet in tablets for item in tablet.items}
    devices = {tablet.device_id for tablet in tablets}
    for inspection_id, device_id in truth.inspections.items():
        if device_id in devices and (device_id, inspection_id) not in sent:
            found.doubled += 1
            found.faults.append(f"inspection {inspection_id} of {device_id} was never sent")
    for device_id, seq in truth.mutations:
        if device_id in devices and (device_id, seq) not in seqs:
            found.doubled += 1
            found.faults.append(f"item {seq} of {device_id} was never sent")


def _judge_fates(tablets: Sequence[Tablet], truth: Truth, found: Findings) -> None:
    """Every item has a fate that the model gives it, for the reason that the model gives."""
    pairs = [(tablet, item) for tablet in tablets for item in tablet.items if item.body and item.status]
    ground = replace(truth.ground, walked={tablet.device_id: tablet.walked for tablet in tablets})
    fates = Fates([(tablet.device_id, item) for tablet, item in pairs], ground)
    for tablet, item in pairs:
        fault = fates.fault(tablet.device_id, item)
        if fault:
            found.faults.append(_told(tablet, item, fault))
        else:
            found.fated += 1
        if item.reason:
            found.reasons[f"{item.status} {item.reason}"] += 1


def _judge_sums(tablets: Sequence[Tablet], truth: Truth, found: Findings) -> None:
    """What many items make together is the sum of those that are done, of each once."""
    done = [
        (one.device_id, item) for one in tablets for item in one.items if item.body and item.status in DONE
    ]
    wanted: dict[str, set[tuple[Any, ...]]] = {}
    verified: Counter[tuple[str, str]] = Counter()
    idle: Counter[str] = Counter()
    for device, item in done:
        entity_id, data = item.body["entity_id"], item.body["data"]
        if item.type == "track.append":
            points = {(point["at"], point["lon"], point["lat"]) for point in data["points"]}
            wanted.setdefault(entity_id, set()).update(points)
        elif item.type == "case.verify":
            verified[entity_id, device] += 1
        elif item.type in EDITORS:
            # What is taken away a second time is done, and changes nothing.
            idle[entity_id] += "removed" in data["fields"]
    for track, points in wanted.items():
        _compare(found, f"track {track}", (len(points), len(points)), truth.points.get(track, 0))
    for key in verified.keys() | truth.verified.keys():
        _compare(found, f"verified {key}", (verified[key], verified[key]), truth.verified.get(key, 0))
    for entity_id, edits in truth.edits.items():
        most = 1 + edits
        _compare(
            found, f"edited {entity_id}", (most - idle[entity_id], most), truth.versions.get(entity_id, 0)
        )


def _compare(found: Findings, what: str, between: tuple[int, int], stands: int) -> None:
    least, most = between
    if not least <= stands <= most:
        found.lost += stands < least
        found.doubled += stands > most
        found.faults.append(f"{what}: {stands} stand, {least} to {most} were done")


def _note(found: Findings, name: str, tablet: Tablet, item: Sent, words: str) -> None:
    setattr(found, name, getattr(found, name) + 1)
    found.faults.append(_told(tablet, item, words))


def _told(tablet: Tablet, item: Sent, words: str) -> str:
    return f"tablet {tablet.device_id}: item {item.seq} ({item.type} {item.mid}) {words}"


def _short(record: Record | None) -> str:
    return "absent" if record is None else f"version {record[0]} rev {record[1]} {record[2][:120]}"
