"""The conflict list from outside: tablets push over HTTP, the office decides, the tablets are told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from server.auth import enrolment
from server.auth.actor import Actor
from tests.build import (
    NOW,
    County,
    a_community_in,
    a_person,
    a_point_in,
    a_worker,
    actor_of,
    cells_of_community,
)
from tests.integration.ledger.acting import an_id


@dataclass
class Tablet:
    """An enrolled tablet of one person."""

    client: FlaskClient
    headers: dict[str, str]
    device_id: UUID
    actor: Actor
    seq: int = 0
    sent: list[dict[str, Any]] = field(default_factory=list)

    def push(self, name: str, entity_id: UUID, data: dict[str, Any], version: int | None = None) -> Any:
        self.seq += 1
        item = {
            "mid": str(an_id()),
            "seq": self.seq,
            "type": name,
            "entity_id": str(entity_id),
            "device_time": None,
            "base_version": version,
            "depends_on": [],
            "data": data,
        }
        self.sent.append(item)
        body = {"batch_id": "b", "device_id": str(self.device_id), "first_seq": self.seq, "mutations": [item]}
        answer = self.client.post("/sync/v1/push", json=body, headers=self.headers)
        assert answer.status_code == 200, answer.json
        return answer.json["results"][0]  # type: ignore[index]  # an answer has JSON

    def outcomes(self) -> list[dict[str, Any]]:
        page: Any = self.client.get("/sync/v1/pull?limit=5000", headers=self.headers).json
        return [op["data"] for op in page["ops"] if op["entity"] == "outcome" and op["op"] == "put"]


class Office:
    """A community, two tablets of its cell, and the shift leader."""

    def __init__(self, county: County, client: FlaskClient) -> None:
        self.county, self.client = county, client
        with county.transaction() as session:
            self.community_id = a_community_in(session, company=True)
            cell = cells_of_community(session, self.community_id)[0]
            lon, lat = a_point_in(session, self.community_id)
            self.here = {"lon": round(lon, 7), "lat": round(lat, 7)}
            workers = [a_worker(session, [cell]), a_worker(session, [cell])]
            street = actor_of(session, workers[0].user_id).unit_code
            self.leader = a_person(session, "shift_leader", street)
            self.stranger = a_person(session, "shift_leader", "jihe_subdistrict")
        self.one, self.two = (self._tablet(worker) for worker in workers)

    def _tablet(self, actor: Actor) -> Tablet:
        with self.county.transaction() as session:
            made = enrolment.make_code(session, username=actor.username, actor=None, now=datetime.now(UTC))
        device_id = an_id()
        told = {"device_id": str(device_id), "enrolment_code": made.enrolment_code, "name": "t"}
        tokens: Any = self.client.post("/sync/v1/devices", json=told).json
        return Tablet(self.client, {"Authorization": f"Bearer {tokens['access_token']}"}, device_id, actor)

    def facility(self) -> UUID:
        facility_id = an_id()
        body = {
            "community_id": str(self.community_id),
            "kind": "lift",
            "name": "1号梯",
            "location": self.here,
        }
        assert self.one.push("facility.create", facility_id, body)["status"] == "applied"
        return facility_id

    def edit(self, tablet: Tablet, facility_id: UUID, **fields: tuple[Any, Any]) -> Any:
        told = {name: {"old": old, "new": new} for name, (old, new) in fields.items()}
        return tablet.push("facility.edit", facility_id, {"fields": told})

    def conflicts(self, who: Actor | None = None, **query: Any) -> Any:
        headers = self.county.bearer(who or self.leader)
        return self.client.get("/api/v1/sync/conflicts", query_string=query, headers=headers)

    def listed(self, **query: Any) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.conflicts(**query).json["items"]
        return items

    def waiting(self) -> int:
        answer: Any = self.client.get("/api/v1/sync/desks", headers=self.county.bearer(self.leader))
        return int(answer.json["conflicts"])

    def resolve(self, conflict_id: str, who: Actor | None = None, **choice: Any) -> Any:
        headers = self.county.bearer(who or self.leader)
        told = {"reason": "现场核对", **choice}
        return self.client.post(f"/api/v1/sync/conflicts/{conflict_id}/resolve", json=told, headers=headers)

    def disputed_name(self) -> tuple[UUID, dict[str, Any]]:
        facility_id = self.facility()
        self.edit(self.one, facility_id, name=("1号梯", "东侧梯"))
        assert self.edit(self.two, facility_id, name=("1号梯", "一号电梯"))["status"] == "merged"
        [line] = self.listed(entity_id=str(facility_id))
        return facility_id, line

    def name_of(self, facility_id: UUID) -> tuple[str, int]:
        with self.county.transaction() as session:
            row = session.execute(
                text("SELECT name, version FROM geo.facility WHERE facility_id = :id"), {"id": facility_id}
            ).one()
        return row[0], row[1]


@pytest.fixture
def office(county: County) -> Iterator[Office]:
    with county.client() as client:
        yield Office(county, client)


@pytest.mark.parametrize(
    ("choice", "name", "version"),
    [
        ({"choose": "current"}, "一号电梯", 3),
        ({"choose": "other"}, "东侧梯", 4),
        ({"choose": "value", "value": "1号楼电梯"}, "1号楼电梯", 4),
    ],
)
def test_the_office_decides_and_the_tablet_hears_of_it(
    office: Office, choice: dict[str, Any], name: str, version: int
) -> None:
    facility_id, line = office.disputed_name()
    assert line["name"] == "一号电梯"
    assert office.waiting() == 1
    assert (line["sent"], line["stood"], line["other"], line["current"]) == (
        "一号电梯",
        "东侧梯",
        "东侧梯",
        "一号电梯",
    )

    answer = office.resolve(line["conflict_id"], **choice)

    assert answer.status_code == 200
    assert answer.json["resolution"]["choose"] == choice["choose"]
    assert office.waiting() == 0
    assert office.name_of(facility_id) == (name, version)
    [told] = office.two.outcomes()
    assert (told["mid"], told["status"]) == (office.two.sent[-1]["mid"], "merged")
    assert told["problem"]["type"] == "/problems/office-resolved"
    assert not office.listed(resolved="false")
    with office.county.transaction() as session:
        assert (
            session.execute(
                text("SELECT count(*) FROM server.audit_line WHERE action = 'conflict.resolve'")
            ).scalar()
            == 1
        )


def test_a_conflict_is_decided_once(office: Office) -> None:
    facility_id, line = office.disputed_name()
    office.resolve(line["conflict_id"], choose="current")

    again = office.resolve(line["conflict_id"], choose="other")

    assert (again.status_code, again.json["type"]) == (409, "/problems/already-resolved")
    assert office.name_of(facility_id) == ("一号电梯", 3)


@pytest.mark.parametrize(
    ("choice", "stands"),
    [
        ({"choose": "other"}, {"stops": 11, "remark": "东侧"}),
        ({"choose": "value", "value": 12}, {"stops": 12, "remark": "东侧"}),
        ({"choose": "value", "value": None}, {"remark": "东侧"}),
    ],
)
def test_of_facts_only_the_one_that_both_told_is_decided(
    office: Office, choice: dict[str, Any], stands: dict[str, Any]
) -> None:
    facility_id = office.facility()
    office.edit(office.one, facility_id, attributes=({}, {"stops": 11}))
    office.edit(office.one, facility_id, attributes=({"stops": 11}, {"stops": 11, "remark": "东侧"}))
    assert office.edit(office.two, facility_id, attributes=({}, {"stops": 10}))["status"] == "merged"
    [line] = office.listed(entity_id=str(facility_id))
    assert (line["field"], line["fact"]) == ("attributes", "stops")
    assert (line["sent"], line["stood"], line["current"]) == (10, 11, 10)
    refused = office.resolve(line["conflict_id"], choose="value", value={"deep": 1})
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/value")

    answer = office.resolve(line["conflict_id"], **choice)

    assert answer.status_code == 200, answer.json
    assert answer.json["current"] == stands.get("stops")
    with office.county.transaction() as session:
        sql = text("SELECT attributes FROM geo.facility WHERE facility_id = :id")
        assert session.execute(sql, {"id": facility_id}).scalar() == stands


def test_a_moved_shape_that_was_not_done_can_be_done_by_the_office(office: Office) -> None:
    facility_id = office.facility()
    there, yonder = ({**office.here, "lon": office.here["lon"] + east} for east in (0.0001, 0.0002))
    office.edit(office.one, facility_id, location=(office.here, there))
    assert office.edit(office.two, facility_id, location=(office.here, yonder))["status"] == "conflict"
    [line] = office.listed(entity="facility", field="location")
    assert line["kind"] == "geometry"
    assert line["current"]["lon"] == pytest.approx(there["lon"])

    answer = office.resolve(line["conflict_id"], choose="other")

    assert answer.json["current"]["lon"] == pytest.approx(yonder["lon"])


def test_an_item_that_met_a_newer_state_is_listed_as_a_whole(office: Office) -> None:
    facility_id = office.facility()
    told = {"community_id": str(office.community_id), "name": "另一个"}
    assert office.two.push("facility.create", facility_id, told)["status"] == "conflict"

    [line] = office.listed(user_id=str(office.two.actor.user_id))

    assert (line["kind"], line["type"], line["payload"]) == ("item", "facility.create", told)
    assert line["current"]["name"] == "1号梯"
    refused = office.resolve(line["conflict_id"], choose="other")
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (422, "/choose")
    assert office.resolve(line["conflict_id"], choose="current").status_code == 200


def test_what_cannot_be_decided_is_refused_with_its_place(office: Office) -> None:
    _, line = office.disputed_name()
    conflict_id = line["conflict_id"]

    cases: tuple[tuple[dict[str, Any], str], ...] = (
        ({"choose": "value", "value": ""}, "/value"),
        ({"choose": "value"}, "/value"),
        ({"choose": "other", "value": "x"}, "/value"),
        ({"choose": "best"}, "/choose"),
        ({"choose": "current", "reason": " "}, "/reason"),
    )
    for choice, pointer in cases:
        answer = office.resolve(conflict_id, **choice)
        assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, pointer), choice
    assert office.resolve(str(uuid4()), choose="current").status_code == 404


def test_the_list_is_for_the_streets_shift_leader(office: Office) -> None:
    _, line = office.disputed_name()

    assert office.conflicts(office.one.actor).status_code == 403
    assert office.conflicts(office.stranger).json["items"] == []
    assert office.resolve(line["conflict_id"], office.stranger, choose="current").status_code == 404


def test_the_list_turns_pages(office: Office) -> None:
    facility_id = office.facility()
    for number in range(3):
        office.edit(office.one, facility_id, name=("1号梯", f"{number}"))
        office.edit(office.two, facility_id, name=("1号梯", f"{number} 号"))

    first = office.conflicts(limit=3).json
    rest = office.conflicts(limit=3, cursor=first["next"]).json

    assert [len(page["items"]) for page in (first, rest)] == [3, 2]
    assert rest["next"] is None
    assert office.conflicts(cursor="x").status_code == 400


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE sync.conflict SET sent = '1'",
        "DELETE FROM sync.conflict",
        "UPDATE sync.conflict_resolution SET choose = 'other'",
        "DELETE FROM sync.conflict_resolution",
    ],
)
def test_the_list_is_never_rewritten_not_even_by_its_owner(office: Office, sql: str) -> None:
    _, line = office.disputed_name()
    office.resolve(line["conflict_id"], choose="current")

    with pytest.raises(IntegrityError, match="append-only"), office.county.owner() as session:
        session.execute(text(sql))
    with pytest.raises(DBAPIError, match="permission denied"), office.county.transaction() as session:
        session.execute(text(sql))


def test_a_resolution_without_a_reason_or_a_second_one_is_refused_by_the_database(office: Office) -> None:
    _, line = office.disputed_name()
    insert = (
        "INSERT INTO sync.conflict_resolution (conflict_id, choose, reason, user_id, unit_code, resolved_at)"
        " VALUES (:id, 'current', :reason, :id, 'u', :now)"
    )

    def decide(reason: str) -> None:
        with office.county.transaction() as session:
            told = {"id": line["conflict_id"], "reason": reason, "now": NOW}
            session.execute(text(insert), told)

    with pytest.raises(IntegrityError):
        decide(" ")
    decide("a")
    with pytest.raises(IntegrityError):
        decide("b")
