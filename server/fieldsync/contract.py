"""The public contract in the OpenAPI file: every command that may be sent, every record that travels.

The push itself does not validate by it: an odd optional value is a warning there, never a refusal.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_smorest import Api

from sync.contract import Schema, one_of, record, words

_UNKNOWN = "A command that the server does not know yet is `held`, not refused."


def describe(api: Api, commands: Mapping[str, Schema], entities: Mapping[str, Schema]) -> None:
    """Let the OpenAPI file say what `data` is, by the command's type and by the record's entity."""
    schemas: dict[str, Any] = api.spec.components.schemas
    schemas["MutationHead"] = _without_data(schemas["Mutation"])
    for name, schema in commands.items():
        schemas[f"{camel(name)}Data"] = schema
        schemas[f"{camel(name)}Mutation"] = _mutation(name)
    schemas["Mutation"] = {
        "oneOf": [_ref(f"{camel(name)}Mutation") for name in commands],
        "discriminator": {
            "propertyName": "type",
            "mapping": {name: _ref(f"{camel(name)}Mutation")["$ref"] for name in commands},
        },
        "description": _UNKNOWN,
    }
    head = _without_data(schemas["Operation"])
    for name, schema in entities.items():
        schemas[f"{camel(name)}Record"] = schema
        schemas[f"{camel(name)}Put"] = _put(head, name)
    schemas["Operation"] = {"anyOf": [*(_ref(f"{camel(name)}Put") for name in entities), _ref("Removal")]}
    schemas["Removal"] = _removal(head)


def camel(name: str) -> str:
    """Return a name of the wire as a component is called: `charging_site.edit` is `ChargingSiteEdit`."""
    return "".join(part.capitalize() for part in name.replace(".", "_").split("_"))


def _mutation(name: str) -> Schema:
    own = record("type data", type=one_of(name), data=_ref(f"{camel(name)}Data"))
    return {"allOf": [_ref("MutationHead"), own]}


def _put(head: Schema, name: str) -> Schema:
    own = {
        **head["properties"],
        "op": one_of("put"),
        "entity": one_of(name),
        "data": _ref(f"{camel(name)}Record"),
    }
    return record("op bucket entity id version rev data", **own)


def _removal(head: Schema) -> Schema:
    own = {**head["properties"], "op": one_of("tombstone", "evict"), "entity": words()}
    return record("op bucket", **own) | {
        "description": "`tombstone` takes one record out of a bucket, `evict` the whole bucket."
    }


def _without_data(schema: Schema) -> Schema:
    kept = {name: one for name, one in schema["properties"].items() if name != "data"}
    return record(" ".join(name for name in schema.get("required", ()) if name != "data"), **kept)


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}
