"""Daily roots: what a signed statement about the whole ledger says, and the key it is signed with. Pure.

A statement is canonical JSON (RFC 8785). `heads` is the SHA-256 over the heads that moved since the root
before, in the order of their case ids: 16 bytes of case id, 4 bytes of seq (big endian), 32 bytes of the hash
of that entry. `prev` is the SHA-256 of the statement before, so that the newest root vouches for all of them.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sync.canonical import canonical
from sync.receipt import key_id

NO_HEADS = sha256(b"").hexdigest()


@dataclass(frozen=True, slots=True)
class Statement:
    """What one root says.

    Attributes:
        root: its number, from 1 without gap.
        day: the last local day that it covers wholly, ISO 8601.
        made_at: when it was made, ISO 8601 in UTC.
        moved: how many heads moved since the root before.
        heads: the hash over those, in hex.
        cases, entries: how many stand in the ledger altogether.
        prev: the hash of the statement before, in hex; None for the first.
    """

    root: int
    day: str
    made_at: str
    moved: int
    heads: str
    cases: int
    entries: int
    prev: str | None

    def as_text(self) -> str:
        """Return the text that is signed and hashed."""
        return canonical(asdict(self)).decode()


@dataclass(frozen=True, slots=True)
class Root:
    """A statement as it is stored, with its signature and the raw public key that checks it."""

    statement: str
    signature: bytes
    public_key: bytes

    @property
    def digest(self) -> str:
        """Return the hash of the root, in hex: the one line to write down elsewhere."""
        return sha256(self.statement.encode()).hexdigest()

    @property
    def key_id(self) -> str:
        """Return the RFC 7638 thumbprint of the key that signed it."""
        return key_id(self.public_key)

    @property
    def says(self) -> Statement:
        """Return the statement read.

        Raises:
            ValueError, TypeError: the text is no statement.
        """
        return Statement(**orjson.loads(self.statement))

    @property
    def genuine(self) -> bool:
        """Return whether the signature fits statement and key."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(
                self.signature, self.statement.encode()
            )
        except InvalidSignature:
            return False
        return True

    def as_json(self) -> dict[str, Any]:
        """Return the root as it is published; binary parts in hex."""
        return {
            "statement": self.statement,
            "says": asdict(self.says),
            "digest": self.digest,
            "signature": self.signature.hex(),
            "public_key": self.public_key.hex(),
            "key_id": self.key_id,
        }


class RootKey:
    """The key of the ledger's roots, derived from SECRET_KEY and stored nowhere."""

    def __init__(self, secret_key: str) -> None:
        seed = HKDF(SHA256(), 32, salt=None, info=b"wangge ledger roots").derive(secret_key.encode())
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.public_key = self._private.public_key().public_bytes_raw()
        self.key_id = key_id(self.public_key)

    def sign(self, statement: Statement) -> Root:
        """Return the signed root."""
        text = statement.as_text()
        return Root(text, self._private.sign(text.encode()), self.public_key)
