"""Every record that tablets make or change says when that was, by their clock and corrected."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from server.auth.actor import Actor
from tests.integration.fieldsync.test_held_work import a_tablet, cast, client, work
from tests.integration.ledger.acting import Cast, a_digest, an_id
from tests.integration.sync.pushing import an_item

__all__ = ["cast", "client"]

AHEAD = timedelta(minutes=90)


def push_by_a_wrong_clock(
    cast: Cast, client: FlaskClient, tablet: Actor, *items: dict[str, Any]
) -> list[dict[str, Any]]:
    """Push from a tablet whose clock is 90 minutes ahead, a minute after the work was done."""
    wall = datetime.now(UTC) + AHEAD
    for item in items:
        item["device_time"] = (wall - timedelta(minutes=1)).isoformat()
    told = {
        "device_id": str(tablet.device_id),
        "first_seq": items[0]["seq"],
        "clock": {"wall": wall.isoformat(), "monotonic_ms": 600_000, "boot_id": "b"},
        "mutations": list(items),
    }
    answer: Any = client.post("/sync/v1/push", json=told, headers=cast.county.bearer(tablet))
    assert [one["status"] for one in answer.json["results"]] == ["applied"] * len(items), answer.json
    found: list[dict[str, Any]] = answer.json["results"]
    return found


def data_for(cast: Cast, kind: str) -> dict[str, Any]:
    place = {"community_id": str(cast.community_id), "location": cast.location()}
    known: dict[str, dict[str, Any]] = {
        "complaint.create": {**place, "description": "电梯多次困人"},
        "facility.create": {**place, "kind": "lift", "name": "1号梯"},
        "track.append": {"points": [{**cast.location(), "at": "2026-11-20T09:00:00+08:00"}]},
    }
    return known[kind]


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("complaint.create", "/api/v1/complaints"),
        ("facility.create", "/api/v1/facilities?kind=lift"),
        ("track.append", "/api/v1/tracks"),
    ],
)
def test_a_record_tells_when_the_tablet_made_it(
    cast: Cast, client: FlaskClient, kind: str, path: str
) -> None:
    tablet = a_tablet(cast)
    item = an_item(1, type=kind, data=data_for(cast, kind))
    push_by_a_wrong_clock(cast, client, tablet, item)

    answer: Any = client.get(path, headers=cast.county.bearer(cast.worker))

    made = [one for record in answer.json["items"] for one in record["tablets"]]
    assert [(one["command"], one["device_id"]) for one in made] == [(kind, str(tablet.device_id))]
    assert_corrected(made[0])


def assert_corrected(made: dict[str, Any]) -> None:
    sent, true = (datetime.fromisoformat(made[name]) for name in ("device_time", "corrected_at"))
    assert abs(sent - true - AHEAD) < timedelta(seconds=60)
    assert abs(made["skew_ms"] / 1000 - AHEAD.total_seconds()) < 60
    assert made["confidence"] in ("good", "shifted", "doubtful")
    assert made["received_at"] == made["done_at"]


def test_entries_of_a_history_tell_which_tablet_made_them(cast: Cast, client: FlaskClient) -> None:
    tablet = a_tablet(cast)
    case_id = str(an_id())
    report = {
        "category": "parking_disorderly",
        "community_id": str(cast.community_id),
        "location": cast.location(),
        "photos": [a_digest()],
    }
    note = an_item(2, type="case.note", entity_id=case_id, data={"text": "业主已联系维修"})
    push_by_a_wrong_clock(
        cast, client, tablet, an_item(1, type="case.report", entity_id=case_id, data=report), note
    )
    office = cast.county.bearer(cast.shift_leader)
    seen: Any = client.get(f"/api/v1/cases/{case_id}", headers=office)
    told = {"type": "case.note", "base_version": seen.json["version"], "data": {"text": "办公室已知"}}
    assert client.post(f"/api/v1/cases/{case_id}/commands", json=told, headers=office).status_code == 200

    answer: Any = client.get(f"/api/v1/cases/{case_id}/history", headers=office)

    entries = [(one["command"], one["tablet"]) for one in answer.json["items"]]
    by_tablet = [command for command, made in entries if made is not None]
    assert by_tablet == ["case.report", "case.note"]
    assert entries[-1] == ("case.note", None)
    for made in (one for _, one in entries if one is not None):
        assert_corrected(made)


def test_what_was_held_was_done_later_than_it_was_received(cast: Cast, client: FlaskClient) -> None:
    tablet = a_tablet(cast)
    late = an_item(2, type="facility.create", data=data_for(cast, "facility.create"))
    edit = an_item(
        1,
        type="facility.edit",
        entity_id=late["entity_id"],
        data={"fields": {"name": {"old": "1号梯", "new": "2号梯"}}},
    )
    told: dict[str, Any] = {"device_id": str(tablet.device_id), "first_seq": 1, "mutations": [edit, late]}
    pushed: Any = client.post("/sync/v1/push", json=told, headers=cast.county.bearer(tablet))
    work(cast)

    answer: Any = client.get("/api/v1/facilities?kind=lift", headers=cast.county.bearer(cast.worker))

    assert [one["status"] for one in pushed.json["results"]] == ["held", "applied"]
    [lift] = [one for one in answer.json["items"] if one["facility_id"] == late["entity_id"]]
    assert (lift["name"], lift["version"]) == ("2号梯", 2)
    assert [one["command"] for one in lift["tablets"]] == ["facility.create", "facility.edit"]
    assert lift["tablets"][1]["done_at"] > lift["tablets"][1]["received_at"]
