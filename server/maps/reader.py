"""Who reads a layer over HTTP: by a token, by a desktop GIS's password or address line, or nobody known."""

from __future__ import annotations

from uuid import UUID

from flask import current_app, request

from server.auth.actor import Actor
from server.auth.desktop import claimed_in_address, visitor
from server.auth.errors import NotSignedIn
from server.auth.request import ON_BEHALF_OF, actor, claimed
from server.maps.kept import Kept
from server.maps.standing import Reader
from server.request import now, redis, session


def reader() -> Reader:
    """Return who makes this request; what a token says by itself costs no question to the database.

    Raises:
        NotSignedIn, TokenExpired, WrongCredentials, TooManyRequests: what was shown is no good.
    """
    return Reader(caller=_caller(), actor=person, session=session, now=now())


def person() -> Actor:
    """Return who asks.

    Raises:
        NotSignedIn: nobody; see also `visitor`.
    """
    if claimed() is not None:
        return actor()
    found = visitor().actor
    if found is None:
        raise NotSignedIn
    return found


def kept() -> Kept:
    """Return what Redis keeps for the readers of maps."""
    found: Kept | None = current_app.extensions.get("wangge.tiles")
    if found is None:
        found = Kept(redis())
        current_app.extensions["wangge.tiles"] = found
    return found


def named(user_id: UUID, device_id: UUID | None, stands_for: UUID | None = None) -> str:
    """Return what tells a caller from all others: somebody in another's place sees what that one sees."""
    return f"{user_id}:{device_id or ''}:{stands_for or ''}"


def _caller() -> str | None:
    claims = claimed() or claimed_in_address()
    # Whether somebody still stands in is asked every time.
    if claims is not None and ON_BEHALF_OF not in request.headers:
        return named(claims.user_id, claims.device_id)
    found = visitor().actor
    return None if found is None else named(found.user_id, found.device_id, found.stands_for)
