"""The product's own key for receipts, derived from SECRET_KEY: every process has it, a restore keeps it.

Another SECRET_KEY makes another key; the public halves of the old ones stay published.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy.orm import Session

from server.fieldsync import receipt_queries as queries
from sync.envelope import Envelope
from sync.receipt import Receipt, SigningKey, as_jwk, items_sha256


class Transactions(Protocol):
    """Whoever hands out transactions: the database."""

    def transaction(self) -> AbstractContextManager[Session]:
        """Return a session that is committed when the block ends."""


class Receipts:
    """Signs receipts; publishes its public key before the first one leaves this process."""

    def __init__(self, secret_key: str) -> None:
        seed = HKDF(SHA256(), 32, salt=None, info=b"wangge receipts").derive(secret_key.encode())
        self._key = SigningKey(seed)
        self._published = False

    def publish(self, database: Transactions, now: datetime) -> None:
        """Keep the public key in the database, once a process."""
        if not self._published:
            with database.transaction() as session:
                queries.keep_key(session, self._key.public_key, now)
            self._published = True

    def receipt(self, envelope: Envelope, answer: Mapping[str, Any], received_at: datetime) -> str:
        """Return the receipt for a batch that was just answered, new or replayed."""
        return self._key.sign(
            Receipt(
                device_id=envelope.device_id,
                batch_id=envelope.batch_id,
                first_seq=envelope.first_seq,
                last_seq=envelope.last_seq,
                items_sha256=items_sha256([item.digest for item in envelope.items]),
                acked_through=answer["acked_through"],
                received_at=received_at,
            )
        )


def published(session: Session) -> dict[str, Any]:
    """Return every public key that receipts were ever signed with, the newest first (RFC 7517)."""
    return {"keys": [as_jwk(public_key) for public_key in queries.keys(session)]}
