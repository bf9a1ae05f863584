"""Who makes the request that a route serves."""

from __future__ import annotations

import random
from uuid import UUID

from flask import current_app, g, request

from server.auth import queries, tokens
from server.auth.actor import Actor
from server.auth.errors import DeviceRevoked, NotADevice, NotSignedIn
from server.auth.leases import Leases
from server.auth.stand_ins import service as stand_ins
from server.auth.stand_ins.errors import NotStandingIn, StandInNotHere
from server.request import database, now, redis, session, settings

ON_BEHALF_OF = "X-On-Behalf-Of"
_READING = frozenset(("GET", "HEAD"))


def actor() -> Actor:
    """Return the signed-in person, at a desk or at a tablet; a stand-in reads with the eyes of the absent.

    Raises:
        NotSignedIn, TokenExpired: no token, not ours, or too old.
        DeviceRevoked: the token belongs to a tablet that was switched off.
        NotStandingIn: see `actor_or_stand_in`.
        StandInNotHere: something is to be written that a person does in their own name only.
    """
    if ON_BEHALF_OF in request.headers and request.method not in _READING:
        raise StandInNotHere
    return actor_or_stand_in()


def actor_or_stand_in() -> Actor:
    """Return the signed-in person, in the place of whom the header `X-On-Behalf-Of` names by id, if anybody.

    Raises:
        NotSignedIn, TokenExpired, DeviceRevoked: see `actor`.
        NotStandingIn: the person does not stand in for that one now.
    """
    found = _bearer()
    if found.device_revoked:
        raise DeviceRevoked
    named = request.headers.get(ON_BEHALF_OF)
    if named is None:
        return found
    if "stand_in" not in g:
        g.stand_in = stand_ins.stand_in_for(session(), found, _named(named), now())
    standing: Actor = g.stand_in
    return standing


def _named(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotStandingIn from None


def device_actor() -> Actor:
    """Return the person at an enrolled tablet; `device_revoked` is for the caller to judge.

    No transaction is open afterwards that was not open before.

    Raises:
        NotSignedIn, TokenExpired: no token, not ours, or too old.
        NotADevice: the token is no tablet's.
    """
    found = _bearer()
    if found.device_id is None:
        raise NotADevice
    return found


def claimed() -> tokens.Claims | None:
    """Return what the request's access token says by itself; None where it brings none.

    Nothing asks the database whether the person is still active: that is for the caller to know.

    Raises:
        NotSignedIn, TokenExpired: the token is not ours, or too old.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        return None
    return tokens.read_access_token(token.strip(), settings().secret_key, now())


def leases() -> Leases:
    """Return the process's count of what devices do at once."""
    found: Leases | None = current_app.extensions.get("wangge.leases")
    if found is None:
        found = Leases(redis(), random.Random())
        current_app.extensions["wangge.leases"] = found
    return found


def _bearer() -> Actor:
    if "actor" not in g:
        g.actor = _found()
    known: Actor = g.actor
    return known


def _found() -> Actor:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NotSignedIn
    return person_of(token)


def person_of(token: str) -> Actor:
    """Return whose access token this is; `device_revoked` is for the caller to judge.

    Raises:
        NotSignedIn, TokenExpired: not ours, or too old.
    """
    claims = tokens.read_access_token(token.strip(), settings().secret_key, now())
    person = _person(claims)
    if person is None:
        raise NotSignedIn
    return person


def _person(claims: tokens.Claims) -> Actor | None:
    if claims.device_id is None:
        return queries.actor_by_id(session(), claims.user_id, None)
    # Tablets' requests have transactions of their own, after bytes that come over a slow line.
    with database().look() as looking:
        return queries.actor_by_id(looking, claims.user_id, claims.device_id)
