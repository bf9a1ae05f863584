from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from tests.build import County
from tests.integration.ledger.acting import Cast, a_cast


class Receiver:
    """A unit's own web server, which keeps what it is sent and answers as told."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((dict(self.headers), body))
                self.send_response(receiver.answers.pop(0) if receiver.answers else 204)
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook?unit=1"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    opened = Receiver()
    serving = Thread(target=opened.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    serving.start()
    yield opened
    opened.server.shutdown()
    serving.join()
    opened.server.server_close()


@pytest.fixture
def cast(county: County) -> Cast:
    return a_cast(county)
