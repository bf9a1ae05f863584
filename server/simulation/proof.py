"""After the work: is everything that was acknowledged there, once, and are the photos the same bytes?"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from server.simulation.worker import Worker
from sync.client import Item

NOT_THERE = frozenset({403, 404})
AT_ONCE = 50


@dataclass
class Findings:
    """What one tablet's proof, or the sum of many, has shown."""

    sent: int = 0
    acknowledged: int = 0
    lost: int = 0
    doubled: int = 0
    photos: int = 0
    photos_verified: int = 0
    cases: set[str] = field(default_factory=set)
    statuses: Counter[str] = field(default_factory=Counter)
    retries: int = 0
    cuts: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, other: Findings) -> None:
        """Take another tablet's findings in."""
        for name in (
            "sent",
            "acknowledged",
            "lost",
            "doubled",
            "photos",
            "photos_verified",
            "retries",
            "cuts",
        ):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.cases |= other.cases
        self.statuses += other.statuses
        self.faults += other.faults

    @property
    def sound(self) -> bool:
        """Whether nothing was lost or doubled, every item has an answer and every photo is there."""
        whole = self.sent == self.acknowledged and self.photos == self.photos_verified
        return whole and not (self.lost or self.doubled or self.faults)


def prove(worker: Worker, tell: Callable[[str, int], None]) -> Findings:
    """Ask the server from outside about everything that this worker handed in."""
    items = worker.client.store.items()
    found = Findings(sent=len(items), retries=worker.client.line.retries)
    found.acknowledged = sum(item.status is not None for item in items)
    found.statuses.update(item.status or "unanswered" for item in items)
    _prove_replays(worker, items, found)
    _prove_records(worker, items, found)
    _prove_no_others(worker, items, found)
    _prove_photos(worker, found, tell)
    return found


def _prove_replays(worker: Worker, items: Sequence[Item], found: Findings) -> None:
    """Send all again: each must be known, with the same status."""
    for start in range(0, len(items), AT_ONCE):
        batch = items[start : start + AT_ONCE]
        answer = worker.client.send(batch)
        for item, result in zip(batch, answer["results"], strict=True):
            if item.status is not None and (not result["replayed"] or result["status"] != item.status):
                found.lost += 1
                found.faults.append(f"item {item.mid} was {item.status}, is {result['status']}")


def _prove_records(worker: Worker, items: Sequence[Item], found: Findings) -> None:
    for item in items:
        if item.status != "applied" or item.body["type"] != "inspection.create":
            continue
        entity_id = item.body["entity_id"]
        answer = worker.client.line.call("GET", f"/api/v1/inspections/{entity_id}", expect=NOT_THERE)
        if answer.status_code in NOT_THERE:
            found.lost += 1
            found.faults.append(f"inspection {entity_id} is not there")
            continue
        cases = answer.json()["case_ids"]
        found.cases.update(cases)
        if len(cases) > worker.problems.get(entity_id, 0):
            found.doubled += 1
            found.faults.append(f"inspection {entity_id} opened {len(cases)} cases")


def _prove_no_others(worker: Worker, items: Sequence[Item], found: Findings) -> None:
    """The list must show this tablet's inspections once each, and no others."""
    sent = {item.body["entity_id"] for item in items}
    listed = Counter(
        one["inspection_id"] for one in _listed(worker) if one["device_id"] == worker.client.device_id
    )
    for entity_id, count in listed.items():
        if count > 1 or entity_id not in sent:
            found.doubled += 1
            found.faults.append(f"inspection {entity_id} stands {count} times")


def _listed(worker: Worker) -> Iterator[dict[str, Any]]:
    cursor: str | None = None
    while True:
        query = {"limit": 200, "cursor": cursor}
        page = worker.client.line.call("GET", "/api/v1/inspections", params=query).json()
        yield from page["items"]
        cursor = page["next"]
        if cursor is None:
            return


def _prove_photos(worker: Worker, found: Findings, tell: Callable[[str, int], None]) -> None:
    for digest in worker.client.store.photos(waiting=False):
        answer = worker.client.line.call("GET", f"/sync/v1/photos/{digest}", expect=NOT_THERE)
        found.photos += 1
        if answer.status_code == 200 and hashlib.sha256(answer.content).hexdigest() == digest:
            found.photos_verified += 1
        else:
            found.faults.append(f"photo {digest} came back as {answer.status_code} or with other bytes")
        tell("proof", 1)
