"""The code that a resident follows a complaint by: told once, kept as a salted digest. Pure."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable

# No signs that are taken for one another when they are read out.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH = 10
SALT_BYTES = 16
# Stands in where no complaint has the number: a wrong number takes as long as a wrong code.
NOBODY = (b"\0" * SALT_BYTES, b"\0" * 32)


def new_code(random_bytes: Callable[[int], bytes]) -> str:
    """Return a code of 50 random bits, such as `7KD2M-XQ4HP`."""
    signs = "".join(ALPHABET[byte % len(ALPHABET)] for byte in random_bytes(LENGTH))
    return f"{signs[:5]}-{signs[5:]}"


def digest_of(code: str, salt: bytes) -> bytes:
    """Return what is kept of a code; case, blanks and dashes do not matter."""
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    return hashlib.scrypt(plain.encode("utf-8", "replace"), salt=salt, n=2**12, r=8, p=1, dklen=32)


def agrees(code: str, salt: bytes, digest: bytes) -> bool:
    """Return whether this is the code."""
    return hmac.compare_digest(digest_of(code, salt), digest)
