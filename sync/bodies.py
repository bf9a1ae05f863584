"""Envelopes as they are kept: as they came, or sealed where they may name people."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

SEALER = "envelope_sealer"


class Sealer(Protocol):
    """What a process hands its sessions, so that what names people does not lie open at rest."""

    def sealed(self, envelope_id: UUID, body: bytes) -> bytes:
        """Return what is kept of a body."""

    def opened(self, envelope_id: UUID, kept: bytes) -> bytes:
        """Return the body of which this was kept."""


def to_keep(session: Session, envelope_id: UUID, body: bytes) -> bytes:
    """Return what is kept of an envelope's body."""
    sealer: Sealer | None = session.info.get(SEALER)
    return body if sealer is None else sealer.sealed(envelope_id, body)


def as_sent(session: Session, envelope_id: UUID, kept: bytes) -> bytes:
    """Return an envelope's body as the tablet sent it."""
    sealer: Sealer | None = session.info.get(SEALER)
    return kept if sealer is None else sealer.opened(envelope_id, kept)
