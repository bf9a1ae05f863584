"""What this room answers over HTTP, in the order of the OpenAPI file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.fieldsync import conflict_routes, desk_routes, device_routes, outbox_routes, routes
from server.fieldsync.conflicts import Editables
from server.fieldsync.reports import routes as report_routes
from server.fieldsync.wipes import routes as wipe_routes
from sync.mutations import CommandType


def blueprints(command_types: Mapping[str, CommandType], editables: Editables) -> list[Any]:
    """Return the blueprints of tablets and of the office's view of them.

    Args:
        command_types: what tablets may send.
        editables: how a conflict of each kind of record is resolved.
    """
    return [
        routes.blueprint(command_types),
        conflict_routes.blueprint(editables),
        desk_routes.blueprint(command_types),
        outbox_routes.routes,
        routes.office,
        report_routes.routes,
        wipe_routes.routes,
        device_routes.routes,
    ]
