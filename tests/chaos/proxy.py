"""A proxy that breaks the line on purpose, as a seed wants it.

`python -m tests.chaos.proxy --to http://127.0.0.1:8000 --seed 7 --rate 0.2` prints its address and serves
until Ctrl-C; Python tests use `Proxy` as a context.
"""

from __future__ import annotations

import socket
import socketserver
import struct
import threading
import time
from collections import Counter
from typing import Any
from urllib.parse import urlsplit

import click

from tests.chaos.faults import Draw, Fault
from tests.chaos.wire import Request, own_answer, read_request

CONNECT_S, READ_S = 5.0, 60.0
PIECE = 64 * 1024
AT_ONCE = struct.pack("ii", 1, 0)


class Proxy:
    """Carries requests to one server.

    Attributes:
        draw: decides on faults; may be replaced while requests pass.
        faults: how many requests met which fault, and `down` for those that found no server.
        requests: how many came in.
    """

    def __init__(self, to: str, draw: Draw, *, port: int = 0) -> None:
        target = urlsplit(to)
        self._to = (target.hostname or "127.0.0.1", target.port or 80)
        self.draw = draw
        self.faults: Counter[str] = Counter()
        self.requests = 0
        self._counting = threading.Lock()
        self._late: list[threading.Thread] = []
        self._server = _Server(("127.0.0.1", port), self)
        self._serving = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        """Return the proxy's own address."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Proxy:
        self._serving.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.settle()
        self._server.shutdown()
        self._serving.join()
        self._server.server_close()

    def calm(self) -> None:
        """Let everything pass from now on, and wait for what is still on its way."""
        self.draw = Draw(self.draw.seed, 0)
        self.settle()

    def settle(self) -> None:
        """Wait until what was held back has been delivered."""
        while self._late:
            self._late.pop().join()

    def carry(self, request: Request, client: socket.socket) -> None:
        """Carry one request to the server and its answer back, or what a fault makes of it."""
        with self._counting:
            self.requests += 1
            fault = self.draw.fault(self.requests)
            if fault is not None:
                self.faults[fault.kind] += 1
        answer = self._answer(request, fault)
        if answer:
            client.sendall(answer)
        if fault is not None and fault.abrupt and fault.kind in ("lost_before", "lost_after", "answer_cut"):
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)

    def _answer(self, request: Request, fault: Fault | None) -> bytes:
        """Return the bytes to answer with; none ends the connection without an answer."""
        kind = fault.kind if fault is not None else ""
        if fault is None:
            return self._ask(request)
        if kind == "lost_before":
            return b""
        if kind == "request_cut":
            return self._ask(request, int(fault.share * len(request.raw)), abrupt=fault.abrupt)
        if kind == "late":
            return self._hold_back(request, fault.pause_s)
        if kind == "refused":
            return own_answer(fault.status)
        if kind == "delayed":
            time.sleep(fault.pause_s)
        if kind == "repeated":
            self._ask(request)
        answer = self._together(request) if kind == "together" else self._ask(request)
        if kind == "refused_after":
            return own_answer(fault.status)
        if kind == "answer_cut":
            return answer[: int(fault.share * len(answer))]
        return b"" if kind == "lost_after" else answer

    def _ask(self, request: Request, cut: int | None = None, *, abrupt: bool = False) -> bytes:
        """Send a request, or its first `cut` bytes, and return all the bytes that come back."""
        try:
            with socket.create_connection(self._to, timeout=CONNECT_S) as server:
                server.settimeout(READ_S)
                server.sendall(request.raw[:cut])
                if cut is not None:
                    if abrupt:
                        server.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
                    return b""
                return b"".join(iter(lambda: server.recv(PIECE), b""))
        except OSError:
            with self._counting:
                self.faults["down"] += 1
            return b""

    def _together(self, request: Request) -> bytes:
        answers: list[bytes] = []
        twins = [threading.Thread(target=lambda: answers.append(self._ask(request))) for _ in range(2)]
        for twin in twins:
            twin.start()
        for twin in twins:
            twin.join()
        return answers[0]

    def _hold_back(self, request: Request, pause_s: float) -> bytes:
        """Deliver a request after others have overtaken it; nobody hears the answer."""

        def deliver() -> None:
            time.sleep(pause_s)
            self._ask(request)

        late = threading.Thread(target=deliver, daemon=True)
        late.start()
        self._late = [one for one in self._late if one.is_alive()] + [late]
        return b""


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], proxy: Proxy) -> None:
        super().__init__(address, _Handler)
        self.proxy = proxy

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a caller that hung up is what this is about."""


class _Handler(socketserver.StreamRequestHandler):
    server: _Server
    timeout = READ_S

    def handle(self) -> None:
        """Carry one request; its connection ends with it."""
        request = read_request(self.rfile)
        if request is not None:
            self.server.proxy.carry(request, self.connection)


@click.command()
@click.option("--to", required=True, help="The server's address.")
@click.option("--seed", default=7, show_default=True)
@click.option("--rate", default=0.2, show_default=True, type=click.FloatRange(0, 1))
@click.option("--port", default=0, help="Where to listen; 0 takes a free port.")
def main(to: str, seed: int, rate: float, port: int) -> None:
    """Break the line to a server as a seed wants it, until Ctrl-C."""
    with Proxy(to, Draw(seed, rate), port=port) as proxy:
        click.echo(proxy.url)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            click.echo(f"{proxy.requests} requests, {dict(proxy.faults)}")


if __name__ == "__main__":
    main()
