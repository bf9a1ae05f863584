"""Where the rooms are joined: which routes answer, which records travel, which commands tablets may send.

A room adds one line here for each thing it offers.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from server.auth import routes as auth
from server.communities import routes as communities
from server.communities import sync as places
from server.photos import routes as photos
from server.photos import upload_routes as uploads
from server.photos.visibility import Visible
from server.programme import routes as programme_routes
from server.programme import sync as programme
from server.work import Job
from sync.entity import SyncEntity
from sync.mutations import CommandType

TRAVELLING: dict[str, SyncEntity] = {
    entity.name: entity for entity in (*places.ENTITIES, *programme.ENTITIES)
}

COMMAND_TYPES: dict[str, CommandType] = {}

# Who may see a photo: by entity, which of the records that name it the caller may see.
PHOTO_VISIBILITY: dict[str, Visible] = {}

# What the workers can do, by the name it is enqueued with; and what the scheduler asks for, every so
# many seconds.
JOBS: dict[str, Job] = {}
PERIODIC: dict[str, tuple[Job, int]] = {}


def api_blueprints() -> list[Any]:
    """Return the blueprints that stand in the OpenAPI file."""
    return [auth.routes, communities.routes, programme_routes.routes, photos.blueprint(PHOTO_VISIBILITY)]


def page_blueprints() -> list[Blueprint]:
    """Return the blueprints of pages and of calls outside OpenAPI."""
    return [uploads.blueprint(PHOTO_VISIBILITY)]
