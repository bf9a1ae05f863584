"""tus 1.0.0 for outbox files. Bodies are streamed, so these views read the request themselves."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request

from server.auth.actor import Actor
from server.auth.request import actor
from server.auth.rules import reach
from server.fieldsync import outbox_arrivals as arrivals
from server.fieldsync.outbox_file import MOST_BYTES
from server.fieldsync.outboxes import RIGHT
from server.photos import tus
from server.photos.errors import UnsupportedMediaType
from server.photos.upload_routes import body_pieces, dressed
from server.request import database, now, session, settings
from server.sheets.files import SheetFiles

PREFIX = "/api/v1/sync/outbox-files/uploads"
EXTENSIONS = "creation,termination"


def blueprint() -> Blueprint:
    """Return the upload server of outbox files; an upload that is whole is taken in by its id as `sent`."""
    routes = Blueprint("outbox_uploads", __name__, url_prefix=PREFIX)
    one = "/<uuid:upload_id>"
    routes.add_url_rule("", "options", _options, methods=["OPTIONS"])
    routes.add_url_rule("", "create", _create, methods=["POST"])
    routes.add_url_rule(one, "head", _head, methods=["HEAD"])
    routes.add_url_rule(one, "patch", _patch, methods=["PATCH"])
    routes.add_url_rule(one, "delete", _delete, methods=["DELETE"])
    routes.after_request(dressed)
    return routes


def _options() -> Response:
    told = {"Tus-Version": tus.VERSION, "Tus-Extension": EXTENSIONS, "Tus-Max-Size": str(MOST_BYTES)}
    return Response(status=204, headers=told)


def _create() -> Response:
    """Open an upload; `Upload-Metadata` may carry the file's name."""
    caller = _caller()
    name = tus.read_metadata(request.headers.get("Upload-Metadata", "")).get("filename", "")
    size = tus.length(request.headers)
    upload = arrivals.begin(session(), size=size, file_name=name, actor=caller, now=now())
    return _answer(0, 201, {"Location": f"{PREFIX}/{upload.upload_id}"})


def _head(upload_id: UUID) -> Response:
    """Tell where an upload stands."""
    upload = arrivals.look(session(), upload_id, _caller())
    return _answer(upload.received_bytes, 200, {"Upload-Length": str(upload.size)})


def _patch(upload_id: UUID) -> Response:
    """Take bytes at the offset where the upload stands."""
    upload = arrivals.look(session(), upload_id, _caller())
    if request.mimetype != tus.PART_TYPE:
        raise UnsupportedMediaType
    offset = tus.offset(request.headers)
    session().expunge(upload)
    session().commit()  # no transaction stays open while bytes come over a slow line
    here = arrivals.receive(database(), SheetFiles(settings()), upload, body_pieces(), offset=offset)
    return _answer(here, 204)


def _delete(upload_id: UUID) -> Response:
    """End an upload and forget its bytes."""
    arrivals.end(session(), SheetFiles(settings()), upload_id, _caller())
    return Response(status=204)


def _caller() -> Actor:
    tus.check_version(request.headers)
    caller = actor()
    reach(caller, RIGHT)
    return caller


def _answer(offset: int, status: int, headers: dict[str, Any] | None = None) -> Response:
    return Response(status=status, headers={"Upload-Offset": str(offset), **(headers or {})})
