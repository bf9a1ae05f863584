"""Two workers of one cell, a community in it, and pushes straight into the handlers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import text

from server.auth.actor import Actor
from server.wiring import COMMAND_TYPES
from sync.entity import cell_bucket
from sync.mutations import Mutation, Outcome
from tests.build import NOW, County, a_community_in, a_point_in, a_worker, cells_of_community
from tests.integration.ledger.acting import a_mutation, a_sender, an_id


class Field:
    """Two workers of one cell, a community in it, and pushes straight into the handlers."""

    def __init__(self, county: County) -> None:
        self.county = county
        with county.transaction() as session:
            self.community_id = a_community_in(session, company=True)
            self.cell = cells_of_community(session, self.community_id)[0]
            self.point = a_point_in(session, self.community_id)
            self.worker = a_worker(session, [self.cell])
            self.other = a_worker(session, [self.cell])

    def push(self, actor: Actor, *mutations: Mutation, scope: bool = True) -> list[Outcome]:
        with self.county.transaction() as session:
            sender = a_sender(actor, [cell_bucket(self.cell)] if scope else [])
            return list(COMMAND_TYPES[mutations[0].type].handler(session, sender, mutations, NOW))

    def edit(
        self,
        name: str,
        entity_id: UUID,
        fields: Mapping[str, Any],
        actor: Actor | None = None,
        version: int | None = None,
    ) -> Outcome:
        told = {key: {"old": old, "new": new} for key, (old, new) in fields.items()}
        [outcome] = self.push(actor or self.worker, a_mutation(name, entity_id, {"fields": told}, version))
        return outcome

    def facility(self, **data: Any) -> tuple[UUID, Outcome]:
        facility_id = an_id()
        lon, lat = self.point
        body = {
            "community_id": str(self.community_id),
            "kind": "lift",
            "name": "1号梯",
            "location": {"lon": lon, "lat": lat},
            **data,
        }
        [outcome] = self.push(self.worker, a_mutation("facility.create", facility_id, body))
        return facility_id, outcome

    def one(self, sql: str, **values: Any) -> Any:
        with self.county.transaction() as session:
            return session.execute(text(sql), values).one()

    def listed(self, entity_id: UUID) -> list[tuple[str, str, Any, Any, Any]]:
        with self.county.transaction() as session:
            rows = session.execute(
                text(
                    "SELECT kind, field, old, sent, stood FROM sync.conflict"
                    " WHERE entity_id = :id ORDER BY field"
                ),
                {"id": entity_id},
            )
            return [tuple(row) for row in rows]


def assert_refused(outcome: Outcome, pointer: str) -> None:
    assert outcome.status == "rejected"
    assert outcome.problem is not None
    fault, *_ = [one for one in outcome.problem["errors"] if one["pointer"].startswith(pointer)]
    assert fault["detail"]
    assert fault["detail_zh"]
