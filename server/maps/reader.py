"""Who reads a layer over HTTP: by a token, by a desktop GIS's password or address line, or nobody known."""

from __future__ import annotations

from flask import current_app

from server.auth.actor import Actor
from server.auth.desktop import claimed_in_address, visitor
from server.auth.errors import NotSignedIn
from server.auth.request import actor, claimed
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


def _caller() -> str | None:
    claims = claimed() or claimed_in_address()
    if claims is not None:
        return f"{claims.user_id}:{claims.device_id or ''}"
    found = visitor().actor
    return None if found is None else f"{found.user_id}:"
