"""What was stored and never got a result is found and applied, and a killer item is found out."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
import uuid6
from sqlalchemy.orm import Session

from server.db import Database
from sync import envelope, inbox
from sync.decide import Ports
from sync.mutations import Mutation, Outcome
from sync.orphans import apply_orphans
from tests.integration.sync.pushing import NOW, Tablet, an_item, command, ports, rows, write_note

LATER = NOW + timedelta(minutes=6)


class Killed(BaseException):
    """The process dies here."""


def die(session: Session, mutation: Mutation) -> Outcome:
    """Take the process down, unless the item is harmless."""
    if mutation.data.get("killer"):
        raise Killed
    return write_note(session, mutation)


def leave(db: Database, tablet: Tablet, items: list[dict[str, object]]) -> None:
    """Store an envelope as a process would that dies before applying it."""
    body = tablet.body(items)
    with db.transaction() as session:
        read = envelope.read(body, max_mutations=500)
        inbox.store(session, UUID(str(uuid6.uuid7())), read, body, tablet.user_id, NOW)


def clear_up(db: Database, tablet: Tablet, how: Ports | None = None) -> int:
    return apply_orphans(db.transaction, how or ports(), lambda s, device, user: tablet.sender, LATER)


def results(db: Database) -> list[str]:
    return [row[0] for row in rows(db, "SELECT status FROM sync.mutation ORDER BY seq")]


def test_an_orphaned_envelope_is_applied_once(db: Database) -> None:
    tablet = Tablet(db)
    leave(db, tablet, [an_item(1), an_item(2)])

    assert [clear_up(db, tablet), clear_up(db, tablet)] == [1, 0]
    assert results(db) == ["applied", "applied"]


def test_an_envelope_that_is_young_is_left_to_its_request(db: Database) -> None:
    tablet = Tablet(db)
    leave(db, tablet, [an_item(1)])

    assert apply_orphans(db.transaction, ports(), lambda s, d, u: tablet.sender, NOW) == 0


def test_what_the_tablet_sent_again_meanwhile_is_not_done_twice(db: Database) -> None:
    tablet = Tablet(db)
    items = [an_item(1)]
    leave(db, tablet, items)
    tablet.push(items)

    clear_up(db, tablet)

    assert rows(db, "SELECT rev FROM sync.entity_state") == [(1,)]
    assert rows(db, "SELECT DISTINCT state FROM sync.envelope") == [("applied",)]


def test_the_item_that_takes_processes_down_is_quarantined_alone(db: Database) -> None:
    tablet = Tablet(db)
    deadly = ports(command(obey=die))
    leave(db, tablet, [an_item(1), an_item(2, data={"killer": True}), an_item(3)])

    for _ in range(2):
        with pytest.raises(Killed):
            clear_up(db, tablet, deadly)
    clear_up(db, tablet, deadly)

    assert results(db) == ["applied", "quarantined", "applied"]
    assert rows(db, "SELECT state FROM sync.envelope") == [("applied",)]
