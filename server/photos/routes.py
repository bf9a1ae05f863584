"""Asking for photos over HTTP; uploads have routes of their own in `upload_routes`."""

from __future__ import annotations

from typing import Any

from flask import Response, make_response, send_file
from flask_smorest import Blueprint

from server.auth.request import actor
from server.auth.rules import reach
from server.photos import queries, schemas, upload_queries, uploads
from server.photos.claims import digest_of
from server.photos.errors import PhotoMissing
from server.photos.request import photo_store
from server.photos.signature import EXTENSIONS
from server.photos.tables import Photo
from server.photos.upload_routes import address
from server.photos.visibility import Visibility, known_photos, visible_photos
from server.problems import NotFound
from server.request import now, session

UNCHANGING = "private, max-age=31536000, immutable"


def blueprint(visibility: Visibility) -> Any:
    """Return the blueprint of `have` and of download, for whoever `visibility` lets see a record."""
    routes = Blueprint("photos", __name__, url_prefix="/sync/v1", description="Photos")

    @routes.route("/photos/have", methods=["POST"])
    @routes.arguments(schemas.HaveSchema)
    @routes.response(200, schemas.HaveAnswerSchema)
    def have(given: dict[str, list[str]]) -> dict[str, Any]:
        """Tell which photos are missing, and where the caller's unfinished uploads go on."""
        return _have(given["sha256"], visibility)

    @routes.route("/photos/<sha256>")
    @routes.arguments(schemas.PhotoQuery, location="query")
    @routes.response(200, {"type": "string", "format": "binary"}, content_type="image/*")
    def photo(given: dict[str, int | None], sha256: str) -> Response:
        """Answer a photo or its thumbnail, to whoever may see a record that names it."""
        found = _seen(sha256, visibility)
        return _sent(found, given["px"])

    return routes


def _have(digests: list[str], visibility: Visibility) -> dict[str, Any]:
    caller = actor()
    reach(caller, "photo.upload")
    wanted = {digest.lower(): bytes.fromhex(digest) for digest in digests}
    states = queries.photos_by_digest(session(), list(wanted.values())) if wanted else {}
    stored = [sha256 for sha256, photo in states.items() if photo.state == "stored"]
    known = known_photos(session(), caller, stored, visibility)
    missing = {digest: sha256 for digest, sha256 in wanted.items() if sha256 not in known}
    return {"missing": list(missing), "partial": _partial(list(missing.values()))}


def _partial(digests: list[bytes]) -> dict[str, Any]:
    if not digests:
        return {}
    partial = {}
    for upload in upload_queries.open_uploads(session(), actor().user_id, digests, now()):
        stands = uploads.stands_at(session(), photo_store(), upload)
        if stands > 0:
            partial[bytes(upload.sha256).hex()] = {"offset": stands, "url": address(upload.upload_id)}
    return partial


def _seen(name: str, visibility: Visibility) -> Photo:
    """Return a stored photo that the caller may see."""
    caller, sha256 = actor(), digest_of(name)
    if sha256 is None or not visible_photos(session(), caller, [sha256], visibility):
        raise NotFound("There is no such photo, or it is not yours to see.", "没有该照片，或您无权查看。")
    found = queries.photos_by_digest(session(), [sha256])[sha256]
    if found.state != "stored":
        raise PhotoMissing
    return found


def _sent(photo: Photo, px: int | None) -> Response:
    sha256, store = bytes(photo.sha256), photo_store()
    small = store.thumbnail(sha256, px) if px else None
    if small is not None and small.is_file():
        return _file(small, "image/jpeg", f"{sha256.hex()}-{px}", UNCHANGING)
    cache = "no-store" if px and not photo.refused_because else UNCHANGING
    return _file(store.original(sha256), photo.content_type or "", sha256.hex(), cache)


def _file(file: Any, content_type: str, name: str, cache_control: str) -> Response:
    response = make_response(
        send_file(
            file,
            mimetype=content_type,
            etag=name,
            download_name=f"{name}.{EXTENSIONS.get(content_type, 'bin')}",
            conditional=True,
        )
    )
    response.headers["Cache-Control"] = cache_control
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
