"""A push may hold anything: it is answered item by item or refused whole, never a fault of the server."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
import uuid6
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from checklists.catalog import catalog
from server import wiring
from server.auth import enrolment
from server.auth.enrolment import Enrolment
from tests.build import County, a_community_in, a_point_in, a_worker, cells_of_community
from tests.chaos.hostile import spoilt

EXAMPLES = 120
PHOTO = "ab" * 32
BOUNDED = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)


@dataclass
class Sender:
    """A tablet that sends whatever it is given."""

    client: Any
    headers: dict[str, str]
    device_id: str
    place: dict[str, Any]
    community_id: str
    cell: str
    case_id: str = field(default_factory=lambda: str(uuid6.uuid7()))
    statuses: Counter[str] = field(default_factory=Counter)
    next_seq: int = 1

    def envelope(self, kind: str) -> dict[str, Any]:
        """Return an envelope with one good item of this kind."""
        item = {
            "mid": str(uuid6.uuid7()),
            "seq": self.next_seq,
            "type": kind,
            "entity_id": self.case_id if kind.startswith("case.") else str(uuid6.uuid7()),
            "device_time": "2026-11-22T09:00:00+08:00",
            "base_version": 1,
            "depends_on": [],
            "data": self.data(kind),
        }
        clock = {"wall": "2026-11-22T09:00:00+08:00", "monotonic_ms": 5, "boot_id": str(uuid6.uuid7())}
        return {
            "batch_id": str(uuid6.uuid7()),
            "device_id": self.device_id,
            "first_seq": self.next_seq,
            "clock": clock,
            "app": "test/1",
            "mutations": [item],
        }

    def data(self, kind: str) -> dict[str, Any]:
        """Return what one good item of this kind holds, or the members that many kinds have."""
        photo = {"sha256": PHOTO, "size": 5, "content_type": "image/jpeg", "role": "before"}
        if kind == "inspection.create":
            return {
                "checklist": "T2",
                "checklist_version": catalog().get("T2").version,
                "community_id": self.community_id,
                "grid_cell_code": self.cell,
                "location": self.place,
                "started_at": "2026-11-22T08:00:00+08:00",
                "finished_at": "2026-11-22T08:10:00+08:00",
                "answers": {
                    "ebikes_estimate": {"value": 140},
                    "cuts_off_when_full": {"not_inspected": "locked"},
                    "fly_wires": {"instances": [{"count": {"value": 3}, "photos": [PHOTO], "note": "x"}]},
                },
                "photos": [photo],
            }
        return {
            "category": "lift_maintenance_inadequate",
            "severity": "B",
            "community_id": self.community_id,
            "location": self.place,
            "description": "x",
            "text": "x",
            "passed": True,
            "reason": "x",
            "done": "x",
            "photos": [photo],
            "fields": {"name": {"old": "a", "new": "b"}},
            "points": [{"lon": 117.3, "lat": 35.6, "at": "2026-11-22T08:00:00+08:00"}],
            "from": 1,
            "to": 2,
        }

    def push(self, document: Any) -> Any:
        """Push anything, and note how far the server has taken it."""
        body = json.dumps(document).encode("utf-8", "surrogatepass")
        answer = self.client.post(
            "/sync/v1/push", data=body, headers=self.headers, content_type="application/json"
        )
        if answer.status_code == 200:
            self.next_seq = answer.json["acked_through"] + 1
            self.statuses.update(result["status"] for result in answer.json["results"])
        return answer


@pytest.fixture
def sender(county: County) -> Iterator[Sender]:
    now = datetime.now(UTC)
    device_id = uuid6.uuid7()
    with county.transaction() as session:
        community_id = a_community_in(session)
        cells = cells_of_community(session, community_id)
        worker = a_worker(session, cells, now=now)
        lon, lat = a_point_in(session, community_id)
        code = enrolment.make_code(session, username=worker.username, actor=None, now=now)
        told = Enrolment(UUID(str(device_id)), code.enrolment_code, "t", "test", "1")
        tokens = enrolment.enrol(session, told, now=now, settings=county.settings)
    place = {"lon": lon, "lat": lat, "accuracy_m": 6.5, "datum": "wgs84", "provider": "gps", "mock": False}
    with county.client() as client:
        bearer = {"Authorization": f"Bearer {tokens.access_token}"}
        told_by = Sender(client, bearer, str(device_id), place, str(community_id), cells[0])
        told_by.push(told_by.envelope("case.report"))
        assert told_by.statuses == {"applied": 1}
        yield told_by


@pytest.mark.parametrize("kind", sorted(wiring.COMMAND_TYPES))
def test_no_item_of_any_kind_makes_the_server_fault(sender: Sender, kind: str) -> None:
    @BOUNDED
    @given(data=st.data())
    def send(data: st.DataObject) -> None:
        document = sender.envelope(kind)
        item = data.draw(spoilt(document["mutations"][0]))
        answer = sender.push(document | {"mutations": [item]})

        assert answer.status_code < 500, item
        for result in answer.json.get("results", ()):
            assert (result["problem"] or {}).get("type") != "/problems/item-fault", item

    send()
    assert sum(sender.statuses.values()) > EXAMPLES / 3


def test_no_envelope_makes_the_server_fault(sender: Sender) -> None:
    @BOUNDED
    @given(data=st.data())
    def send(data: st.DataObject) -> None:
        document = data.draw(spoilt(sender.envelope("inspection.create")))
        answer = sender.push(document)

        assert answer.status_code < 500, document
        if answer.status_code >= 400:
            assert answer.content_type == "application/problem+json"

    send()
