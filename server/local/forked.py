"""Processes that the product's forker makes (`python -m server.forker`), kept alive like any other."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
from dataclasses import dataclass, field
from typing import BinaryIO

from server.local.children import Child


class Kin:
    """A process that is not this one's child, seen by its descriptor as `subprocess.Popen` sees a child."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        try:
            self._descriptor: int | None = os.pidfd_open(pid)
        except ProcessLookupError:
            self._descriptor = None

    def poll(self) -> int | None:
        """Return None while it lives, then 0; its exit code is its parent's to know."""
        return None if self._lives(0) else 0

    def wait(self, timeout: float | None = None) -> int:
        """Return 0 when it has ended.

        Raises:
            subprocess.TimeoutExpired: it lives after so many seconds.
        """
        if self._lives(timeout):
            raise subprocess.TimeoutExpired([str(self.pid)], timeout or 0)
        return 0

    def send_signal(self, sig: int) -> None:
        """Send a signal, unless it has ended."""
        if self._lives(0) and self._descriptor is not None:
            signal.pidfd_send_signal(self._descriptor, sig)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def _lives(self, patience_s: float | None) -> bool:
        if self._descriptor is None:
            return False
        waiting = select.poll()
        waiting.register(self._descriptor, select.POLLIN)
        if not waiting.poll(None if patience_s is None else patience_s * 1000):
            return True
        os.close(self._descriptor)
        self._descriptor = None
        return False


class Forker(Child):
    """The process that takes orders; when it is started again, it takes them again."""

    _line: subprocess.Popen[bytes] | None = None

    def stop(self) -> None:
        """Ask it to end, wait, and end it; those it forked live on."""
        super().stop()
        self._hang_up()

    def fork(self, name: str, words: list[str], log: str) -> Kin:
        """Return a new process of that name.

        Raises:
            OSError: the forker has ended.
        """
        if self._line is None or self._line.stdin is None or self._line.stdout is None:
            raise BrokenPipeError("the forker does not run")
        self._line.stdin.write(json.dumps({"name": name, "words": words, "log": log}).encode() + b"\n")
        answer = self._line.stdout.readline()
        if not answer:
            raise BrokenPipeError(f"the forker has ended; why is at the end of {self.log}")
        return Kin(int(answer))

    def _launched(self, log: BinaryIO) -> subprocess.Popen[bytes]:
        self._hang_up()
        pipe, own = subprocess.PIPE, self.launch
        self._line = subprocess.Popen(
            self.command, bufsize=0, stdin=pipe, stdout=pipe, stderr=log, start_new_session=True, **own
        )
        return self._line

    def _hang_up(self) -> None:
        if self._line is not None:
            for end in (self._line.stdin, self._line.stdout):
                if end is not None:
                    end.close()
            self._line = None


@dataclass(slots=True)
class Forked(Child):
    """A process of the product; its command is what follows the program's name."""

    forker: Forker = field(kw_only=True)

    def _launched(self, log: BinaryIO) -> Kin:
        return self.forker.fork(self.name, list(self.command), str(self.log))
