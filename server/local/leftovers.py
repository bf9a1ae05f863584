"""What a supervisor that was itself killed left running, found by a mark in its environment."""

from __future__ import annotations

import os
import signal
import time
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
    found = _marked(checkout)
    _signal(found, signal.SIGTERM)
    ends = time.monotonic() + PATIENCE_S
    while (alive := _marked(checkout)) and time.monotonic() < ends:
        time.sleep(0.05)
    _signal(alive, signal.SIGKILL)
    return len(found)


def _marked(checkout: Path) -> list[int]:
    own = _ancestry()
    processes = (entry for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return [int(p.name) for p in processes if int(p.name) not in own and _carries_mark(p, checkout)]


def _carries_mark(process: Path, checkout: Path) -> bool:
    """Return whether a living process carries the mark; a dead one nobody waited for has none."""
    try:
        environment = (process / "environ").read_bytes().split(b"\0")
        program = (process / "comm").read_text().strip()
    except OSError:
        return False
    return os.fsencode(f"{MARK}={checkout}") in environment and program != "postgres"


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
