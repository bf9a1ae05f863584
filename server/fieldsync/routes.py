"""What tablets call: enrolment, tokens, limits, push and pull."""

from __future__ import annotations

import gzip
import hashlib
import random
from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from typing import Any

import orjson
from flask import Response, request
from flask_smorest import Blueprint

from server.auth import enrolment, rules
from server.auth import service as auth
from server.auth.enrolment import Enrolment
from server.auth.errors import DeviceRevoked
from server.auth.request import actor, device_actor
from server.fieldsync import receipts as signing
from server.fieldsync import schemas, service
from server.fieldsync.incoming import MULTIPART, Incoming, read_push
from server.fieldsync.invitations import invitation_url, qr_svg
from server.fieldsync.limits import PATIENCE_WITH_PHOTOS_S
from server.fieldsync.request import crowd, place_of_device, receipts, wakes
from server.fieldsync.rules import PROTOCOL_VERSIONS, RELEASE, next_sync_after
from server.fieldsync.wipes import service as wipes
from server.photos import service as photos
from server.photos.request import photo_store
from server.request import database, now, redis, session, settings
from sync.decide import Ports
from sync.mutations import CommandType, Sender

SMALL_BYTES = 500
KEYS_HOLD_S = 3600
BODY = {
    "content": {
        "application/json": {"schema": schemas.EnvelopeSchema},
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {"batch": {"type": "string", "description": "the JSON envelope; first part"}},
                "additionalProperties": {"type": "string", "format": "binary"},
                "description": "photo parts follow, each named by its SHA-256 in hex",
            }
        },
    }
}


def blueprint(command_types: Mapping[str, CommandType]) -> Any:
    """Return the blueprint of tablets, which may send these commands."""
    routes = Blueprint("fieldsync", __name__, url_prefix="/sync/v1", description="Tablets")
    handed = service.ports(command_types)

    @routes.route("/devices", methods=["POST"])
    @routes.arguments(schemas.EnrolmentSchema)
    @routes.response(201, schemas.EnrolledSchema)
    def enrol(told: dict[str, Any]) -> dict[str, Any]:
        """Enrol a tablet by a code of the office; the same code with the same device answers again."""
        tokens = enrolment.enrol(session(), Enrolment(**told), now=now(), settings=settings())
        return {"device_id": told["device_id"], **_members(tokens)}

    @routes.route("/token", methods=["POST"])
    @routes.arguments(schemas.RefreshSchema)
    @routes.response(200, schemas.TokensSchema)
    def refresh(given: dict[str, str]) -> Any:
        """Take new tokens; the old refresh token works until the new one was used."""
        return auth.refresh(session(), given["refresh_token"], now(), settings())

    @routes.route("/config")
    @routes.response(200, schemas.ConfigSchema)
    def config() -> dict[str, Any]:
        """Tell limits, the server's time, and when to come again."""
        caller = device_actor()
        return {
            **service.config(settings()),
            "server_time": now(),
            "protocol_versions": PROTOCOL_VERSIONS,
            "wipe": wipes.told_to(session(), caller),
            "next_sync_after": next_sync_after(now(), caller.device_id or caller.user_id, random.Random()),
        }

    @routes.route("/receipt-key")
    @routes.response(200, schemas.ReceiptKeysSchema)
    def receipt_key() -> Response:
        """Publish the keys that receipts are signed with (RFC 7517); anybody may keep them."""
        receipts().publish(database(), now())
        response = Response(orjson.dumps(signing.published(session())), mimetype="application/json")
        response.headers["Cache-Control"] = f"public, max-age={KEYS_HOLD_S}"
        return response

    @routes.route("/push", methods=["POST"])
    @routes.doc(requestBody=BODY)
    @routes.response(200, schemas.PushAnswerSchema)
    def push() -> Response:
        """Hand in a batch; every item is answered, after all of them are committed."""
        caller = device_actor()
        rules.reach(caller, "sync.push")
        sender = service.sender_of(caller)
        with place_of_device(sender.device_id, with_photos=request.mimetype == MULTIPART):
            came = read_push(request, photo_store(), settings())
            try:
                answer = _handed_in(handed, sender, came)
            finally:
                came.discard()
        return Response(orjson.dumps(answer | {"warnings": came.warnings}), mimetype="application/json")

    @routes.route("/pull")
    @routes.arguments(schemas.PullQuery, location="query")
    @routes.response(200, schemas.PullPageSchema)
    def pull(query: dict[str, Any]) -> Response:
        """Fetch what changed in the tablet's scope; without a cursor all of it."""
        caller = device_actor()
        if caller.device_revoked:
            raise DeviceRevoked
        rules.reach(caller, "sync.pull")
        body = service.pull(
            database(),
            caller,
            cursor=query["cursor"],
            limit=query["limit"],
            resync=frozenset({query["resync"]} - {None}),
            now=now(),
            secret=settings().secret_key,
        )
        return _page(body)

    return routes


office = Blueprint("devices", __name__, url_prefix="/api/v1", description="Tablets, seen from the office")


@office.route("/devices/codes", methods=["POST"])
@office.arguments(schemas.CodeRequestSchema)
@office.response(201, schemas.CodeSchema)
def make_code(given: dict[str, str | None]) -> dict[str, Any]:
    """Make a code by which one tablet of a person can enrol, with the QR code that it scans."""
    caller = actor()
    rules.reach(caller, "device.code")
    made = enrolment.make_code(session(), username=str(given["username"]), actor=caller, now=now())
    url = invitation_url(given["address"] or request.url_root, made.enrolment_code)
    return {**asdict(made), "invitation_url": url, "qr_svg": qr_svg(url)}


def _handed_in(handed: Ports, sender: Sender, came: Incoming) -> dict[str, Any]:
    keep = partial(photos.take, store=photo_store(), arrivals=came.arrivals, now=now())
    patience_s = PATIENCE_WITH_PHOTOS_S if came.arrivals else 0
    with wakes().gathered(redis()) as woken, crowd().one_more(patience_s):
        answer = service.push(
            database(),
            handed,
            sender,
            came.envelope,
            keep if came.arrivals else None,
            awaited=partial(woken.add, RELEASE),
            receipts=receipts(),
            now=now(),
            max_mutations=settings().max_mutations,
        )
        if came.arrivals:
            woken.add(photos.DERIVE)
    return answer


def _page(body: bytes) -> Response:
    response = Response(body, mimetype="application/json")
    response.set_etag(hashlib.sha256(body).hexdigest(), weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    response.vary.add("Accept-Encoding")
    response.make_conditional(request)
    if (
        response.status_code == 200
        and len(body) > SMALL_BYTES
        and request.accept_encodings.quality("gzip") > 0
    ):
        response.set_data(gzip.compress(body, 1, mtime=0))
        response.content_encoding = "gzip"
    return response


def _members(tokens: Any) -> dict[str, Any]:
    return {name: getattr(tokens, name) for name in ("access_token", "refresh_token", "expires_in")}
