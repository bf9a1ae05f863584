"""SIGKILL for the processes of a running product, as a seed wants it; its supervisor starts them again."""

from __future__ import annotations

import os
import random
import signal
import threading
from collections import Counter
from pathlib import Path

from tests.benchmarks.processes import family

VICTIMS = ("web", "web", "worker", "scheduler", "postgres", "redis")
WHOLE = 0.5


class Killer:
    """Kills one process after another from a thread of its own.

    Attributes:
        kills: how often each was killed; `web child` and `postgres child` are single processes of theirs.
    """

    def __init__(self, run: Path, draw: random.Random, *, every_s: tuple[float, float]) -> None:
        """Begin with the context.

        Args:
            run: the folder of pid files.
            every_s: the shortest and the longest pause between two kills.
        """
        self._run, self._draw, self._every_s = run, draw, every_s
        self.kills: Counter[str] = Counter()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._go_on, name="killer", daemon=True)

    def __enter__(self) -> Killer:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Kill nothing any more."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join()

    def kill(self, name: str, *, whole: bool) -> bool:
        """Kill a service's first process, or one of its children; return whether there was one."""
        pid = self._pid(name)
        children = [] if pid is None else family(pid)[1:]
        victim = pid if whole or not children else self._draw.choice(children)
        if victim is None or not _killed(victim):
            return False
        self.kills[name if victim == pid else f"{name} child"] += 1
        return True

    def _go_on(self) -> None:
        while not self._ending.wait(self._draw.uniform(*self._every_s)):
            name = self._draw.choice(VICTIMS)
            has_children = name in ("web", "postgres")
            self.kill(name, whole=not has_children or self._draw.random() < WHOLE)

    def _pid(self, name: str) -> int | None:
        """Return the process named by a pid file, if it lives."""
        try:
            pid = int((self._run / f"{name}.pid").read_text())
            os.kill(pid, 0)
        except (OSError, ValueError):
            return None
        return pid


def _killed(pid: int) -> bool:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True
