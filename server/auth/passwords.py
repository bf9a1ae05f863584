"""Passwords, kept as Argon2id hashes."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP's second set: as strong as 64 MiB with fewer rounds, and eight sign-ins at once stay below 160 MiB.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hashed(password: str) -> str:
    """Return the Argon2id hash to keep."""
    return _HASHER.hash(password)


def fits(password_hash: str | None, password: str) -> bool:
    """Return whether the password made this hash; without a hash it takes as long and is false."""
    try:
        _HASHER.verify(password_hash or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


@cache
def _nobody() -> str:
    return _HASHER.hash("nobody has this password")
