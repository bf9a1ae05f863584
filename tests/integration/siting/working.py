"""The units of measure 14 around two sites of one community, and what each of them does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import uuid6
from sqlalchemy import text

from server.auth.actor import Actor
from server.communities.service import local_day
from server.siting import queries as sites
from server.siting.plans.tables import SitingPlan
from server.siting.works import service, taking
from tests.build import NOW, County, a_person, a_point_in
from tests.integration.governance.voting import Voting, a_voting

Told = Mapping[str, Any]


@dataclass
class Working:
    """Planner, street, bureaus and power company; `voting` runs the votes of the same community."""

    county: County
    voting: Voting
    planner: Actor
    street: Actor
    fire: Actor
    power: Actor
    housing: Actor
    clock: datetime = field(default=NOW)

    @property
    def today(self) -> str:
        return local_day(self.clock).isoformat()

    def site(self, name: str = "北门车棚") -> UUID:
        """Store a proposed site of the community."""
        site_id = UUID(int=uuid6.uuid7().int)
        with self.county.transaction() as session:
            lon, lat = a_point_in(session, self.voting.community_id)
            columns = {"community_id": self.voting.community_id, "name": name, "status": "proposed"}
            given = {**columns, "location": {"lon": lon, "lat": lat}, "proposed_at": self.clock, "note": ""}
            sites.insert_site(session, {**given, "site_id": site_id, "charging_ports": 20})
        return site_id

    def taken(self, *site_ids: UUID) -> list[dict[str, Any]]:
        """Take up work on sites, one of its own where none is named."""
        with self.county.transaction() as session:
            wanted = list(site_ids) or [self.site()]
            return taking.take_up_sites(session, wanted, actor=self.planner, now=self.clock)

    def order(self, actor: Actor, command: str, *works: Told, **data: Any) -> dict[str, Any]:
        """Give a command on works as they now stand; return the first as it then stands."""
        ids = [UUID(str(one["work_id"])) for one in works]
        with self.county.transaction() as session:
            seen = service.of_ids(session, ids, actor=self.planner, now=self.clock)
            orders = [(UUID(one["work_id"]), one["version"]) for one in seen]
            service.obey(session, orders, command=command, data=data, actor=actor, now=self.clock)
            return service.show(session, ids[0], actor=self.planner, now=self.clock)

    def deeds(self, vote: Told | None = None) -> list[tuple[Actor, str, dict[str, Any]]]:
        """Return the whole way of measure 14: who does what, with which data."""
        day, later = self.today, (local_day(self.clock) + timedelta(60)).isoformat()
        consulted = {"vote_id": str(vote["vote_id"])} if vote else {"waived_because": "公共停车场，无需表决"}
        return [
            (
                self.street,
                "work.meet",
                {
                    "held_on": day,
                    "place": "街道会议室",
                    "chair": "张某",
                    "participants": ["县自然资源和规划局", "县应急管理局", "县供电公司"],
                    "decisions": "同意点位",
                },
            ),
            (self.street, "work.consult", consulted),
            (self.fire, "work.fire_review", {"agreed": True, "reviewed_on": day, "opinion": "配灭火器"}),
            (
                self.power,
                "work.power_reply",
                {
                    "agreed": True,
                    "replied_on": day,
                    "spare_kva": 80,
                    "connect_by": later,
                    "document_no": "供电〔2026〕7号",
                },
            ),
            (
                self.street,
                "work.invest",
                {
                    "investor": "某充电有限公司",
                    "contract_no": "HT-1",
                    "contract_on": day,
                    "amount_yuan": 80000,
                    "investor_share_percent": 100,
                },
            ),
            (self.street, "work.begin", {"begun_on": day, "expected_on": later, "builder": "某电力工程公司"}),
            (
                self.street,
                "work.complete",
                {"in_service_on": day, "charging_ports": 24, "acceptance": "验收合格"},
            ),
        ]

    def walked(self, steps: int, work: Told | None = None, vote: Told | None = None) -> dict[str, Any]:
        """Take a work so many steps of its way."""
        now = dict(work or self.taken()[0])
        for actor, command, data in self.deeds(vote)[:steps]:
            now = self.order(actor, command, now, **data)
        return now

    def plan(self, *, with_far: bool = False) -> UUID:
        """Store a solved plan: a new site, one that stands, one that was proposed, and one in a field."""
        site = (
            "SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_Transform(ST_PointOnSurface(geom), 4548) AS p"
            " FROM geo.community WHERE community_id = :id) AS inside"
        )
        x, y = self.one(site, id=self.voting.community_id)
        proposed = self.site("东门")
        chosen = [
            {"id": "g1", "x": x, "y": y, "existing": False},
            {"id": "f9", "x": x, "y": y, "existing": True},
            {"id": f"s{proposed}", "x": x, "y": y, "existing": False},
            *([{"id": "far", "x": x + 30_000, "y": y, "existing": False}] if with_far else []),
        ]
        plan_id = UUID(int=proposed.int + 1)
        with self.county.transaction() as session:
            session.add(
                SitingPlan(
                    plan_id=plan_id,
                    name="一期",
                    problem={"crs": "EPSG:4548", "candidates": []},
                    state="solved",
                    plan={"sites": chosen},
                    stop_asked=False,
                    asked_by=self.planner.user_id,
                    asked_at=self.clock,
                    begun_at=self.clock,
                    finished_at=self.clock,
                )
            )
        return plan_id

    def one(self, sql: str, **given: Any) -> Any:
        with self.county.transaction() as session:
            return session.execute(text(sql), given).one()


def a_working(county: County) -> Working:
    """Return the units of measure 14 around one community."""
    voting = a_voting(county)
    with county.transaction() as session:
        planner = a_person(session, "planner", "natural_resources_bureau")
        fire = a_person(session, "department", "emergency_bureau")
        power = a_person(session, "utility", "power_company")
        housing = a_person(session, "department", "housing_bureau")
    return Working(county, voting, planner, voting.chief, fire, power, housing)
