"""The process behind a data directory, told apart from whoever else has its number now."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path


def serving(data: Path) -> int | None:
    """Return the process that serves a data directory; a stale pid file counts for nothing."""
    pid = _noted(data)
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return None
    return pid if os.fsencode(data) in words else None


def forget_stale_pid(data: Path) -> None:
    """Remove a pid file whose number belongs to another process by now, which PostgreSQL would believe.

    A number that belongs to none is left to PostgreSQL, which then also looks for orphaned backends.
    """
    noted = _noted(data)
    if noted is not None and serving(data) is None and Path(f"/proc/{noted}").exists():
        (data / "postmaster.pid").unlink(missing_ok=True)


def end(data: Path, *, at_once: bool = False, patience_s: float = 30) -> None:
    """End whatever serves a data directory, and return when it is gone; `at_once` skips the checkpoint."""
    pid = serving(data)
    if pid is None:
        return
    os.kill(pid, signal.SIGQUIT if at_once else signal.SIGINT)
    ends = time.monotonic() + patience_s
    while serving(data) == pid and time.monotonic() < ends:
        time.sleep(0.05)


def _noted(data: Path) -> int | None:
    try:
        return int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None
