"""Serving the application from the test's own process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from threading import Thread
from typing import TYPE_CHECKING, Any

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wsgi import ClosingIterator

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def closing_answers(app: Flask) -> WSGIApplication:
    """Return the application with every answer read and closed before the server sends it.

    Werkzeug's server forgets to close an answer whose reader resets the line (granian does not).
    """

    def whole(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        with closing(ClosingIterator(app(environ, start_response))) as answer:
            return [b"".join(answer)]

    return whole


class Quiet(WSGIRequestHandler):
    """Serves without a word: the test's own words matter."""

    # Answers of other versions end the connection, which is what a client should not rely upon.
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Yield the address at which a thread of this process serves the application."""
    server = make_server("127.0.0.1", 0, closing_answers(app), threaded=True, request_handler=Quiet)
    serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        serving.join()
        server.server_close()
        app.extensions["wangge.database"].engine.dispose()
        app.extensions["wangge.redis"].close()
