"""Who complained, sealed at rest: whoever has only the database can neither read, alter nor swap it.

AES-256-GCM under a key derived from a secret of the process (HKDF, SHA-256); what a box is about is part of
what it authenticates. Telephone numbers are found by a keyed digest, as their plain hash could be guessed.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from secrets import token_bytes
from uuid import UUID

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy.orm import Session

from server.complaints.errors import IdentityUnreadable
from server.settings import Settings

KEYRING = "identities"
COMPLAINT, ORDER, ENVELOPE = "complaint", "hotline", "envelope"
# What a tablet sends of complaints names who complained; no JSON begins as a box does.
NAMES_PEOPLE = b"complaint."
FORM, KEY_ID_BYTES, NONCE_BYTES = b"\x01", 4, 12
_MOBILE = re.compile(r"(?:0*86)?(1[3-9][0-9]{9})")


class Keyring:
    """The keys of the process, the one that seals first; the others only open what they sealed once."""

    def __init__(self, secrets: Sequence[str]) -> None:
        keys = [_Key(secret) for secret in secrets]
        self._newest = keys[0]
        self._by_id = {key.key_id: key for key in reversed(keys)}

    @property
    def newest(self) -> bytes:
        """Return the beginning of every box that the newest key seals."""
        return FORM + self._newest.key_id

    def seal(self, kind: str, about: UUID, told: Mapping[str, str]) -> bytes:
        """Return a box that opens only for this record."""
        return self.seal_bytes(kind, about, orjson.dumps(dict(told)))

    def seal_bytes(self, kind: str, about: UUID, content: bytes) -> bytes:
        """Return a box, as `seal` does, of any bytes."""
        nonce = token_bytes(NONCE_BYTES)
        return self.newest + nonce + self._newest.cipher.encrypt(nonce, content, _about(kind, about))

    def open(self, kind: str, about: UUID, sealed: bytes) -> dict[str, str]:
        """Return what a box holds.

        Raises:
            IdentityUnreadable: no key here sealed it, or it was altered or belongs to another record.
        """
        found: dict[str, str] = orjson.loads(self.open_bytes(kind, about, sealed))
        return found

    def open_bytes(self, kind: str, about: UUID, sealed: bytes) -> bytes:
        """Return the bytes that a box holds; raises what `open` does."""
        form, key_id, rest = sealed[:1], sealed[1 : 1 + KEY_ID_BYTES], sealed[1 + KEY_ID_BYTES :]
        key = self._by_id.get(key_id)
        if form != FORM or key is None:
            raise IdentityUnreadable
        try:
            return key.cipher.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], _about(kind, about))
        except InvalidTag as error:
            raise IdentityUnreadable from error

    def digest(self, phone: str) -> bytes | None:
        """Return the digest by which a telephone number is found again; None for what has no digits."""
        return self._newest.digest(phone)

    def digests(self, phone: str) -> list[bytes]:
        """Return the digests that a number may stand under, sealed by whichever key."""
        found = (key.digest(phone) for key in self._by_id.values())
        return [one for one in found if one is not None]


class EnvelopeSealer:
    """Seals the envelopes of tablets that bring complaints; all others are kept as they came."""

    def __init__(self, keys: Keyring) -> None:
        self._keys = keys

    def sealed(self, envelope_id: UUID, body: bytes) -> bytes:
        """Return what is kept of a body."""
        return self._keys.seal_bytes(ENVELOPE, envelope_id, body) if NAMES_PEOPLE in body else body

    def opened(self, envelope_id: UUID, kept: bytes) -> bytes:
        """Return the body of which this was kept.

        Raises:
            IdentityUnreadable: no key here sealed it, or it was altered.
        """
        return self._keys.open_bytes(ENVELOPE, envelope_id, kept) if kept.startswith(FORM) else kept


class _Key:
    def __init__(self, secret: str) -> None:
        self.cipher = AESGCM(_derived(secret, b"seal"))
        self._digesting = _derived(secret, b"digest")
        self.key_id = sha256(_derived(secret, b"name")).digest()[:KEY_ID_BYTES]

    def digest(self, phone: str) -> bytes | None:
        digits = digits_of(phone)
        return hmac.digest(self._digesting, digits.encode(), "sha256") if digits else None


def keyring(settings: Settings) -> Keyring:
    """Return the keys of a process: that of `IDENTITY_KEY`, else of `SECRET_KEY`, and those from before."""
    return Keyring(settings.identity_secrets)


def keyring_of(session: Session) -> Keyring:
    """Return the keys that travel with a session."""
    found: Keyring = session.info[KEYRING]
    return found


def digits_of(phone: str) -> str:
    """Return the digits of a number as it is compared: a mobile one without the code of the country."""
    digits = re.sub(r"[^0-9]", "", phone)
    mobile = _MOBILE.fullmatch(digits)
    return mobile[1] if mobile else digits


def _derived(secret: str, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"wangge identity " + purpose).derive(secret.encode())


def _about(kind: str, about: UUID) -> bytes:
    return f"{kind}:{about}".encode()
