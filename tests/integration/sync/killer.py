"""A process that lets stored envelopes and held items go on, and dies of an item that kills.

python killer.py DATABASE_URL orphans|held DEVICE_ID USER_ID
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from server.db import Database, make_engine
from sync.mutations import Mutation, Outcome
from sync.orphans import apply_orphans
from sync.release import release
from tests.integration.sync.pushing import NOW, Tablet, command, ports, write_note
from tests.integration.sync.releasing import senders


def die(session: Session, mutation: Mutation) -> Outcome:
    """Die as a process does that the kernel kills for its memory."""
    if mutation.data.get("killer"):
        os.kill(os.getpid(), signal.SIGKILL)
    return write_note(session, mutation)


def main(url: str, what: str, device_id: str, user_id: str) -> None:
    """Go on once."""
    database = Database(make_engine(url, pool_size=2), {"travelling": {}})
    how = ports(command(obey=die), command("moon.visit", die))
    tablet = Tablet(database, how, UUID(device_id), UUID(user_id))
    go_on = apply_orphans if what == "orphans" else release
    go_on(database.transaction, how, senders(tablet), NOW + timedelta(minutes=6))


if __name__ == "__main__":
    main(*sys.argv[1:])
