"""Serve the built pages: `/`, hashed assets, and `index.html` for each address the pages route themselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from flask import Blueprint, Response, abort, redirect, send_from_directory
from flask.typing import ResponseReturnValue
from werkzeug.routing import BaseConverter

DIST = Path(__file__).parent / "dist"

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=()",
}
IMMUTABLE = "public, max-age=31536000, immutable"

NOT_BUILT = (
    "页面尚未构建：请运行 make run（或在 server/web 中运行 npm ci && npm run build）。\n"
    "The pages are not built yet: run make run (or npm ci && npm run build in server/web).\n"
)


def policy(beside: Sequence[str]) -> str:
    """Return the policy of pages: nothing from other hosts but the pictures of a base map."""
    pictures = "".join(f" {origin}" for origin in beside)
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self' 'unsafe-inline'",  # element-plus and maplibre-gl set style attributes
            f"img-src 'self' blob: data:{pictures}",
            f"connect-src 'self' blob:{pictures}",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


class PagePath(BaseConverter):
    """Any path that is no business of the APIs; those keep their own 404 and 405."""

    regex = r"(?!(?:api|sync|tiles|ogc|assets)(?:/|$)|(?:healthz|readyz)$).*"
    part_isolating = False


def blueprint(dist: Path = DIST, beside: Callable[[], Sequence[str]] = tuple) -> Blueprint:
    """Return the blueprint of the pages built into `dist`; 503 in plain words while nothing is built.

    Args:
        beside: returns the hosts that pages may load the pictures of a base map from.
    """
    pages = Blueprint("web", __name__)
    pages.record_once(lambda state: state.app.url_map.converters.update(page=PagePath))

    def asset(name: str) -> Response:
        """Answer a file whose name holds its hash: it never changes."""
        return _dressed(send_from_directory(dist / "assets", name), IMMUTABLE, ())

    def page(path: str = "") -> ResponseReturnValue:
        """Answer a built file, or the page that routes this address itself."""
        if not (dist / "index.html").is_file():
            return _not_built()
        if path and "/" not in path and (dist / path / "index.html").is_file():
            return redirect(f"/{path}/", 308)  # the service worker's scope begins with the slash
        return _dressed(send_from_directory(dist, _file_for(dist, path)), "no-cache", beside())

    pages.add_url_rule("/assets/<path:name>", view_func=asset)
    pages.add_url_rule("/", view_func=page)
    pages.add_url_rule("/<page:path>", view_func=page)
    return pages


def _file_for(dist: Path, path: str) -> str:
    """Return the built file that answers a path: itself, the index of its entry, or the office's index."""
    entry, slash, _ = path.partition("/")
    index = f"{entry}/index.html" if slash and (dist / entry / "index.html").is_file() else "index.html"
    if "." not in path.rpartition("/")[2]:
        return index
    if not (dist / path).is_file():
        abort(404)
    return path


def _dressed(response: Response, cache_control: str, beside: Sequence[str]) -> Response:
    response.headers.update(HEADERS)
    response.headers["Content-Security-Policy"] = policy(beside)
    response.headers["Cache-Control"] = cache_control
    return response


def _not_built() -> Response:
    return Response(NOT_BUILT, status=503, content_type="text/plain; charset=utf-8")
