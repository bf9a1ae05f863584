"""Items that really kill the process at work, with SIGKILL, are found out and delay no other."""

from __future__ import annotations

import signal
import subprocess
import sys
from uuid import UUID

import pytest
import uuid6

from server.db import Database
from server.local.places import CHECKOUT
from sync import envelope, inbox
from tests.integration.sync.pushing import NOW, Tablet, an_item, rows


def go_on(url: str, what: str, tablet: Tablet) -> int:
    """Let a process of its own go on, and return how it ended."""
    words = [url, what, str(tablet.device_id), str(tablet.user_id)]
    module = "tests.integration.sync.killer"
    return subprocess.run([sys.executable, "-m", module, *words], cwd=CHECKOUT, check=False).returncode


@pytest.mark.parametrize(("what", "kind"), [("orphans", "note.write"), ("held", "moon.visit")])
def test_the_item_that_killed_two_processes_is_quarantined_and_its_neighbours_are_applied(
    db: Database, database_url: str, what: str, kind: str
) -> None:
    tablet = Tablet(db)
    items = [an_item(seq, type=kind, data={"killer": seq == 2}) for seq in (1, 2, 3)]
    if what == "held":
        tablet.push(items)
    else:
        body = tablet.body(items)
        with db.transaction() as session:
            read = envelope.read(body, max_mutations=500)
            inbox.store(session, UUID(str(uuid6.uuid7())), read, body, tablet.user_id, NOW)

    ends = [go_on(database_url, what, tablet) for _ in range(4)]

    assert -signal.SIGKILL in ends
    assert ends[-1] == 0
    found = [row[0] for row in rows(db, "SELECT status FROM sync.mutation ORDER BY seq")]
    assert found == ["applied", "quarantined", "applied"]
    assert rows(db, "SELECT rev FROM sync.entity_state WHERE entity = 'note'") == [(1,), (1,)]
