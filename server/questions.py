"""A question that names a filter which nobody reads is refused: else a list that is whole looks narrowed.

`?comunity_id=…` would answer every case of the county. Only the API under `/api/v1` is held to this: tiles
and the OGC API have readers of their own, tablets read `/sync`.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, request
from marshmallow import Schema

from server.problems import InvalidInput

PREFIX = "/api/v1/"
# Whoever cannot send a header signs in by this one.
TOKEN = "token"


def register(app: Flask) -> None:
    """Hold every question to the names that its route reads."""
    app.extensions["wangge.questions"] = {}
    app.before_request(_hold)


def _hold() -> None:
    """Refuse names that the route does not read.

    Raises:
        InvalidInput: there are some; each is named.
    """
    if not request.args or request.method not in ("GET", "HEAD") or not request.path.startswith(PREFIX):
        return
    known = _known(str(request.endpoint))
    if known is None or not (unknown := sorted(set(request.args) - known - {TOKEN})):
        return
    listed = ", ".join(sorted(known))
    detail = f"nobody reads this; known are: {listed}" if known else "nobody reads this; there are no filters"
    zh = f"没有这个参数，可用的有：{listed}" if known else "没有这个参数，此处没有可用的参数"
    errors = [{"pointer": f"/query/{name}", "detail": detail, "detail_zh": zh} for name in unknown]
    raise InvalidInput(
        "The question names what is not read here.", "查询中含有无法识别的参数。", errors=errors[:20]
    )


def _known(endpoint: str) -> frozenset[str] | None:
    """Return the names that a route reads from the address line, None where nothing describes the route."""
    kept: dict[str, frozenset[str] | None] = current_app.extensions["wangge.questions"]
    if endpoint not in kept:
        kept[endpoint] = _declared(current_app.view_functions.get(endpoint))
    return kept[endpoint]


def _declared(view: Any) -> frozenset[str] | None:
    described = getattr(view, "_apidoc", None)
    if described is None:
        return None
    told = described.get("arguments", {}).get("parameters", [])
    schemas = [one["schema"] for one in told if isinstance(one, dict) and one.get("in") == "query"]
    return frozenset(name for schema in schemas for name in _names(schema))


def _names(schema: Schema | type[Schema]) -> list[str]:
    fields = (schema() if isinstance(schema, type) else schema).load_fields
    return [field.data_key or name for name, field in fields.items()]
