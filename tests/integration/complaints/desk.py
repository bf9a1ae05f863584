"""A desk of complaints around one community, and residents before it, all over HTTP."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from redis import Redis
from sqlalchemy import text

from server.auth.actor import Actor
from server.wiring import JOBS, PERIODIC
from server.work import Work
from tests.build import a_person
from tests.integration.ledger.acting import Cast, a_digest

PHONE = "13812345678"
NAME = "欧阳小明"
ADDRESS = "3号楼2单元502室"
CONTACT = {"name": NAME, "phone": PHONE, "address": ADDRESS}


@dataclass
class Desk:
    """Calls of the office, of residents, and of the workers."""

    cast: Cast
    client: FlaskClient
    clerk: Actor = field(init=False)

    def __post_init__(self) -> None:
        with self.cast.county.transaction() as session:
            self.clerk = a_person(session, "intake_clerk", self.cast.dispatcher.unit_code)

    def get(self, path: str, actor: Actor | None = None, **query: Any) -> Any:
        headers = self.cast.county.bearer(actor or self.clerk)
        return self.client.get(f"/api/v1{path}", query_string=query, headers=headers)

    def post(self, path: str, body: dict[str, Any], actor: Actor | None = None) -> Any:
        headers = self.cast.county.bearer(actor or self.clerk)
        return self.client.post(f"/api/v1{path}", json=body, headers=headers)

    def public(self, path: str, body: dict[str, Any]) -> Any:
        return self.client.post(f"/api/v1/public{path}", json=body)

    def report(self, **more: Any) -> dict[str, Any]:
        """Report as a resident; return the receipt."""
        body = {
            "community_id": str(self.cast.community_id),
            "category": "parking_disorderly",
            "description": f"三辆车堵住单元门，请联系我 {PHONE}",
            "contact": CONTACT,
            **more,
        }
        answer = self.public("/complaints", body)
        assert answer.status_code == 201, answer.json
        return dict(answer.json)

    def known(self, receipt: dict[str, Any]) -> dict[str, Any]:
        """Return the complaint that a receipt is of, as the clerk sees it."""
        [one] = self.get("/complaints", text=receipt["number"]).json["items"]
        return dict(one)

    def order(self, complaint_id: str, command: str, actor: Actor | None = None, **data: Any) -> Any:
        """Give a command on the version that stands."""
        version = self.get(f"/complaints/{complaint_id}").json["version"]
        body = {"type": command, "base_version": version, "data": data}
        return self.post(f"/complaints/{complaint_id}/commands", body, actor)

    def to_transferred(self, **report: Any) -> tuple[dict[str, Any], str, UUID]:
        """Take a report to the case that it becomes; return receipt, complaint and case."""
        receipt = self.report(location=self.cast.location(), **report)
        one = self.known(receipt)["complaint_id"]
        photo = a_digest()
        self.cast.arrive(photo)
        self.order(one, "complaint.verify", finding="true")
        answer = self.order(
            one,
            "complaint.transfer",
            category="parking_disorderly",
            severity="C",
            description=f"单元门被堵，{NAME}（{PHONE}）反映",
            photos=[photo],
        )
        assert answer.status_code == 200, answer.json
        return receipt, one, UUID(answer.json["case"]["case_id"])

    def work(self, job: str, *words: str, now: datetime | None = None) -> None:
        """Do one job as a worker does."""
        county = self.cast.county
        done = JOBS[job] if job in JOBS else PERIODIC[job][0]
        with Redis.from_url(county.settings.redis_url) as redis:
            done(Work(county.database, county.settings, redis, now or datetime.now(UTC)), *words)

    def sql(self, statement: str, **given: Any) -> Any:
        """Run a statement as the product's own role; return the first value."""
        with self.cast.county.transaction() as session:
            return session.execute(text(statement), given).scalar()
