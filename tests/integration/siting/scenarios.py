"""Builders: a planner who asks for scenarios of the demo county, and workers that do what was asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from flask.testing import FlaskClient
from redis import Redis
from sqlalchemy import text

from server.wiring import JOBS
from server.work import Work
from tests.build import County, a_person

SITING = "/api/v1/siting"
NEIGHBOURHOOD = "370831001003"


class Planner:
    """A planner with a client."""

    def __init__(
        self,
        county: County,
        client: FlaskClient,
        role: str = "planner",
        unit: str = "construction_hq",
    ) -> None:
        self.county, self.client = county, client
        with county.transaction() as session:
            self.headers = county.bearer(a_person(session, role, unit))

    def get(self, path: str) -> Any:
        return self.client.get(f"{SITING}{path}", headers=self.headers)

    def post(self, path: str, body: Any = None) -> Any:
        return self.client.post(f"{SITING}{path}", json=body, headers=self.headers)

    def told(self, method: str, address: str) -> Any:
        """The JSON of an answer at a whole address."""
        return self.client.open(address, method=method, headers=self.headers).json

    def ask(self, **changes: Any) -> Any:
        body = {"name": "一期", "neighbourhoods": [NEIGHBOURHOOD], "p": 3, "one_per_community": False}
        return self.post("/scenarios", {**body, **changes})

    def work(self, job: str, *arguments: str, later: timedelta = timedelta(0)) -> None:
        settings = self.county.settings
        with Redis.from_url(settings.redis_url) as redis:
            JOBS[job](Work(self.county.database, settings, redis, datetime.now(UTC) + later), *arguments)

    def built(self, **changes: Any) -> Any:
        """A scenario that a worker has looked at."""
        asked = self.ask(**changes)
        assert asked.status_code == 202, asked.text
        scenario_id = asked.json["scenario_id"]
        self.work("build-siting", scenario_id)
        return self.get(f"/scenarios/{scenario_id}").json

    def planned(self, **changes: Any) -> Any:
        """The plan of a scenario."""
        scenario = self.built(**changes)
        assert scenario["state"] == "built", scenario["because"]
        [plan_id] = scenario["plans"]
        self.work("solve-siting", plan_id)
        return self.get(f"/plans/{plan_id}").json

    def sql(self, statement: str, **given: Any) -> list[Any]:
        """What SQL returns, as the application's role."""
        with self.county.transaction() as session:
            return list(session.execute(text(statement), given))
