"""What each fault of the proxy does, seen from both of its ends."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO

import pytest
import requests

from tests.chaos.faults import KINDS, Draw, Fault
from tests.chaos.proxy import Proxy
from tests.chaos.wire import read_request

BODY = b"x" * 5000


SEEN = [
    (Fault("lost_before"), "broken", 0),
    (Fault("lost_before", abrupt=True), "broken", 0),
    (Fault("lost_after"), "broken", 1),
    (Fault("request_cut", share=0.5), "broken", 0),
    (Fault("request_cut", share=0.0), "broken", 0),
    (Fault("request_cut", share=0.99, abrupt=True), "broken", 0),
    (Fault("answer_cut", share=0.9), "broken", 1),
    (Fault("repeated"), "done", 2),
    (Fault("together"), "done", 2),
    (Fault("late", pause_s=0.05), "broken", 1),
    (Fault("delayed", pause_s=0.01), "done", 1),
    (Fault("refused", status=502), "502", 0),
    (Fault("refused_after", status=504), "504", 1),
]


@dataclass
class Server:
    """A server that remembers what reached it whole."""

    url: str = ""
    acted: list[bytes] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Always(Draw):
    """Lets every request meet the same fault."""

    met: Fault = field(default_factory=lambda: Fault("delayed"))

    def fault(self, number: int) -> Fault | None:
        return self.met


@pytest.fixture
def server() -> Iterator[Server]:
    told = Server()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            body = self.rfile.read(length)
            if len(body) < length:
                return
            told.acted.append(body)
            answer = b"done " + body[:10]
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """Say nothing of lines that break: they are meant to."""

    with Quiet(("127.0.0.1", 0), Handler) as listening:
        serving = threading.Thread(target=listening.serve_forever, args=(0.02,))
        serving.start()
        told.url = f"http://127.0.0.1:{listening.server_port}"
        yield told
        listening.shutdown()
        serving.join()


def asked(proxy: Proxy) -> str:
    """Return what a caller sees."""
    try:
        answer = requests.post(proxy.url, data=BODY, timeout=20)
    except requests.RequestException:
        return "broken"
    return f"{answer.status_code}" if answer.status_code != 200 else answer.text[:4]


@pytest.mark.parametrize(("fault", "seen", "acted"), SEEN)
def test_a_fault_is_seen_at_both_ends(server: Server, fault: Fault, seen: str, acted: int) -> None:
    with Proxy(server.url, Always(0, 1.0, met=fault)) as proxy:
        assert asked(proxy) == seen

    assert server.acted == [BODY] * acted
    assert proxy.faults == {fault.kind: 1}


def test_every_kind_of_fault_is_drawn_and_tried_above() -> None:
    drawn = {fault.kind for number in range(500) if (fault := Draw(1, 1.0).fault(number))}

    assert drawn == set(KINDS) == {fault.kind for fault, _, _ in SEEN}


def test_a_calm_line_lets_everything_pass(server: Server) -> None:
    with Proxy(server.url, Always(0, 1.0, met=Fault("refused"))) as proxy:
        proxy.calm()

        assert [asked(proxy) for _ in range(5)] == ["done"] * 5


def test_what_is_late_is_overtaken_by_what_was_sent_afterwards(server: Server) -> None:
    with Proxy(server.url, Always(0, 1.0, met=Fault("late", pause_s=0.3))) as proxy:
        asked(proxy)
        proxy.draw = Draw(0, 0)
        requests.post(proxy.url, data=b"second", timeout=20)

    assert server.acted == [b"second", BODY]


def test_a_server_that_is_down_is_a_broken_line() -> None:
    with Proxy("http://127.0.0.1:1", Draw(0, 0)) as proxy:
        assert asked(proxy) == "broken"

    assert proxy.faults == {"down": 1}


def test_the_same_seed_draws_the_same_faults() -> None:
    def drawn(seed: int) -> list[Fault | None]:
        return [Draw(seed, 0.3).fault(number) for number in range(200)]

    assert drawn(4) == drawn(4)
    assert drawn(4) != drawn(5)
    assert 30 < sum(fault is not None for fault in drawn(4)) < 90


@pytest.mark.parametrize(
    ("sent", "body"),
    [
        (b"POST /a HTTP/1.1\r\nContent-Length: 3\r\nConnection: keep-alive\r\n\r\nabcdef", b"abc"),
        (b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n", b""),
        (
            b"POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
            b"3\r\nabc\r\n0\r\n\r\n",
        ),
    ],
)
def test_a_request_is_read_whole_and_ends_its_connection(sent: bytes, body: bytes) -> None:
    request = read_request(BytesIO(sent))

    assert request is not None
    assert request.body == body
    assert request.head.endswith(b"Connection: close\r\n\r\n")
    assert b"keep-alive" not in request.head


@pytest.mark.parametrize("length", [0, 5, 20, 40, 60, 75])
def test_a_request_that_was_cut_is_none(length: int) -> None:
    whole = b"POST /a HTTP/1.1\r\nContent-Length: 30\r\nHost: x\r\n\r\n" + os.urandom(30)

    assert read_request(BytesIO(whole[:length])) is None
