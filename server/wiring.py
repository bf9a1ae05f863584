"""Where the rooms are joined: which routes answer, which records travel, which commands tablets may send.

A room adds one line here for each thing it offers.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from server.auth import routes as auth
from sync.entity import SyncEntity
from sync.mutations import CommandType

TRAVELLING: dict[str, SyncEntity] = {}

COMMAND_TYPES: dict[str, CommandType] = {}


def api_blueprints() -> list[Any]:
    """Return the blueprints that stand in the OpenAPI file."""
    return [auth.routes]


def page_blueprints() -> list[Blueprint]:
    """Return the blueprints of pages and of calls outside OpenAPI."""
    return []
