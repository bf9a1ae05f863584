"""A web process that dies at its first inspection: everything is done but the commit.

`python -m tests.integration.fieldsync.dying` serves the addresses of its environment and prints its port.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from server import wiring
from server.app import create_app
from server.settings import from_environment
from sync.mutations import Mutation, Outcome, Sender

KIND = "inspection.create"
_real = wiring.COMMAND_TYPES[KIND]


def _do_and_die(
    session: Session, sender: Sender, mutations: Sequence[Mutation], now: datetime
) -> Sequence[Outcome]:
    _real.handler(session, sender, mutations, now)
    session.flush()
    os.kill(os.getpid(), signal.SIGKILL)
    return ()


def main() -> None:
    """Serve until the first inspection."""
    wiring.COMMAND_TYPES[KIND] = replace(_real, handler=_do_and_die)
    server = make_server("127.0.0.1", 0, create_app(from_environment()), threaded=True)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
