"""A round in the field: inspections with defaults, pushed as the handler of sync is handed them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text

from server.inspections.sync import COMMAND_TYPES
from sync.mutations import Mutation, Outcome
from tests.integration.ledger.acting import Cast, a_digest, a_mutation, a_sender, an_id


def version_of_checklist(cast: Cast, code: str = "T2") -> str:
    with cast.county.transaction() as session:
        found: str = session.execute(
            text("SELECT version FROM server.checklist_version WHERE code = :code AND retired_at IS NULL"),
            {"code": code},
        ).scalar_one()
    return found


def fly_wires(*instances: Mapping[str, Any]) -> dict[str, Any]:
    """Return answers of T2 with one group instance for each mapping of extras."""
    made = [
        {"count": {"value": 3}, "floor": {"value": 4}, "photos": [a_digest()], **one} for one in instances
    ]
    return {"fly_wires": {"instances": made}, "ebikes_estimate": {"value": 140}}


def inspection_data(cast: Cast, version: str, **data: Any) -> dict[str, Any]:
    return {
        "checklist": "T2",
        "checklist_version": version,
        "community_id": str(cast.community_id),
        "location": cast.location(),
        "started_at": "2026-11-20T09:00:00+08:00",
        "finished_at": "2026-11-20T09:20:00+08:00",
        "answers": fly_wires({}),
        "photos": [],
        **data,
    }


def an_inspection(cast: Cast, version: str, *, inspection_id: UUID | None = None, **data: Any) -> Mutation:
    body = inspection_data(cast, version, **data)
    return a_mutation("inspection.create", inspection_id or an_id(), body)


def push(cast: Cast, mutations: Sequence[Mutation], *, scope: Sequence[str] = ()) -> list[Outcome]:
    with cast.county.transaction() as session:
        sender = a_sender(cast.worker, scope)
        handler = COMMAND_TYPES["inspection.create"].handler
        return list(handler(session, sender, mutations, cast.later()))


def rows(cast: Cast, statement: str, **parameters: Any) -> list[dict[str, Any]]:
    with cast.county.transaction() as session:
        return [dict(row._mapping) for row in session.execute(text(statement), parameters)]
