"""A county's product behind a real socket, and tablets that speak to it byte by byte."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http.client import HTTPConnection
from threading import Thread
from typing import Any
from uuid import UUID

import orjson
import uuid6
from werkzeug.serving import WSGIRequestHandler, make_server

from server.app import create_app
from server.auth import enrolment
from server.auth.actor import Actor
from tests.build import County, a_point_in
from tests.serving import closing_answers

PATIENCE_S = 60


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def serving(county: County) -> Iterator[int]:
    """Serve a county on a free port of this machine, a thread a request; yield the port."""
    app = create_app(replace(county.settings, pool_size=12))
    server = make_server("127.0.0.1", 0, closing_answers(app), threaded=True, request_handler=_Quiet)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        app.extensions["wangge.database"].engine.dispose()
        app.extensions["wangge.redis"].close()


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and JSON of one answer."""

    status: int
    json: Any


def call(port: int, method: str, path: str, body: Any = None, token: str = "") -> Answer:
    """Send one request on a line of its own and return the answer."""
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    content = body if isinstance(body, bytes) or body is None else orjson.dumps(body)
    with closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)) as line:
        line.request(method, path, content, headers)
        answer = line.getresponse()
        return Answer(answer.status, orjson.loads(answer.read()))


@dataclass
class FieldTablet:
    """An enrolled tablet of one worker."""

    port: int
    device_id: UUID
    tokens: dict[str, Any]
    seq: int = 0
    cursor: str = ""
    ops: list[dict[str, Any]] = field(default_factory=list)

    def item(self, data: Mapping[str, Any], **overrides: Any) -> dict[str, Any]:
        """Return the next mutation of this tablet: an inspection, unless told otherwise."""
        self.seq += 1
        return {
            "mid": str(uuid6.uuid7()),
            "seq": self.seq,
            "type": "inspection.create",
            "entity_id": str(uuid6.uuid7()),
            "device_time": datetime.now(UTC).isoformat(),
            "base_version": None,
            "depends_on": [],
            "data": dict(data),
            **overrides,
        }

    def envelope(self, items: Sequence[Mapping[str, Any]], **more: Any) -> bytes:
        """Return the bytes of a push."""
        told = {"batch_id": "b", "device_id": str(self.device_id), "first_seq": items[0]["seq"]}
        return orjson.dumps({**told, "mutations": list(items), **more})

    def push(self, *items: Mapping[str, Any], **more: Any) -> Answer:
        """Push these items."""
        return self.push_bytes(self.envelope(items, **more))

    def push_bytes(self, body: bytes) -> Answer:
        """Push these bytes."""
        return call(self.port, "POST", "/sync/v1/push", body, self.tokens["access_token"])

    def pull(self) -> list[dict[str, Any]]:
        """Follow the cursor to its end and return the operations that came."""
        came: list[dict[str, Any]] = []
        while True:
            query = f"?cursor={self.cursor}" if self.cursor else ""
            answer = call(self.port, "GET", f"/sync/v1/pull{query}", token=self.tokens["access_token"])
            assert answer.status == 200, answer.json
            came += answer.json["ops"]
            self.cursor = answer.json["cursor"]
            if not answer.json["more"]:
                return came

    def half_a_request(self, body: bytes, sent: int) -> socket.socket:
        """Send the head of a push and the first bytes of its body, and return the open line."""
        line = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S)
        head = (
            "POST /sync/v1/push HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {self.tokens['access_token']}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        line.sendall(head.encode() + body[:sent])
        return line


def reset(line: socket.socket) -> None:
    """Drop a line as a tablet does whose battery is empty: RST, no goodbye."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.close()


def enrolled(port: int, county: County, worker: Actor) -> FieldTablet:
    """Return a tablet of this worker, enrolled over the line."""
    with county.transaction() as session:
        made = enrolment.make_code(session, username=worker.username, actor=None, now=datetime.now(UTC))
    device_id = UUID(str(uuid6.uuid7()))
    told = {"device_id": str(device_id), "enrolment_code": made.enrolment_code, "app_version": "0.9"}
    answer = call(port, "POST", "/sync/v1/devices", told)
    assert answer.status == 201, answer.json
    return FieldTablet(port, device_id, answer.json)


def an_inspection(county: County, community_id: UUID, version: str, **more: Any) -> dict[str, Any]:
    """Return the data of an inspection of e-bike charging with one violation."""
    with county.transaction() as session:
        lon, lat = a_point_in(session, community_id)
    return {
        "checklist": "T2",
        "checklist_version": version,
        "community_id": str(community_id),
        "location": {"lon": lon, "lat": lat, "accuracy_m": 5, "datum": "wgs84"},
        "started_at": datetime.now(UTC).isoformat(),
        "finished_at": datetime.now(UTC).isoformat(),
        "answers": {"fly_wires": {"instances": [{"count": {"value": 3}}]}, "ebikes_estimate": {"value": 140}},
        "photos": [],
        **more,
    }
