"""Processes that are kept alive: started, watched, started again, stopped with everything they started."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

from server.local.accounts import Launch

TICK_S = 0.2
SHORTEST_LIFE_S = 1.0
EARLY_S = 5.0
TOLD_DEATHS = 3


def _nothing() -> None:
    return None


class Process(Protocol):
    """What is asked of a started process: of `subprocess.Popen`, or of one that somebody else started."""

    @property
    def pid(self) -> int:
        """Return its id, which is its group's, too."""

    def poll(self) -> int | None:
        """Return None while it lives."""

    def wait(self, timeout: float | None = None) -> int:
        """Return when it has ended; raise `subprocess.TimeoutExpired` before that."""

    def send_signal(self, sig: int) -> None:
        """Send a signal, unless it has ended."""

    def kill(self) -> None:
        """End it at once."""


@dataclass(slots=True)
class Child:
    """One process to keep alive, with its log and its pid file."""

    name: str
    command: Sequence[str]
    launch: Launch
    log: Path
    pid_file: Path
    before: Callable[[], None] = _nothing
    stop_signal: signal.Signals = signal.SIGTERM
    patience_s: float = 10
    process: Process | None = field(default=None, init=False)
    started: float = field(default=0.0, init=False)
    early_deaths: int = field(default=0, init=False)

    def start(self) -> None:
        """Start it as leader of its own session: a Ctrl-C at the terminal reaches only the supervisor."""
        self.before()
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.pid_file.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = self._launched(log)
        self.started = time.monotonic()
        self._tell(self.process.pid)

    def _tell(self, pid: int) -> None:
        # Renamed into place: who reads the file at this moment finds a whole number, the old one or the new.
        beside = self.pid_file.with_suffix(".new")
        beside.write_text(f"{pid}\n")
        beside.replace(self.pid_file)

    def revive(self) -> bool:
        """Start it again if it died, at most once a second; return whether that was done."""
        if self.process is None or self.process.poll() is None:
            return False
        lived_s = time.monotonic() - self.started
        if lived_s < SHORTEST_LIFE_S:
            return False
        self.early_deaths = self.early_deaths + 1 if lived_s < EARLY_S else 0
        self._kill_group()
        self.start()
        return True

    def stop(self) -> None:
        """Ask it to end, wait, and kill what is left of its group."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(self.patience_s)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._kill_group()
        self.process = None
        self.pid_file.unlink(missing_ok=True)

    def _launched(self, log: BinaryIO) -> Process:
        return subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **self.launch,
        )

    def _kill_group(self) -> None:
        """Kill what a dead leader left behind: orphaned web workers would keep the port."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                return


class Watch:
    """Keeps children alive from a thread of its own until it is told to stop them, last started first."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._children: list[Child] = []
        self._tell = tell
        self._ending = threading.Event()
        self._changing = threading.Lock()
        self._thread = threading.Thread(target=self._keep_alive, name="watch", daemon=True)

    def add(self, child: Child) -> None:
        """Start a child and keep it alive from now on."""
        with self._changing:
            child.start()
            self._children.append(child)
        if not self._thread.is_alive():
            self._thread.start()

    def stop(self) -> None:
        """Stop every child, last started first."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join()
        for child in reversed(self._children):
            child.stop()
        self._children.clear()

    def _keep_alive(self) -> None:
        while not self._ending.wait(TICK_S):
            with self._changing:
                revived = [child for child in self._children if self._revived(child)]
            for child in revived:
                self._tell_of(child)

    def _tell_of(self, child: Child) -> None:
        if child.early_deaths < TOLD_DEATHS:
            self._tell(f"{child.name} had died and was started again")
        elif child.early_deaths == TOLD_DEATHS:
            self._tell(f"{child.name} keeps dying and being started again; why is at the end of {child.log}")

    def _revived(self, child: Child) -> bool:
        try:
            return child.revive()
        except OSError as problem:
            self._tell(f"{child.name} could not be started again: {problem}")
            return False
