"""`community.edit`: what a worker on the spot knows better about a community."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from server.communities import field_queries as queries
from server.communities import values
from server.communities.editing import Editable, Standing
from server.communities.reading import Readers
from server.communities.service import local_day
from sync import changes

KINDS = ("commodity", "old_estate", "work_unit_compound")


def _readers(outline: BaseGeometry) -> Readers:
    return {
        "name": values.words(1, 200),
        "kind": values.one_of(*KINDS),
        "households": values.whole(0, 100_000),
        "built_year": values.maybe(values.whole(1900, 2100)),
        "warranty_until": values.maybe(values.day),
        "geometry": values.area(outline),
    }


def _load(session: Session, ids: Collection[UUID], now: datetime, *, lock: bool) -> dict[UUID, Standing]:
    day = local_day(now)
    return {
        community.community_id: Standing(
            community.community_id,
            community.version,
            queries.ended(community.valid_to, day),
            {
                "name": community.name,
                "kind": community.kind,
                "households": community.households,
                "built_year": community.built_year,
                "warranty_until": community.warranty_until.isoformat() if community.warranty_until else None,
                "geometry": orjson.loads(outline),
            },
        )
        for community, outline in queries.communities(session, ids, lock=lock)
    }


def _store(session: Session, entity_id: UUID, given: Mapping[str, Any], version: int, now: datetime) -> None:
    columns = dict(given)
    if columns.get("warranty_until"):
        columns["warranty_until"] = date.fromisoformat(columns["warranty_until"])
    queries.store_community(session, entity_id, columns, version)
    if "geometry" in columns:
        for entity, ids in queries.standing_in(session, entity_id).items():
            changes.append(session, entity, ids)


COMMUNITY = Editable("community", _readers, _load, _store, frozenset({"geometry"}))
