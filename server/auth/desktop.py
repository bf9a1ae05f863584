"""Signing in from desktop GIS, which know HTTP Basic or an address line, and visitors who show nothing."""

from __future__ import annotations

import hmac
from typing import NamedTuple

from flask import current_app, g, request

from server.auth import passwords, queries, service, tokens
from server.auth.actor import Actor
from server.auth.errors import DeviceRevoked, NotSignedIn, WrongCredentials
from server.auth.request import actor, person_of
from server.auth.routes import attempts
from server.request import now, session, settings

LONGEST = 1024
MOST_REMEMBERED = 1000


class Visitor(NamedTuple):
    """Who asks; `actor` is None for somebody who showed nothing, `token` what the address line held."""

    actor: Actor | None
    token: str | None


def visitor() -> Visitor:
    """Return who makes this request, by `Authorization: Bearer` or `Basic`, or by `?token=`.

    Raises:
        NotSignedIn, TokenExpired, WrongCredentials, TooManyRequests: what was shown is no good.
        DeviceRevoked: the token belongs to a tablet that was switched off.
    """
    if "visitor" not in g:
        g.visitor = _visitor()
    found: Visitor = g.visitor
    return found


def token_in_address() -> str | None:
    """Return the token of the address line, None where the request signs in by a header or shows nothing."""
    return None if request.headers.get("Authorization") else request.args.get("token")


def claimed_in_address() -> tokens.Claims | None:
    """Return what the token of the address line says by itself; see `request.claimed`.

    Raises:
        NotSignedIn, TokenExpired: the token is not ours, or too old.
    """
    token = token_in_address()
    return None if token is None else tokens.read_access_token(token.strip(), settings().secret_key, now())


def _visitor() -> Visitor:
    scheme = request.headers.get("Authorization", "").partition(" ")[0].lower()
    if scheme == "basic":
        return Visitor(_by_password(), None)
    if scheme:
        return Visitor(actor(), None)
    token = token_in_address()
    if token is None:
        return Visitor(None, None)
    person = person_of(token)
    if person.device_revoked:
        raise DeviceRevoked
    return Visitor(person, token)


def _by_password() -> Actor:
    shown = request.authorization
    name, password = (shown.username, shown.password) if shown else (None, None)
    if name is None or password is None or not _storable(name + password):
        raise WrongCredentials
    plain, address = service.plain_name(name), request.remote_addr or ""
    attempts().check(plain, address)
    try:
        user = service.proven(session(), name, password, _fits)
    except WrongCredentials:
        attempts().failed(plain, address)
        raise
    person = queries.actor_by_id(session(), user.user_id, None)
    if person is None:
        raise NotSignedIn
    return person


def _storable(text: str) -> bool:
    return (
        len(text) <= LONGEST and "\0" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)
    )


def _fits(password_hash: str | None, password: str) -> bool:
    """Return whether the password made this hash.

    Desktop GIS send the password with each of hundreds of requests, and comparing is slow on purpose: what
    was right once is remembered by a keyed digest that another password, or another hash, does not have.
    """
    digest = hmac.digest(settings().secret_key.encode(), f"{password_hash}\0{password}".encode(), "sha256")
    remembered: set[bytes] = current_app.extensions.setdefault("wangge.remembered", set())
    if password_hash is not None and digest in remembered:
        return True
    if not passwords.fits(password_hash, password):
        return False
    if len(remembered) >= MOST_REMEMBERED:
        remembered.clear()
    remembered.add(digest)
    return True
