"""Letting held items go on, and looking at what became of everything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from server.db import Database
from sync.decide import Ports
from sync.mutations import Sender
from sync.release import SenderOf, release
from tests.integration.sync.pushing import NOW, Tablet, ports, rows

LATER = NOW + timedelta(minutes=1)


def senders(*tablets: Tablet) -> SenderOf:
    """Return who stands behind each of these tablets."""
    known = {tablet.device_id: tablet.sender for tablet in tablets}

    def sender_of(session: Session, device_id: UUID, user_id: UUID) -> Sender | None:
        return known.get(device_id)

    return sender_of


def let_go(db: Database, tablets: Sequence[Tablet], how: Ports | None = None) -> int:
    """Let held items go on; return how many were decided."""
    return release(db.transaction, how or ports(), senders(*tablets), LATER)


def fates(db: Database) -> dict[tuple[UUID, int], str]:
    """Return the present status of every item that is no clash, by device and seq."""
    found = rows(db, "SELECT device_id, seq, status FROM sync.mutation WHERE NOT clash")
    return {(UUID(str(row[0])), row[1]): row[2] for row in found}


def told(db: Database) -> list[tuple[int, str]]:
    """Return seq and status of every outcome that travels, by the order in which they were given."""
    found = rows(
        db,
        "SELECT s.body ->> 'seq', s.body ->> 'status' FROM sync.entity_state s JOIN sync.outcome o"
        " ON o.outcome_id::text = s.entity_id WHERE s.entity = 'outcome' ORDER BY o.outcome_id",
    )
    return [(int(row[0]), row[1]) for row in found]
