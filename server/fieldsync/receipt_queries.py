"""The public keys of receipts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

_KEEP = text(
    "INSERT INTO sync.receipt_key (public_key, first_used_at) VALUES (:public_key, :now)"
    " ON CONFLICT DO NOTHING"
)
_KEYS = text("SELECT public_key FROM sync.receipt_key ORDER BY first_used_at DESC, public_key")


def keep_key(session: Session, public_key: bytes, now: datetime) -> None:
    """Keep a public key; it may stand already."""
    session.execute(_KEEP, {"public_key": public_key, "now": now})


def keys(session: Session) -> list[bytes]:
    """Return all public keys, the newest first."""
    return [bytes(key) for key in session.scalars(_KEYS)]
