"""Papers over HTTP."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import UUID

from flask import Response, make_response, request, send_file
from flask_smorest import Blueprint

from server.auth import rules
from server.auth.request import actor, actor_or_stand_in
from server.paging import CursorInvalid, page, place_of
from server.papers import files, schemas, service, templating
from server.papers.errors import TemplateUnusable
from server.photos.request import photo_store
from server.request import now, session, settings

routes = Blueprint(
    "papers", __name__, url_prefix="/api/v1/papers", description="The ledger's official papers"
)

MOST_TEMPLATE_BYTES = 5 * 1024 * 1024
_BYTES = {"type": "string", "format": "binary"}


@routes.route("")
@routes.arguments(schemas.PaperQuery, location="query")
@routes.response(200, schemas.PaperPage)
def list_papers(query: dict[str, Any]) -> dict[str, Any]:
    """List the papers within the caller's reach, newest draft first."""
    after, limit = _place(query.pop("cursor")), query.pop("limit")
    found = service.papers(session(), query, after, limit + 1, actor=actor(), now=now())
    return page(found, limit, lambda one: [one["drafted_at"], one["paper_id"]])


@routes.route("", methods=["POST"])
@routes.arguments(schemas.PaperDraftSchema)
@routes.response(201, schemas.PaperDetailSchema)
def draft_paper(given: dict[str, Any]) -> dict[str, Any]:
    """Draft a paper about cases; its fields are filled from them."""
    return service.draft(
        session(),
        kind=given["kind"],
        numbers=given["cases"],
        body=given["body"],
        to_unit=given["to_unit"],
        fields=given["fields_"],
        actor=actor_or_stand_in(),
        now=now(),
    )


@routes.route("/<uuid:paper_id>")
@routes.response(200, schemas.PaperDetailSchema)
def show_paper(paper_id: UUID) -> dict[str, Any]:
    """Show one paper with its history and the commands that the caller may give now."""
    return service.show(session(), paper_id, actor=actor(), now=now())


@routes.route("/<uuid:paper_id>/commands", methods=["POST"])
@routes.arguments(schemas.PaperCommandSchema)
@routes.response(200, schemas.PaperDetailSchema)
def command_paper(given: dict[str, Any], paper_id: UUID) -> dict[str, Any]:
    """Give a command on a paper; the answer is the paper as it then stands."""
    return service.obey(
        session(),
        paper_id=paper_id,
        command=given["type"],
        base_version=given["base_version"],
        data=given["data"],
        actor=actor_or_stand_in(),
        now=now(),
    )


@routes.route("/<uuid:paper_id>/file")
@routes.arguments(schemas.FileQuery, location="query")
@routes.response(200, _BYTES, content_type=files.DOCX)
def get_file(query: dict[str, Any], paper_id: UUID) -> Response:
    """Download the paper as .docx, or the return of service that belongs to it."""
    name, content = files.made(session(), photo_store(), paper_id, query["form"], actor=actor(), now=now())
    return _download(BytesIO(content), files.DOCX, name)


@routes.route("/<uuid:paper_id>/scan")
@routes.response(200, _BYTES, content_type="application/pdf")
def get_scan(paper_id: UUID) -> Response:
    """Download the newest sealed scan: PDF, JPEG or PNG."""
    store = files.scans(settings().photo_store)
    file, content_type, name = files.scan(session(), store, paper_id, actor=actor(), now=now())
    return _download(file, content_type, name)


@routes.route("/<uuid:paper_id>/scan", methods=["PUT"])
@routes.doc(requestBody={"required": True, "content": {"application/octet-stream": {"schema": _BYTES}}})
@routes.response(200, schemas.PaperDetailSchema)
def put_scan(paper_id: UUID) -> dict[str, Any]:
    """Upload the sealed scan of an issued paper as the body; earlier scans are kept."""
    service.of_hand(session(), paper_id, "paper.attach_scan", actor_or_stand_in(), now())
    told = files.receive_scan(files.scans(settings().photo_store), request.stream)
    return service.attach_scan(session(), paper_id=paper_id, told=told, actor=actor_or_stand_in(), now=now())


@routes.route("/templates")
@routes.response(200, schemas.TemplatePage)
def list_templates() -> dict[str, Any]:
    """List the kinds of papers, their fields, and the templates that are and were in force."""
    rules.reach(actor(), service.LIST)
    return {"items": templating.listed(session()), "next": None}


@routes.route("/templates/<kind>")
@routes.response(200, _BYTES, content_type=files.DOCX)
def get_template(kind: str) -> Response:
    """Download the template of a kind that is in force."""
    rules.reach(actor(), service.LIST)
    found = templating.in_force(session(), kind, now())
    return _download(BytesIO(found.content), files.DOCX, f"{kind}.docx")


@routes.route("/templates/<kind>", methods=["POST"])
@routes.doc(requestBody={"required": True, "content": {files.DOCX: {"schema": _BYTES}}})
@routes.response(200, schemas.TemplatePage)
def replace_template(kind: str) -> dict[str, Any]:
    """Replace the template of a kind by the .docx in the body, if it names known fields only and renders."""
    rules.reach(actor(), templating.RIGHT)
    content = request.stream.read(MOST_TEMPLATE_BYTES + 1)
    if len(content) > MOST_TEMPLATE_BYTES:
        raise TemplateUnusable("It is larger than 5 MB.", "模板超过 5 MB。")
    templating.replace(session(), kind=kind, content=content, actor=actor(), now=now())
    return {"items": templating.listed(session()), "next": None}


@routes.route("/templates/<kind>", methods=["DELETE"])
@routes.response(200, schemas.TemplatePage)
def withdraw_template(kind: str) -> dict[str, Any]:
    """Put the built-in template of a kind in force again; the office's stays listed with its validity."""
    templating.replace(session(), kind=kind, content=None, actor=actor(), now=now())
    return {"items": templating.listed(session()), "next": None}


def _download(content: Any, content_type: str, name: str) -> Response:
    response = make_response(send_file(content, content_type, as_attachment=True, download_name=name))
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _place(cursor: str | None) -> tuple[str, str] | None:
    place = place_of(cursor, str, str)
    if place is None:
        return None
    try:
        return datetime.fromisoformat(place[0]).isoformat(), str(UUID(place[1]))
    except ValueError as error:
        raise CursorInvalid from error
