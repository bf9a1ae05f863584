"""Serving the application from the test's own process."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from flask import Flask
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
