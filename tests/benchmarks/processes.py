"""What processes cost, read from /proc: processor time, and memory with shared pages shared out."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable
from pathlib import Path

TICKS_PER_S = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


def family(root: int) -> list[int]:
    """Return a process and everything that descends from it, as far as it lives."""
    found, unseen = [], [root]
    while unseen:
        pid = unseen.pop()
        found.append(pid)
        unseen += _children(pid)
    return found


def cpu_s(roots: Iterable[int]) -> float:
    """Return the processor seconds of these processes, their descendants, and what those waited for.

    A descendant that ends between two readings is not lost: its parent carries its time from then on.
    """
    return sum(_ticks(pid) for root in roots for pid in family(root)) / TICKS_PER_S


def pss_mb(roots: Iterable[int]) -> float:
    """Return the proportional set size of these processes and their descendants, in megabytes (10^6)."""
    return sum(own_pss_mb(pid) for root in roots for pid in family(root))


def own_pss_mb(pid: int) -> float:
    """Return the proportional set size of one process without its descendants, in megabytes (10^6)."""
    return _pss_kb(pid) * 1024 / 1e6


def signal_all(root: int, number: signal.Signals) -> None:
    """Send a signal to a process and its descendants, the ancestor first."""
    for pid in family(root):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


def _children(pid: int) -> list[int]:
    try:
        threads = list((PROC / str(pid) / "task").iterdir())
        return [int(child) for thread in threads for child in (thread / "children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def _ticks(pid: int) -> int:
    try:
        stat = (PROC / str(pid) / "stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    # The name in parentheses may hold anything; after it utime, stime, cutime, cstime are fields 14 to 17.
    return sum(int(field) for field in stat.rsplit(")", 1)[1].split()[11:15])


def _pss_kb(pid: int) -> int:
    try:
        lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
