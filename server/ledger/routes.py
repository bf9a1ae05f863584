"""The ledger over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import Response, jsonify, make_response, send_file
from flask_smorest import Blueprint

from server.auth.request import actor, actor_or_stand_in
from server.ledger import bulk, desk_reports, past, schemas, service, waiting, watermark
from server.ledger.facts import Command
from server.ledger.history_schemas import HistorySchema
from server.ledger.lists import SEVERAL, Filter, newest_first
from server.ledger.terms import local_day
from server.ledger.waiting_schemas import WaitingCasesQuery, WaitingSchema
from server.paging import page
from server.photos import copies
from server.photos.request import photo_store
from server.photos.service import DERIVE
from server.problems import document, kind_of
from server.queue import enqueue_once, wake
from server.request import now, redis, session

routes = Blueprint("ledger", __name__, url_prefix="/api/v1", description="The rectification ledger")


@routes.route("/cases")
@routes.arguments(WaitingCasesQuery, location="query")
@routes.response(200, schemas.CasePage)
def list_cases(query: dict[str, Any]) -> dict[str, Any]:
    """List the cases within the caller's reach, newest report first."""
    return _cases(query, query.pop("as_of"))


@routes.route("/ledger")
@routes.arguments(schemas.PastQuery, location="query")
@routes.response(200, schemas.CasePage)
def show_ledger(query: dict[str, Any]) -> dict[str, Any]:
    """Show the ledger as it stood at the end of a local day, from the histories of its cases."""
    return _cases(query, query.pop("as_of") or local_day(now()))


def _cases(query: dict[str, Any], day: date | None) -> dict[str, Any]:
    after, limit = newest_first(query.pop("cursor")), query.pop("limit")
    waits, due_first = query.pop("waiting", None), query.pop("sort", None) == "due"
    wanted = Filter(**{**query, **{name: tuple(query[name]) for name in SEVERAL}})
    if day is None:
        more: dict[str, Any] = {"waiting": waits, "due_first": due_first}
        found = service.cases(session(), wanted, after, limit + 1, **more, actor=actor(), now=now())
    else:
        found = past.cases(session(), day, wanted, after, limit + 1, actor=actor(), now=now())
    return page(found, limit, lambda case: [_place(case, due_first), case["case_id"]])


def _place(case: dict[str, Any], due_first: bool) -> str:
    """Return the instant by which a case stands in the list."""
    return str((due_first and case["due_at"]) or case["reported_at"])


@routes.route("/work")
@routes.response(200, WaitingSchema)
def show_work() -> dict[str, Any]:
    """Count the cases that wait for the caller: to file, dispatch, decide, check, sign, repair."""
    return {"items": waiting.counted(session(), actor=actor(), now=now())}


@routes.route("/cases/<uuid:case_id>")
@routes.response(200, schemas.CaseDetailSchema)
def show_case(case_id: UUID) -> dict[str, Any]:
    """Show one case with its photos and the commands that the caller may give now."""
    return service.show(session(), case_id, actor=actor(), now=now())


@routes.route("/cases/<uuid:case_id>/history")
@routes.response(200, HistorySchema)
def show_history(case_id: UUID) -> dict[str, Any]:
    """Show the hash-chained history of one case, oldest entry first."""
    return {"items": service.history_of(session(), case_id, actor=actor(), now=now()), "next": None}


@routes.route("/cases/<uuid:case_id>/duplicates")
@routes.response(200, schemas.DuplicatesSchema)
def list_duplicates(case_id: UUID) -> dict[str, Any]:
    """List the open cases that may be the same problem, the nearest first; a report is merged into one."""
    return {"items": service.duplicates_of(session(), case_id, actor=actor(), now=now()), "next": None}


@routes.route("/cases/<uuid:case_id>/commands", methods=["POST"])
@routes.arguments(schemas.CommandSchema)
@routes.response(200, schemas.CaseDetailSchema)
def command_case(given: dict[str, Any], case_id: UUID) -> dict[str, Any]:
    """Give a command on a case; the answer is the case as it then stands.

    `case.report` goes to a new id; the answer may be an open case that the report joined.
    """
    command = Command(given["type"], given["base_version"], given["data"])
    if command.type == desk_reports.REPORT:
        return desk_reports.report_case(session(), case_id, command, actor=actor_or_stand_in(), now=now())
    return service.obey(session(), case_id=case_id, command=command, actor=actor_or_stand_in(), now=now())


@routes.route("/cases/commands", methods=["POST"])
@routes.arguments(schemas.BulkSchema)
@routes.response(200, schemas.BulkAnswerSchema)
def command_cases(given: dict[str, Any]) -> dict[str, Any]:
    """Give one command on many cases; each gets its own result, in the order of the request."""
    named = [(case["case_id"], case["base_version"]) for case in given["cases"]]
    who = actor_or_stand_in()
    done = bulk.obey_all(session(), given["type"], given["data"], named, actor=who, now=now())
    return {"results": [_result(one) for one in done]}


def _result(done: bulk.Done) -> dict[str, Any]:
    told = {"case_id": str(done.case_id), "done": done.error is None, "case": done.case, "problem": None}
    if done.error is not None:
        found = kind_of(done.error)
        assert found is not None
        told["problem"] = document(*found, done.error)
    return told


@routes.route("/cases/<uuid:case_id>/photos/<sha256>/watermarked")
@routes.response(200, {"type": "string", "format": "binary"}, content_type="image/jpeg")
@routes.alt_response(202, schema=schemas.BeingMadeSchema, description="A worker makes it: ask again soon")
def watermarked_photo(case_id: UUID, sha256: str) -> Response:
    """Answer a copy of a photo with time, place, worker and number in a band; 202 until a worker made it."""
    wanted = watermark.asked_for(session(), case_id, sha256, actor=actor(), now=now())
    file = copies.made(photo_store(), wanted.photo.sha256, wanted.lines)
    if file is None:
        return _being_made(case_id, wanted)
    response = make_response(
        send_file(file, "image/jpeg", as_attachment=True, download_name=wanted.file_name, etag=file.name)
    )
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _being_made(case_id: UUID, wanted: watermark.Marked) -> Response:
    """Ask the workers for a copy; a photo that just arrived is looked into first."""
    if wanted.photo.looked_into:
        digest = wanted.photo.sha256.hex()
        enqueue_once(redis(), watermark.JOB, str(case_id), digest, time_limit_s=watermark.TIME_LIMIT_S)
    else:
        wake(redis(), DERIVE)
    response = make_response(jsonify(state="being made"), 202)
    response.headers["Retry-After"] = "1"
    response.headers["Cache-Control"] = "no-store"
    return response
