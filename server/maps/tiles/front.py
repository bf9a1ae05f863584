"""Tiles that need no database are answered before Flask: its routing costs more than such a tile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NoReturn

from werkzeug.http import parse_etags

from geo.datum import Datum
from geo.errors import GeoError
from geo.layers import Layer
from geo.tiles import tile_of
from server.auth.request import ON_BEHALF_OF
from server.auth.tokens import read_access_token
from server.maps.kept import Kept
from server.maps.reader import named
from server.maps.standing import Reader
from server.maps.tiles import service
from server.maps.tiles.linking import MVT
from server.problems import DomainError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication

HEADERS = {"Cache-Control": "private, no-cache", "Vary": "Authorization"}
_DATUMS: Mapping[str, Datum] = {
    "": "wgs84",
    "coord=wgs84": "wgs84",
    "coord=gcj02": "gcj02",
    "coord=bd09": "bd09",
}
_BEHALF = f"HTTP_{ON_BEHALF_OF.upper().replace('-', '_')}"
Environ = dict[str, Any]


class _NotHere(Exception):
    """The answer needs the database, or the request is one of the rarer kinds."""


class KeptTiles:
    """A WSGI application before another, which answers all that this one does not know to answer.

    It answers whom an access token names, with tiles that are kept, that the caller holds already, or that
    are cut from points that the process holds. What is wrong with a request is for the application to say.

    Args:
        extensions: the application's, which hold what is kept.
    """

    def __init__(
        self,
        application: WSGIApplication,
        layers: Mapping[str, Layer],
        extensions: dict[str, Any],
        secret: str,
    ) -> None:
        self._application, self._layers = application, layers
        self._extensions, self._secret = extensions, secret

    def __call__(self, environ: Environ, start: StartResponse, /) -> Iterable[bytes]:
        """Answer a request."""
        if environ["PATH_INFO"].startswith("/tiles/") and environ["REQUEST_METHOD"] == "GET":
            try:
                return _answer(self._drawn(environ), start)
            except (_NotHere, DomainError, GeoError):
                pass
        return self._application(environ, start)

    def _drawn(self, environ: Environ) -> service.Drawn:
        layer, at = self._named(environ["PATH_INFO"].split("/"))
        datum = _DATUMS.get(environ.get("QUERY_STRING", ""))
        scheme, _, token = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
        if datum is None or scheme != "Bearer" or _BEHALF in environ:
            raise _NotHere
        now = datetime.now(UTC)
        claims = read_access_token(token, self._secret, now)
        reader = Reader(named(claims.user_id, claims.device_id), _not_here, _not_here, now)
        held = parse_etags(environ.get("HTTP_IF_NONE_MATCH"))
        asking = service.Asking(layer, tile_of(*at), reader, held.contains_weak, datum)
        kept: Kept = self._extensions["wangge.tiles"]
        return service.draw(kept, service.held_points(self._extensions), asking)

    def _named(self, parts: list[str]) -> tuple[Layer, tuple[str, str, str]]:
        if len(parts) != 6 or not parts[5].endswith(".mvt") or parts[2] not in self._layers:
            raise _NotHere
        return self._layers[parts[2]], (parts[3], parts[4], parts[5].removesuffix(".mvt"))


def _answer(drawn: service.Drawn, start: StartResponse) -> Iterable[bytes]:
    told = [*HEADERS.items(), ("ETag", f'"{drawn.etag}"')]
    if drawn.body is None:
        start("304 NOT MODIFIED", told)
        return ()
    start("200 OK", [("Content-Type", MVT), ("Content-Length", str(len(drawn.body))), *told])
    return (drawn.body,)


def _not_here() -> NoReturn:
    raise _NotHere
