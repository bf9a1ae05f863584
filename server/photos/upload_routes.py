"""tus 1.0.0 at /sync/v1/uploads. Its bodies are streamed, so these views read the request themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request

from server import queue
from server.auth.actor import Actor
from server.auth.errors import NotADevice
from server.auth.leases import Holding
from server.auth.request import actor, device_actor, leases
from server.auth.rules import reach
from server.photos import receiving, tus, uploads
from server.photos.errors import ChecksumMismatch, UnsupportedMediaType
from server.photos.receiving import Body, Received
from server.photos.request import photo_store
from server.photos.service import DERIVE
from server.photos.uploads import Progress
from server.photos.visibility import Visibility, known_photos
from server.request import database, now, redis, session, settings

PREFIX = "/sync/v1/uploads"
READ_BYTES = 256 * 1024
TUS_VERSION_STATUS = 412


def address(upload_id: UUID) -> str:
    """Return the path of an upload."""
    return f"{PREFIX}/{upload_id}"


def blueprint(visibility: Visibility) -> Blueprint:
    """Return the upload server; a stored photo that `visibility` lets the caller see needs no bytes."""
    routes = Blueprint("uploads", __name__, url_prefix=PREFIX)
    views = _Views(visibility)
    one = "/<uuid:upload_id>"
    routes.add_url_rule("", "options", views.options, methods=["OPTIONS"])
    routes.add_url_rule(one, "options_of_one", views.options, methods=["OPTIONS"])
    routes.add_url_rule("", "create", views.create, methods=["POST"])
    for method, view in views.of_one.items():
        routes.add_url_rule(one, method.lower(), view, methods=[method], provide_automatic_options=False)
    routes.add_url_rule(one, "overridden", views.overridden, methods=["POST"])
    routes.after_request(dressed)
    return routes


class _Views:
    def __init__(self, visibility: Visibility) -> None:
        self._visibility = visibility
        self.of_one: dict[str, Callable[[UUID], Response]] = {
            "HEAD": self.head,
            "PATCH": self.patch,
            "DELETE": self.delete,
        }

    def options(self, upload_id: UUID | None = None) -> Response:
        """Tell what this server speaks."""
        return Response(
            status=204,
            headers={
                "Tus-Version": tus.VERSION,
                "Tus-Extension": tus.EXTENSIONS,
                "Tus-Checksum-Algorithm": ",".join(tus.CHECKSUMS),
                "Tus-Max-Size": str(settings().max_photo_bytes),
            },
        )

    def create(self) -> Response:
        """Open an upload, and take its first bytes when they came along."""
        caller = self._caller()
        announced = tus.announcement(request.headers, settings().max_photo_bytes)
        known = known_photos(session(), caller, [announced.sha256], self._visibility)
        progress = uploads.begin(
            session(),
            announced,
            user_id=caller.user_id,
            device_id=caller.device_id,
            known=bool(known),
            now=now(),
            expires_s=settings().upload_expires_s,
        )
        session().commit()
        if request.mimetype == tus.PART_TYPE and not progress.finished:
            progress = self._received(progress.upload_id, 0, caller).progress
        return _answer(progress, 201, {"Location": address(progress.upload_id)})

    def head(self, upload_id: UUID) -> Response:
        """Tell where an upload stands."""
        progress = self._look(upload_id)
        if progress.whole:
            session().commit()
            try:
                received = receiving.finish(database(), photo_store(), progress, now=now())
                progress = self._derived(received).progress
            except ChecksumMismatch:
                progress = self._look(upload_id)
        return _answer(progress, 200, {"Upload-Length": str(progress.size)})

    def patch(self, upload_id: UUID) -> Response:
        """Take bytes at the offset where the upload stands."""
        caller = self._caller()
        if request.mimetype != tus.PART_TYPE:
            raise UnsupportedMediaType
        return _answer(self._received(upload_id, tus.offset(request.headers), caller).progress, 204)

    def delete(self, upload_id: UUID) -> Response:
        """End an upload; a photo that it has already become stays."""
        caller = self._caller()
        uploads.terminate(session(), upload_id, user_id=caller.user_id, now=now())
        session().commit()
        photo_store().remove_parts(upload_id)
        return Response(status=204)

    def overridden(self, upload_id: UUID) -> Response:
        """Do what X-HTTP-Method-Override says, for lines that let no PATCH through."""
        view = self.of_one.get(request.headers.get("X-HTTP-Method-Override", "").upper())
        if view is None:
            return Response(status=405, headers={"Allow": ", ".join(self.of_one)})
        return view(upload_id)

    def _caller(self) -> Actor:
        tus.check_version(request.headers)
        caller = _sender()
        reach(caller, "photo.upload")
        return caller

    def _look(self, upload_id: UUID) -> Progress:
        user_id = self._caller().user_id
        return uploads.look(session(), photo_store(), upload_id, user_id=user_id, now=now())

    def _received(self, upload_id: UUID, offset: int, caller: Actor) -> Received:
        body = Body(body_pieces(), request.content_length, tus.checksum(request.headers))
        session().commit()  # no transaction stays open while bytes come over a slow line
        with leases().held(_holding(upload_id, caller)):
            received = receiving.receive(
                database(), photo_store(), upload_id, body, offset=offset, user_id=caller.user_id, now=now()
            )
        return self._derived(received)

    def _derived(self, received: Received) -> Received:
        if received.fresh:
            queue.wake(redis(), DERIVE)
        return received


def _sender() -> Actor:
    """Return who sends; a tablet may hand in its photos even when it was switched off."""
    try:
        return device_actor()
    except NotADevice:
        return actor()


def _holding(upload_id: UUID, caller: Actor) -> Holding:
    """Return one upload among those of its device: a request that takes over a stalled one needs no more."""
    sender = caller.device_id or caller.user_id
    return Holding(f"upload:{sender}", str(upload_id), settings().device_uploads_at_once)


def body_pieces() -> Iterator[bytes]:
    """Yield the request's body as it arrives; it just ends where the line was cut."""
    body: Any = request.environ["wsgi.input"]
    left = request.content_length
    while left is None or left > 0:
        try:
            piece: bytes = body.read(READ_BYTES if left is None else min(READ_BYTES, left))
        except OSError:
            return
        if not piece:
            return
        left = None if left is None else left - len(piece)
        yield piece


def _answer(progress: Progress, status: int, headers: dict[str, str] | None = None) -> Response:
    response = Response(status=status, headers={"Upload-Offset": str(progress.offset), **(headers or {})})
    if not progress.finished:
        response.headers["Upload-Expires"] = tus.expires(progress.expires_at)
    return response


def dressed(response: Response) -> Response:
    """Set what tus wants on every answer, problems too."""
    response.headers["Tus-Resumable"] = tus.VERSION
    response.headers["Cache-Control"] = "no-store"
    if response.status_code == TUS_VERSION_STATUS:
        response.headers["Tus-Version"] = tus.VERSION
    return response
