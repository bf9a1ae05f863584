"""One case from the report to its close-out, over HTTP, by the demo people, each with their own hands."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

import uuid6
from shapely.geometry import Point, shape

from server.simulation.pictures import Shot, draw_photo
from sync.client import Client, Line

PATIENCE_S = 120.0
CATEGORY, SEVERITY = "lift_maintenance_inadequate", "B"
ADMIN, WALKER, DISPATCHER, FIXER, LEADER = "admin", "walker", "dispatcher", "market", "leader"
FIXING_UNIT = "market_bureau"
Tell = Callable[[str], None]


class MorningFailed(Exception):
    """A step of the case did not go as it should."""


@dataclass
class Desk:
    """A person at a desk, signed in."""

    url: str
    username: str
    password: str

    @cached_property
    def client(self) -> Client:
        """Return a client with this person's tokens; people at desks use the same photo calls as tablets."""
        line = Line(self.url, patience_s=PATIENCE_S)
        given = {"username": self.username, "password": self.password}
        line.take(line.call("POST", "/api/v1/auth/login", json=given).json())
        return Client(self.url, line=line)

    def order(self, case_id: UUID, command: str, version: int, **data: Any) -> dict[str, Any]:
        """Give a command on a case and return the case."""
        told = {"type": command, "base_version": version, "data": data}
        answer: dict[str, Any] = self.client.line.call(
            "POST", f"/api/v1/cases/{case_id}/commands", json=told
        ).json()
        return answer

    def close(self) -> None:
        """Hang up, if there was a call."""
        if "client" in self.__dict__:
            self.client.close()


@dataclass
class FirstMorning:
    """The demo people and one lift."""

    url: str
    password: str
    tell: Tell = lambda line: None
    draw: random.Random = field(default_factory=lambda: random.Random(7))

    def run(self) -> dict[str, Any]:
        """Take one case to its close-out and return it.

        Raises:
            ClientError: the server refused a step. MorningFailed: a tablet's item was not applied.
        """
        desks = {name: Desk(self.url, name, self.password) for name in (ADMIN, DISPATCHER, FIXER, LEADER)}
        tablet = Client(self.url, line=Line(self.url, patience_s=PATIENCE_S))
        try:
            return self._walk(desks, tablet)
        finally:
            tablet.close()
            for desk in desks.values():
                desk.close()

    def _walk(self, desks: dict[str, Desk], tablet: Client) -> dict[str, Any]:
        self._enrol(desks[ADMIN], tablet)
        community = next(iter(tablet.store.records("community").values()))
        place = shape(community["geometry"]).representative_point()
        case_id = self._report(tablet, community, place)
        version = self._case(desks[LEADER], case_id)["version"]
        case = desks[DISPATCHER].order(
            case_id, "case.dispatch", version, unit=FIXING_UNIT, demand="三日内完成电梯维保并张贴记录"
        )
        case = desks[FIXER].order(case_id, "case.accept", case["version"])
        photo = self._photo(desks[FIXER].client, "整改后", place)
        done = {
            "done": "已完成维保，记录已张贴",
            "paid_by": "物业企业",
            "photos": [photo],
            "location": _fix(place),
        }
        case = desks[FIXER].order(case_id, "case.claim_fixed", case["version"], **done)
        self.tell("  reported, filed, dispatched to the market bureau, accepted, claimed fixed")
        me = tablet.line.call("GET", "/api/v1/me").json()
        case = desks[DISPATCHER].order(case_id, "case.assign_check", case["version"], checker=me["user_id"])
        self._check(tablet, case_id, case["version"], place)
        case = self._case(desks[LEADER], case_id)
        case = desks[LEADER].order(case_id, "case.close", case["version"])
        self.tell(f"  checked on the spot and closed: {case['number']}")
        return case

    def _enrol(self, admin: Desk, tablet: Client) -> None:
        given = {"username": WALKER}
        made = admin.client.line.call("POST", "/api/v1/devices/codes", json=given).json()
        tablet.enrol(made["enrolment_code"], name="the walker's tablet", platform="simulation")
        tablet.pull()

    def _report(self, tablet: Client, community: dict[str, Any], place: Point) -> UUID:
        case_id = UUID(str(uuid6.uuid7()))
        data = {
            "category": CATEGORY,
            "severity": SEVERITY,
            "community_id": community["community_id"],
            "location": _fix(place),
            "description": "电梯维保记录超期未张贴",
            "photos": [self._photo(tablet, "整改前", place)],
        }
        self._hand_in(tablet, "case.report", case_id, data)
        return case_id

    def _check(self, tablet: Client, case_id: UUID, version: int, place: Point) -> None:
        photo = self._photo(tablet, "核查", place)
        data = {"passed": True, "reason": "现场核查合格", "photos": [photo], "location": _fix(place)}
        self._hand_in(tablet, "case.check", case_id, data, base_version=version)

    def _hand_in(self, tablet: Client, kind: str, case_id: UUID, data: dict[str, Any], **how: Any) -> None:
        tablet.add(kind, case_id, data, **how)
        for result in tablet.push():
            if result["status"] != "applied":
                raise MorningFailed(f"{kind}: {result['status']} {result['problem']}")
        tablet.upload()
        tablet.report()

    def _photo(self, client: Client, what: str, place: Point) -> str:
        at = datetime.now(UTC)
        shot = Shot(f"{what} {at.isoformat(timespec='milliseconds')}", at, place.x, place.y)
        digest = client.keep_photo(draw_photo(shot, self.draw), "image/jpeg")
        client.upload()
        return digest

    def _case(self, desk: Desk, case_id: UUID) -> dict[str, Any]:
        found: dict[str, Any] = desk.client.line.call("GET", f"/api/v1/cases/{case_id}").json()
        return found


def _fix(place: Point) -> dict[str, Any]:
    return {"lon": round(place.x, 7), "lat": round(place.y, 7), "accuracy_m": 6.0, "datum": "wgs84"}
