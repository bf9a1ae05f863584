"""Reports of residents over HTTP: no sign-in, few at a time."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Response, current_app, request
from flask_smorest import Blueprint

from server.complaints.public import schemas, service
from server.complaints.public.rates import Rates
from server.photos.errors import PhotoTooLarge
from server.photos.incoming import Arrival, Incoming
from server.photos.request import photo_store
from server.photos.service import DERIVE
from server.problems import NotFound
from server.queue import wake
from server.request import now, redis, session, settings

routes = Blueprint(
    "public_complaints", __name__, url_prefix="/api/v1/public", description="Reports without an account"
)
MOST_PHOTO_BYTES = 12 * 1024 * 1024
READ_BYTES = 256 * 1024
CODE_HEADER = "X-Follow-Up-Code"


def rates() -> Rates:
    """Return the application's count of what comes without an account."""
    found: Rates | None = current_app.extensions.get("wangge.rates")
    if found is None:
        told = settings()
        limits = {"report": told.public_report_limit, "photo": told.public_photo_limit}
        found = Rates(told.redis_url, {**limits, "wrong": told.public_wrong_code_limit})
        current_app.extensions["wangge.rates"] = found
    return found


@routes.route("/complaint-form")
@routes.response(200, schemas.ReportFormSchema)
def show_form() -> dict[str, Any]:
    """List the communities and kinds of problems that a report can name."""
    return service.form(session(), now())


@routes.route("/complaints", methods=["POST"])
@routes.arguments(schemas.PublicReportSchema)
@routes.response(201, schemas.ReportReceiptSchema)
def report(given: dict[str, Any]) -> dict[str, Any]:
    """Report a problem; the answer holds the number and the code to follow it by, the code this once."""
    rates().check("report", _address())
    taken = service.report(session(), given, now=now(), random_bytes=secrets.token_bytes)
    rates().count("report", _address())
    return taken


@routes.route("/complaints/<number>/photos", methods=["POST"])
@routes.response(204)
@routes.doc(
    requestBody={"content": {"image/*": {"schema": {"type": "string", "format": "binary"}}}},
    parameters=[{"in": "header", "name": CODE_HEADER, "schema": {"type": "string"}, "required": True}],
)
def add_photo(number: str) -> Response:
    """Add a photo, as the body, to one's own report while it is not answered."""
    rates().check("photo", _address())
    complaint_id = _known(
        number,
        lambda: service.may_add_photo(session(), number, request.headers.get(CODE_HEADER, ""), now=now()),
    )
    rates().count("photo", _address())
    session().commit()  # no transaction stays open while bytes come over a slow line
    arrival = _arrival()
    try:
        fresh = service.add_photo(session(), photo_store(), complaint_id, arrival, now=now())
        session().commit()
    finally:
        arrival.discard()
    if fresh:
        wake(redis(), DERIVE)
    return Response(status=204)


@routes.route("/complaints/follow", methods=["POST"])
@routes.arguments(schemas.ReportKeySchema)
@routes.response(200, schemas.FollowedReportSchema)
def follow(given: dict[str, str]) -> Any:
    """Show how one's own report stands."""
    return _known(given["number"], lambda: service.follow(session(), **given, now=now()))


@routes.route("/complaints/verdict", methods=["POST"])
@routes.arguments(schemas.ReportVerdictSchema)
@routes.response(200, schemas.FollowedReportSchema)
def say(given: dict[str, Any]) -> Any:
    """Say whether the answer settles one's own report, which closes it, or has it taken up again."""
    return _known(given["number"], lambda: service.say(session(), **given, now=now()))


def _known(number: str, ask: Any) -> Any:
    """Return what whoever knows the code is told; wrong codes are counted, by address and by number."""
    keys = (_address(), f"number/{number.strip().upper()[:40]}")
    for key in keys:
        rates().check("wrong", key)
    try:
        return ask()
    except NotFound:
        for key in keys:
            rates().count("wrong", key)
        raise


def _arrival() -> Arrival:
    """Return the photo of the body, its digest taken on the way.

    Raises:
        PhotoTooLarge, NotAPicture, StorageFull: nothing of it is kept.
    """
    limit = min(MOST_PHOTO_BYTES, settings().max_photo_bytes)
    if (request.content_length or 0) > limit:
        raise PhotoTooLarge(limit)
    incoming = Incoming(photo_store().temporary(), limit)
    try:
        while piece := request.stream.read(READ_BYTES):
            incoming.write(piece)
    except OSError:
        incoming.discard()
        raise
    return incoming.arrived(incoming.digest())


def _address() -> str:
    return request.remote_addr or ""
