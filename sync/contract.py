"""The words in which rooms describe what they send to tablets and take from them.

Everything here is JSON Schema as OpenAPI 3.0 writes it: `nullable` instead of the type null. What is
described is what a tablet should send; the readers take more, and warn of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Schema = dict[str, Any]

ANYTHING: Schema = {}
ID: Schema = {"type": "string", "format": "uuid"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
DAY: Schema = {"type": "string", "format": "date"}
FLAG: Schema = {"type": "boolean"}
NUMBER: Schema = {"type": "number"}
SHA256: Schema = {"type": "string", "pattern": "^[0-9a-fA-F]{64}$", "description": "SHA-256 in hex"}


def words(most: int | None = None, least: int = 0) -> Schema:
    """Return the schema of a text of so many characters."""
    return {"type": "string"} | _limits("Length", least or None, most)


def whole(least: int | None = None, most: int | None = None) -> Schema:
    """Return the schema of a whole number within a range, both ends included."""
    return {"type": "integer"} | _limits("imum", least, most)


def one_of(*choices: str) -> Schema:
    """Return the schema of one of these texts."""
    return {"type": "string", "enum": list(choices)}


def maybe(schema: Schema) -> Schema:
    """Return the schema of the same value or null."""
    choices = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return {**schema, **choices, "nullable": True}


def many(schema: Schema, most: int | None = None) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": schema} | ({} if most is None else {"maxItems": most})


def record(required: str = "", **properties: Schema) -> Schema:
    """Return the schema of an object; `required` names, with spaces, the members that must be there."""
    needed = {"required": required.split()} if required else {}
    return {"type": "object", "properties": properties, **needed}


def by_name(schema: Schema, says: str) -> Schema:
    """Return the schema of an object with names of any kind, all of whose values are alike."""
    return {"type": "object", "additionalProperties": schema, "description": says}


def told(schema: Schema, description: str) -> Schema:
    """Return the schema with a sentence for whoever builds a tablet."""
    return {**schema, "description": description}


def shown(schema: Schema, **example: Any) -> Schema:
    """Return the schema with an example that it describes."""
    return {**schema, "example": example}


def edited(fields: Mapping[str, Schema], **example: Any) -> Schema:
    """Return the schema of an edit of these fields: `{fields: {name: {old, new}}}`."""
    changes = {name: record("old new", old=ANYTHING, new=schema) for name, schema in fields.items()}
    named = told(record("", **changes) | {"minProperties": 1}, "What the tablet saw and what it puts there.")
    return shown(record("fields", fields=named), fields=example)


def _limits(ending: str, least: int | None, most: int | None) -> Schema:
    given = {f"min{ending}": least, f"max{ending}": most}
    return {name: value for name, value in given.items() if value is not None}


PLACE = record("lon lat", lon=NUMBER, lat=NUMBER)
LOCATION = told(
    record(
        "lon lat",
        lon={"type": "number", "minimum": -180, "maximum": 180},
        lat={"type": "number", "minimum": -90, "maximum": 90},
        accuracy_m=maybe({"type": "number", "minimum": 0}),
        datum=one_of("wgs84", "cgcs2000", "gcj02", "bd09"),
        provider=words(),
        mock=FLAG,
    ),
    "Degrees in `datum` (WGS 84 unless it says another); `accuracy_m` is the radius of the circle of error.",
)
SHAPE = told(
    record("type coordinates", type=words(), coordinates=many(ANYTHING)), "A GeoJSON geometry in WGS 84."
)
EVIDENCE = told(
    record("expected received missing", expected=whole(0), received=whole(0), missing=whole(0)),
    "How many photos the record names, how many are there, how many are missing.",
)

COMMANDS: dict[str, Schema] = {
    "device.gap": shown(
        record("from to reason", **{"from": whole(1), "to": whole(1), "reason": words(500, 1)}),
        **{"from": 41, "to": 43, "reason": "storage damaged"},
    )
}
ENTITIES: dict[str, Schema] = {
    "outcome": told(
        record(
            "mid device_id seq type entity_id status version problem used_twice at",
            mid=ID,
            device_id=ID,
            seq=whole(1),
            type=maybe(words()),
            entity_id=maybe(ID),
            status=one_of("applied", "merged", "conflict", "held", "quarantined", "rejected"),
            version=maybe(whole(0)),
            problem=maybe({"type": "object"}),
            used_twice=FLAG,
            at=MOMENT,
        ),
        "What became of an item after its first answer; `used_twice`: its mid or seq stood for another item.",
    )
}
