"""What a tablet in the storm does besides inspecting: it makes, edits, walks, corrects and gives commands.

Now and then it asks for what can never be, so that each refusal is drawn, too; `fates` says what must come
of every one of these.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import uuid6
from shapely.geometry import shape

from sync.client import Client, Item

# What makes an item of this kind unreadable: the pointer to a member, and the value that it cannot have.
FLAWS: Mapping[str, tuple[str, Any]] = {
    "facility.create": ("/data/kind", "NO KIND"),
    "charging_site.propose": ("/data/charging_ports", -1),
    "complaint.create": ("/data/channel", "pigeon"),
    "track.append": ("/data/points", []),
    "facility.edit": ("/data/fields/name/new", ""),
    "charging_site.edit": ("/data/fields/charging_ports/new", -1),
    "community.edit": ("/data/fields/households/new", -1),
    "case.record_refusal": ("/data/photos", []),
}
# An old value that no record ever has, so that the edit must meet another one.
STALE = "从未有过的名称"
FLAWED, FAR, UNKNOWN, STALE_OLD, EARLY, WAITING, REMOVING, AGAIN = (
    0.06,
    0.06,
    0.04,
    0.15,
    0.1,
    0.08,
    0.05,
    0.05,
)
REPEATING = 0.3
USED_AGAIN = ("inspection.create", "case.report")
LATELY = 150
MADE = {
    "facility": "facility.create",
    "charging_site": "charging_site.propose",
    "complaint": "complaint.create",
}
ORDERS = (
    *("case.record_refusal", "case.verify", "case.verify", "case.verify", "case.check", "case.reopen"),
    *("case.accept", "case.claim_fixed", "case.report_dissuaded"),
)


@dataclass
class Fieldwork:
    """One worker's other work.

    Attributes:
        far: communities that nobody in the storm walks.
        coming: records that were edited before they were made, by kind.
        tracks: the tracks that were begun.
    """

    client: Client
    draw: random.Random
    far: Sequence[str] = ()
    coming: list[tuple[str, str]] = field(default_factory=list)
    tracks: list[str] = field(default_factory=list)

    def some(self) -> None:
        """Do one of these things."""
        acts: Sequence[Callable[[], object]] = (
            self.make,
            self.edit,
            self.edit,
            self.walk,
            self.correct,
            self.order,
            self.repeat,
        )
        self.draw.choice(acts)()

    def make(self) -> None:
        """Write down a facility, a charging site or a complaint; sometimes one that was made before."""
        kind = self.draw.choice(sorted(MADE))
        entity_id = str(uuid6.uuid7())
        if self.coming and self.draw.random() < 0.5:
            kind, entity_id = self.coming.pop(self.draw.randrange(len(self.coming)))
        made = self._own(MADE[kind])
        if made and self.draw.random() < AGAIN:
            entity_id = self.draw.choice(made).body["entity_id"]
        community_id, place = self._somewhere()
        if community_id is None:
            return
        self._add(MADE[kind], entity_id, {"community_id": community_id, **self._told(kind, place)})

    def edit(self) -> None:
        """Edit a record of the copy; sometimes one that is only made later, or never."""
        entity = self.draw.choice(("facility", "facility", "charging_site", "community"))
        records = self.client.store.records(entity)
        if not records or self.draw.random() < EARLY:
            entity = self.draw.choice(("facility", "charging_site"))
            entity_id, record = str(uuid6.uuid7()), {}
            self.coming.append((entity, entity_id))
        else:
            entity_id = self.draw.choice(sorted(records))
            record = records[entity_id]
        self._add(
            f"{entity}.edit", entity_id, {"fields": self._changes(entity, record)}, record.get("version")
        )

    def walk(self) -> None:
        """Walk on along a track, or along a new one."""
        if not self.tracks or self.draw.random() < 0.3:
            self.tracks.append(str(uuid6.uuid7()))
        begun = datetime.now(UTC) - timedelta(minutes=self.draw.randint(1, 60))
        points = [
            {
                "lon": round(117.27 + self.draw.uniform(0, 0.01), 7),
                "lat": round(35.65 + self.draw.uniform(0, 0.01), 7),
                "at": (begun + timedelta(seconds=5 * number)).isoformat(),
            }
            for number in range(self.draw.randint(1, 12))
        ]
        sent = [item.body["data"]["points"] for item in self._own("track.append")]
        if sent and self.draw.random() < AGAIN:
            points = self.draw.choice(sent)
        self._add("track.append", self.draw.choice(self.tracks), {"points": points})

    def correct(self) -> None:
        """Correct an inspection: an own one, somebody else's, or one that nobody made."""
        own = self._own("inspection.create")
        if not own:
            return
        first = self.draw.choice(own).body
        ids = {item.body["entity_id"] for item in self.client.store.items()}
        others = sorted(self.client.store.records("inspection").keys() - ids)
        corrects = self.draw.choice([first["entity_id"]] * 8 + others[:1] + [str(uuid4())])
        answers: Mapping[str, Any] = self.draw.choice(({}, first["data"]["answers"]))
        self._add(
            "inspection.correct",
            str(uuid6.uuid7()),
            {**first["data"], "corrects": corrects, "answers": answers},
        )

    def repeat(self) -> None:
        """Write an inspection or a report down under an id that was used; now and then only."""
        own = self._own(self.draw.choice(USED_AGAIN))
        if own and self.draw.random() < REPEATING:
            used = self.draw.choice(own).body
            self._add(used["type"], used["entity_id"], used["data"])

    def order(self) -> None:
        """Give a case a command; many of them are not this worker's to give, or not now."""
        cases = self.client.store.records("case")
        if not cases:
            return
        asked = [one for one in sorted(cases) if cases[one].get("state") == "verifying"]
        kind = self.draw.choice(ORDERS)
        case_id = self.draw.choice(asked if kind == "case.verify" and asked else sorted(cases))
        version = cases[case_id].get("version")
        if self.draw.random() < UNKNOWN:
            case_id, version = str(uuid6.uuid7()), 1
        _, place = self._somewhere()
        if not place:
            return
        data = {
            "photos": [f"{self.draw.getrandbits(256):064x}"],
            "location": {**place, "accuracy_m": 6.5, "datum": "wgs84"},
            "note": str(uuid6.uuid7()),
            "finding": self.draw.choice(("true", "false", "not_found")),
            "passed": True,
            "reason": "已复查",
            "done": "已清走",
        }
        self._add(kind, case_id, data, version)

    def _told(self, kind: str, place: Mapping[str, float]) -> dict[str, Any]:
        if kind == "facility":
            return {"kind": "fire_hydrant", "name": str(uuid6.uuid7()), "location": dict(place)}
        if kind == "charging_site":
            return {"name": str(uuid6.uuid7()), "charging_ports": 10, "location": dict(place)}
        return {"channel": "visit", "description": "楼道堆放杂物", "contact": {"name": "张女士"}}

    def _changes(self, entity: str, record: Mapping[str, Any]) -> dict[str, Any]:
        """Return an edit of the name, of the place or of whether it stands at all."""
        known = record.get("location") or {name: record[name] for name in ("lon", "lat") if name in record}
        if entity != "community" and self.draw.random() < REMOVING:
            return {"removed": {"old": False, "new": True}}
        if entity != "community" and known and self.draw.random() < 0.2:
            old = {name: known[name] for name in ("lon", "lat")}
            return {
                "location": {
                    "old": old,
                    "new": {**old, "lat": round(old["lat"] + self.draw.uniform(0, 1e-3), 7)},
                }
            }
        old_name = STALE if self.draw.random() < STALE_OLD else record.get("name", STALE)
        return {"name": {"old": old_name, "new": str(uuid6.uuid7())}}

    def _somewhere(self) -> tuple[str | None, Mapping[str, float]]:
        """Return a community, mostly of the own cells, and a place in one; None without any."""
        communities = self.client.store.records("community")
        if not communities:
            return None, {}
        community_id = self.draw.choice(sorted(communities))
        point = shape(communities[community_id]["geometry"]).representative_point()
        chance = self.draw.random()
        if self.far and chance < FAR:
            community_id = self.draw.choice(list(self.far))
        elif chance > 1 - UNKNOWN:
            community_id = str(uuid4())
        return community_id, {"lon": round(point.x, 7), "lat": round(point.y, 7)}

    def _own(self, kind: str) -> list[Item]:
        return [item for item in self._last() if item.body["type"] == kind]

    def _last(self) -> Sequence[Item]:
        return self.client.store.items(max(1, self.client.store.last_seq() - LATELY))

    def _add(self, kind: str, entity_id: str, data: dict[str, Any], version: int | None = None) -> None:
        if kind in FLAWS and self.draw.random() < FLAWED:
            pointer, value = FLAWS[kind]
            data = spoilt(data, pointer, value)
        waits: list[str] = []
        if self.draw.random() < WAITING:
            mids = [item.mid for item in self._last()][-20:]
            waits = [self.draw.choice([*mids, str(uuid6.uuid7())])]
        self.client.add(kind, entity_id, data, base_version=version, depends_on=waits)


def spoilt(data: Mapping[str, Any], pointer: str, value: Any) -> dict[str, Any]:
    """Return an item's data with one member replaced; what leads there is made where it is missing."""
    found: dict[str, Any] = {**data}
    *way, last = pointer.removeprefix("/data/").split("/")
    at = found
    for name in way:
        at[name] = {**at.get(name, {"old": None})}
        at = at[name]
    at[last] = value
    return found


def flaw_of(kind: str, data: Mapping[str, Any]) -> str | None:
    """Return the pointer to what makes an item unreadable, None when it can be read."""
    if kind not in FLAWS:
        return None
    pointer, value = FLAWS[kind]
    at: Any = data
    for name in pointer.removeprefix("/data/").split("/"):
        at = at.get(name) if isinstance(at, Mapping) else None
    return pointer if at == value else None
