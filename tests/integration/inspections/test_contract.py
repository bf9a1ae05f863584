"""What travels is what the OpenAPI file describes, for every kind of record that a county has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import text

from server import wiring
from server.fieldsync.contract import camel
from tests.integration.communities.fieldwork import Field
from tests.integration.inspections.making import an_inspection, push
from tests.integration.ledger.acting import Cast, a_mutation, an_id
from tests.unit.fieldsync.test_contract import validator

# Checklists are whole documents, tasks of two kinds; the fates of items come only after a push.
OPEN = {"checklist", "task"}
ELSEWHERE = {"outcome"}


def what_travels(cast: Cast) -> Mapping[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    with cast.county.transaction() as session:
        rows = session.execute(text("SELECT DISTINCT entity, entity_id FROM sync.bucket_entry WHERE alive"))
        ids = defaultdict(list)
        for entity, entity_id in rows:
            ids[entity].append(entity_id)
        for entity, wanted in ids.items():
            wires = wiring.TRAVELLING[entity].load(session, sorted(wanted)[:50])
            found[entity] = [orjson.loads(orjson.dumps(wire.data, default=str)) for wire in wires]
    return found


def test_every_travelling_record_is_as_described(cast: Cast, version: str) -> None:
    cast.to_checking()
    push(cast, [an_inspection(cast, version, answers={"cuts_off_when_full": {"value": "no"}})])
    field = Field(cast.county)
    field.facility()
    body = {"community_id": str(field.community_id), "location": cast.location()}
    field.push(field.worker, a_mutation("charging_site.propose", an_id(), body))
    with cast.county.client() as client:
        document: Any = client.get("/api/v1/openapi.json").json

    travelling = what_travels(cast)

    assert {*travelling, *ELSEWHERE} == set(wiring.RECORDS_DESCRIBED)
    for entity, records in travelling.items():
        checks = validator(document, f"{camel(entity)}Record")
        for one in records:
            checks.validate(one)
            assert entity in OPEN or set(one) <= set(wiring.RECORDS_DESCRIBED[entity]["properties"])
