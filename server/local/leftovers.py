"""What a supervisor that was itself killed left running, found by a mark in its environment."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

MARK = "WANGGE_RUNS_FROM"
PATIENCE_S = 5.0


def mark(checkout: Path) -> dict[str, str]:
    """Return the environment variable that every process of a running product carries."""
    return {MARK: str(checkout)}


def end(checkout: Path) -> int:
    """End every process that carries a checkout's mark, and return how many there were.

    PostgreSQL is not among them: its cluster ends it, so that it can shut down in order.
    """
    found = list(_marked(checkout))
    _signal(found, signal.SIGTERM)
    ends = time.monotonic() + PATIENCE_S
    while (alive := [pid for pid in found if Path(f"/proc/{pid}").exists()]) and time.monotonic() < ends:
        time.sleep(0.05)
    _signal(alive, signal.SIGKILL)
    return len(found)


def _marked(checkout: Path) -> Iterator[int]:
    wanted = os.fsencode(f"{MARK}={checkout}")
    own = _ancestry()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) in own:
            continue
        try:
            environment = (entry / "environ").read_bytes().split(b"\0")
            program = (entry / "comm").read_text().strip()
        except OSError:
            continue
        if wanted in environment and program != "postgres":
            yield int(entry.name)


def _ancestry() -> set[int]:
    """Return this process and those above it: a supervisor inside a product must not end itself."""
    pid, line = os.getpid(), set()
    while pid > 1:
        line.add(pid)
        pid = int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    return line


def _signal(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue
