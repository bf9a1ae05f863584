"""Outbox files over HTTP: what a tablet without a network exported, brought to the office by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request
from flask_smorest import Blueprint

from server.auth.request import actor
from server.auth.rules import reach
from server.fieldsync import outbox_schemas as schemas
from server.fieldsync import outboxes, service
from server.fieldsync.importing import Import
from server.fieldsync.outbox_file import OutboxFileUnusable
from server.fieldsync.rules import RELEASE
from server.photos.request import photo_store
from server.photos.service import DERIVE
from server.queue import wake
from server.request import database, now, redis, session, settings
from server.sheets.routes import sent_table
from sync.mutations import CommandType

MOST_BYTES = 2 * 1024**3


def blueprint(command_types: Mapping[str, CommandType]) -> Any:
    """Return the blueprint that takes outbox files in; what they hold goes to these commands."""
    routes = Blueprint(
        "outbox-files", __name__, url_prefix="/api/v1/sync", description="Outboxes brought by hand"
    )
    ports = service.ports(command_types)

    @routes.route("/outbox-files", methods=["POST"])
    @routes.arguments(schemas.OutboxForm, location="form")
    @routes.response(200, schemas.OutboxReportSchema)
    def take_in_outbox(given: dict[str, Any]) -> Mapping[str, Any]:
        """Take in the outbox file of a tablet (`file`) by the rules of a push; again, it does nothing twice.

        With `dry_run` the whole file is read and checked, and nothing stored.
        """
        caller = actor()
        reach(caller, outboxes.RIGHT)
        if (request.content_length or 0) > MOST_BYTES:
            raise OutboxFileUnusable("The outbox file is larger than 2 GiB.", "发件箱文件超过 2 GiB。")
        content = sent_table().stream
        session().commit()  # an import is many transactions of its own
        run = Import(database(), ports, photo_store(), settings(), now(), given["dry_run"], _quiet)
        told = outboxes.take_in(run, content, given["user"], caller)
        if not given["dry_run"]:
            wake(redis(), RELEASE)
            wake(redis(), DERIVE)
        return told

    return routes


def _quiet(words: str) -> None:
    """Say nothing on the way: the answer tells all."""
