"""The product on a port, with a loaded county behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from server.app import create_app
from server.auth import enrolment
from server.communities import service as communities
from server.local.first_day import DEMO_USERS, DemoUser
from server.simulation.people import Recruit, recruit
from sync.client import Client, Line
from tests.build import PASSWORD, County
from tests.serving import closing_answers


class _Quiet(WSGIRequestHandler):
    # Answers of other versions end the connection, which is what a client should not rely upon.
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing: the test's own words matter."""


@dataclass
class Place:
    """The product at an address."""

    url: str
    county: County
    folder: Path

    def recruits(self, count: int) -> list[Recruit]:
        """Return workers with cells and codes."""
        with self.county.transaction() as session:
            return recruit(session, count, datetime.now(UTC))

    def client(self, name: str = "t", patience_s: float = 20.0) -> Client:
        """Return an enrolled tablet of the worker sim1."""
        client = Client(self.url, self.folder / f"{name}.db", line=Line(self.url, patience_s=patience_s))
        client.enrol(self.code())
        return client

    def code(self) -> str:
        """Return a code for the worker sim1."""
        self.recruits(1)
        with self.county.transaction() as session:
            made = enrolment.make_code(session, username="sim1", actor=None, now=datetime.now(UTC))
        return made.enrolment_code

    def employ(self) -> None:
        """Make the demo people of a fresh installation, with one password."""
        for user in DEMO_USERS:
            self._employ(user)

    def _employ(self, user: DemoUser) -> None:
        with self.county.transaction() as session:
            communities.create_person(
                session,
                username=user.username,
                role=user.role,
                unit_code=user.unit,
                cells=user.cells,
                password=PASSWORD,
                actor=None,
                now=datetime.now(UTC),
            )


@pytest.fixture
def place(county: County, tmp_path: Path) -> Iterator[Place]:
    settings = replace(county.settings, pool_size=12)
    app = create_app(settings)
    server = make_server("127.0.0.1", 0, closing_answers(app), threaded=True, request_handler=_Quiet)
    serving = Thread(target=server.serve_forever, daemon=True)
    serving.start()
    yield Place(f"http://127.0.0.1:{server.server_port}", county, tmp_path)
    server.shutdown()
    serving.join()
    server.server_close()
    app.extensions["wangge.database"].engine.dispose()
    app.extensions["wangge.redis"].close()
