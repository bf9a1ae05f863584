"""Tokens: access tokens are signed (JWT, HS256), refresh tokens are random and kept as digests."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

import jwt

from server.auth.errors import NotSignedIn, TokenExpired

ALGORITHM = "HS256"
AUDIENCE = "wangge"


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a sign-in, an enrolment or a refresh hands out; the access token lives `expires_in` seconds."""

    access_token: str
    refresh_token: str
    expires_in: int


@dataclass(frozen=True, slots=True)
class Claims:
    """What an access token says: whose it is and of which tablet."""

    user_id: UUID
    device_id: UUID | None


def access_token(claims: Claims, secret: str, now: datetime, life_s: int) -> str:
    """Return a signed access token."""
    body = {
        "sub": str(claims.user_id),
        "aud": AUDIENCE,
        "iat": int(now.timestamp()),
        "exp": int((now + timedelta(seconds=life_s)).timestamp()),
    }
    if claims.device_id is not None:
        body["dev"] = str(claims.device_id)
    return jwt.encode(body, secret, ALGORITHM)


def read_access_token(token: str, secret: str, now: datetime) -> Claims:
    """Return what an access token says.

    Raises:
        TokenExpired: it was good and is too old.
        NotSignedIn: it was not signed here.
    """
    claims, expires = _signed(token, secret)
    if expires <= now.timestamp():
        raise TokenExpired
    return claims


# What was signed once stays signed; whether it is too old, and whose it is now, is asked every time.
@lru_cache(maxsize=4096)
def _signed(token: str, secret: str) -> tuple[Claims, int]:
    try:
        body = jwt.decode(
            token,
            secret,
            [ALGORITHM],
            audience=AUDIENCE,
            options={"require": ["sub", "exp", "iat"], "verify_exp": False, "verify_iat": False},
        )
        claims = Claims(UUID(body["sub"]), UUID(body["dev"]) if "dev" in body else None)
        return claims, int(body["exp"])
    except (jwt.PyJWTError, ValueError, AttributeError, TypeError) as error:
        raise NotSignedIn from error


def new_refresh_token() -> str:
    """Return a refresh token that nobody can guess."""
    return secrets.token_urlsafe(32)


def digest(refresh_token: str) -> bytes:
    """Return what is kept of a refresh token."""
    return hashlib.sha256(refresh_token.encode("utf-8", "replace")).digest()
