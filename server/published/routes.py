"""What is published over HTTP: to everybody by a board's code, and to the office that keeps it."""

from __future__ import annotations

import io
import secrets
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import segno
from flask import Response, current_app, jsonify, make_response, request, send_file
from flask_smorest import Blueprint

from server.auth.request import actor
from server.complaints.public.rates import Rates
from server.ledger.lists import newest_first
from server.paging import page
from server.photos.request import photo_store
from server.problems import NotFound
from server.published import schemas, service
from server.request import now, session, settings

routes = Blueprint(
    "published", __name__, url_prefix="/api/v1/public/boards", description="What residents may read"
)
office = Blueprint(
    "notice_boards", __name__, url_prefix="/api/v1/communities", description="Notice boards of communities"
)
READ = "read"
PHOTO_S = 300


def rates() -> Rates:
    """Return the application's count of what is read without an account."""
    found: Rates | None = current_app.extensions.get("wangge.published_rates")
    if found is None:
        told = settings()
        found = Rates(told.redis_url, {READ: told.public_read_limit, "wrong": told.public_wrong_code_limit})
        current_app.extensions["wangge.published_rates"] = found
    return found


@routes.route("/<code>")
@routes.response(200, schemas.PublishedProgressSchema)
def show_progress(code: str) -> Response:
    """Show how the community of a notice board stands, in figures."""
    told = _known(lambda: service.progress(session(), code, now()))
    return _kept(schemas.PublishedProgressSchema().dump(told))


@routes.route("/<code>/closed")
@routes.arguments(schemas.PublishedClosedQuery, location="query")
@routes.response(200, schemas.PublishedClosedPage)
def list_closed(query: dict[str, Any], code: str) -> Response:
    """List what was closed in the community of a notice board, the last closed first."""
    after, limit = _after(query["cursor"]), query["limit"]
    found = _known(lambda: service.closed(session(), code, after, limit + 1))
    return _kept(schemas.PublishedClosedPage().dump(page(found, limit, lambda row: row["place"])))


@routes.route("/<code>/closed/<number>/photos/<name>")
@routes.response(200, {"type": "string", "format": "binary"}, content_type="image/jpeg")
def show_photo(code: str, number: str, name: str) -> Response:
    """Answer a photo of a closed case, blurred beyond recognition; never the original."""
    file = _known(lambda: service.picture(session(), photo_store(), code, number, name))
    response = make_response(send_file(file, "image/jpeg", etag=name, conditional=True, max_age=PHOTO_S))
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@office.route("/<uuid:community_id>/board")
@office.response(200, schemas.BoardSchema)
def show_board(community_id: UUID) -> dict[str, Any]:
    """Show the code of a community's notice board, if it has one."""
    return service.board(session(), community_id, actor=actor(), now=now())


@office.route("/<uuid:community_id>/board", methods=["PUT"])
@office.response(200, schemas.BoardSchema)
def give_code(community_id: UUID) -> dict[str, Any]:
    """Give the notice board its code; once given it stays, however often this is asked."""
    return service.give_code(
        session(), community_id, random_bytes=secrets.token_bytes, actor=actor(), now=now()
    )


@office.route("/<uuid:community_id>/board/qr")
@office.arguments(schemas.QrQuery, location="query")
@office.response(200, {"type": "string", "format": "binary"}, content_type="image/svg+xml")
def draw_qr(query: dict[str, Any], community_id: UUID) -> Response:
    """Draw the QR code of a notice board, in SVG or PNG."""
    found = service.board(session(), community_id, actor=actor(), now=now())
    if found["code"] is None:
        raise NotFound(
            "This notice board has no code yet; give it one first.", "该公示牌尚未生成二维码，请先生成。"
        )
    told = urlsplit(query["address"] or request.url_root)
    out = io.BytesIO()
    # Level Q: a board is scratched, and stickers cover corners.
    code = segno.make(f"{told.scheme}://{told.netloc}/p/{found['code']}", error="q", micro=False)
    code.save(out, kind=query["format"], scale=12, border=4, light="#fff")
    kind = "image/svg+xml" if query["format"] == "svg" else "image/png"
    response = make_response(out.getvalue())
    response.headers["Content-Type"] = kind
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@office.route("/<uuid:community_id>/published")
@office.arguments(schemas.PublishedClosedQuery, location="query")
@office.response(200, schemas.PublishablePage)
def list_publishable(query: dict[str, Any], community_id: UUID) -> dict[str, Any]:
    """List the closed cases of a community with their photos, also those that residents do not see."""
    after, limit = _after(query["cursor"]), query["limit"]
    found = service.publishable(session(), community_id, after, limit + 1, actor=actor(), now=now())
    return page(found, limit, lambda row: row["place"])


@office.route("/<uuid:community_id>/published/<number>/photos/<name>", methods=["PUT"])
@office.arguments(schemas.PhotoDecisionSchema)
@office.response(200, schemas.PublishableCaseSchema)
def decide_photo(given: dict[str, Any], community_id: UUID, number: str, name: str) -> dict[str, Any]:
    """Publish a photo of a closed case, or keep it from residents."""
    asked = {"number": number, "name": name, **given}
    return service.decide(session(), community_id, **asked, actor=actor(), now=now())


def _known(ask: Any) -> Any:
    """Return what a reader is told; readings and wrong codes are counted by address."""
    address = request.remote_addr or ""
    rates().check("wrong", address)
    rates().count(READ, address)
    try:
        return ask()
    except NotFound:
        rates().count("wrong", address)
        raise


def _after(cursor: str | None) -> tuple[datetime, UUID] | None:
    place = newest_first(cursor)
    return None if place is None else (datetime.fromisoformat(place[0]), UUID(place[1]))


def _kept(told: Any) -> Response:
    """Return JSON that browsers ask for again by its ETag."""
    response = jsonify(told)
    response.headers["Cache-Control"] = "public, no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response
