"""The OpenAPI file describes every command and every travelling record as its room reads and writes it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from shapely import box

from server import wiring
from server.app import create_app
from server.communities import facilities
from server.complaints import intake as complaints
from server.complaints import lifecycle as complaint_lifecycle
from server.fieldsync.contract import camel
from server.inspections import reading, tracks
from server.ledger import command_data, reports
from server.siting import proposals
from sync.gaps import GAP
from tests.build import settings_for

COUNTY = box(117, 35.3, 117.7, 36)
CASES = {
    name: {*fields, *(("location",) if name in command_data.PLACED else ())}
    for name, fields in command_data.FIELDS.items()
    if name in wiring.COMMAND_TYPES
}
READ: Mapping[str, set[str]] = {
    **CASES,
    "case.report": set(reports.KNOWN),
    "inspection.create": set(reading.KNOWN),
    "inspection.correct": {*reading.KNOWN, "corrects"},
    "track.append": set(tracks.KNOWN),
    "complaint.create": set(complaints.KNOWN),
    "complaint.verify": set(complaint_lifecycle.known("complaint.verify")),
    "facility.create": set(facilities.new_readers(COUNTY)),
    "charging_site.propose": {*proposals.new_readers(COUNTY), "photos"},
    "photo.attach": {"photos"},
    GAP: {"from", "to", "reason"},
}


def plain(schema: Any) -> Any:
    """Return an OpenAPI 3.0 schema as JSON Schema, which knows no `nullable`."""
    if isinstance(schema, list):
        return [plain(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {name: plain(one) for name, one in schema.items() if name not in ("nullable", "example")}
    return {"anyOf": [inner, {"type": "null"}]} if schema.get("nullable") else inner


def validator(document: Mapping[str, Any], name: str) -> Any:
    """Return what checks values against a component of the OpenAPI file."""
    schema = {"$ref": f"#/components/schemas/{name}", "components": plain(document["components"])}
    return jsonschema_rs.validator_for(schema, validate_formats=True)


@pytest.fixture(scope="module")
def document() -> Mapping[str, Any]:
    nowhere = settings_for("postgresql+psycopg2:///nowhere", "", "redis://localhost:1", Path("photos"))
    app = create_app(nowhere)
    answer = app.test_client().get("/api/v1/openapi.json")
    found: Mapping[str, Any] = answer.json or {}
    return found


def an_item(kind: str, data: Any) -> dict[str, Any]:
    mid = "01980000-0000-7000-8000-000000000001"
    return {"mid": mid, "seq": 1, "type": kind, "entity_id": mid, "depends_on": [], "data": data}


def test_every_command_and_every_entity_is_described() -> None:
    assert set(wiring.COMMANDS_DESCRIBED) == {*wiring.COMMAND_TYPES, GAP}
    assert set(wiring.RECORDS_DESCRIBED) == set(wiring.TRAVELLING)


@pytest.mark.parametrize("kind", sorted(READ))
def test_what_a_command_reads_is_what_is_described(kind: str) -> None:
    assert set(wiring.COMMANDS_DESCRIBED[kind]["properties"]) == READ[kind]


@pytest.mark.parametrize("entity", sorted(wiring.EDITABLE))
def test_every_field_that_can_be_edited_is_described(entity: str) -> None:
    described = wiring.COMMANDS_DESCRIBED[f"{entity}.edit"]["properties"]["fields"]["properties"]

    assert set(described) == set(wiring.EDITABLE[entity].readers(COUNTY))


def test_no_command_is_left_out_of_these_tests() -> None:
    edits = {f"{entity}.edit" for entity in wiring.EDITABLE}

    assert {*READ, *edits} == set(wiring.COMMANDS_DESCRIBED)


@pytest.mark.parametrize("kind", sorted(wiring.COMMANDS_DESCRIBED))
def test_each_example_is_what_the_file_describes(document: Mapping[str, Any], kind: str) -> None:
    item = an_item(kind, wiring.COMMANDS_DESCRIBED[kind]["example"])

    validator(document, "Mutation").validate(item)


def test_an_item_is_described_by_its_type(document: Mapping[str, Any]) -> None:
    checks = validator(document, "Mutation")

    assert not checks.is_valid(an_item("inspection.create", {"text": "no inspection"}))
    assert not checks.is_valid(an_item("track.append", {"points": []}))
    assert not checks.is_valid(an_item("case.check", {"passed": True}))


def test_the_body_of_a_push_and_the_page_of_a_pull_point_there(document: Mapping[str, Any]) -> None:
    schemas = document["components"]["schemas"]

    assert schemas["Envelope"]["properties"]["mutations"]["items"]["$ref"].endswith("/Mutation")
    assert schemas["PullPage"]["properties"]["ops"]["items"]["$ref"].endswith("/Operation")
    assert set(schemas["Mutation"]["discriminator"]["mapping"]) == set(wiring.COMMANDS_DESCRIBED)


def test_every_reference_leads_somewhere(document: Mapping[str, Any]) -> None:
    known = set(document["components"]["schemas"])

    assert set(re.findall(r"'#/components/schemas/([^']+)'", str(document))) <= known


@pytest.mark.parametrize(
    ("name", "component"),
    [("inspection.create", "InspectionCreate"), ("charging_site.edit", "ChargingSiteEdit")],
)
def test_names_become_components(name: str, component: str) -> None:
    assert camel(name) == component
