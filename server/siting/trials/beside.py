"""A process beside this one that is spoken to in lines: begun when first needed, ended when it falls silent.

So scipy and a planner's problems lie in no web process, and a search that does not end can be ended.
"""

from __future__ import annotations

import os
import select
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Sequence
from pathlib import Path

import server

ROOT = Path(server.__file__).parents[1]
BENCH = (sys.executable, "-m", "server.siting.trials.bench")
CHUNK_BYTES = 1 << 16


class Silent(Exception):
    """No answer came in time, or none can come."""


class Beside:
    """One process, one order at a time; threads wait for each other."""

    def __init__(self, command: Sequence[str] = BENCH) -> None:
        self._command, self._turn = command, threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, order: bytes, patience_s: float) -> bytes:
        """Return the line that answers a line.

        Raises:
            Silent: it is at something else, died, or does not answer; unless busy with others it is ended.
        """
        end = time.monotonic() + patience_s
        if not self._turn.acquire(timeout=patience_s):
            raise Silent
        try:
            return self._asked(self._running(), order, end)
        except (Silent, BrokenPipeError):
            self._end()
            raise Silent from None
        finally:
            self._turn.release()

    def _asked(self, process: subprocess.Popen[bytes], order: bytes, end: float) -> bytes:
        assert process.stdin is not None
        process.stdin.write(order + b"\n")
        process.stdin.flush()
        return _line(process, end)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
            )
            # Whoever forgets this object, or ends, leaves no process behind.
            weakref.finalize(self, _ended, self._process)
        return self._process

    def _end(self) -> None:
        if self._process is not None:
            _ended(self._process)
            self._process = None


def _line(process: subprocess.Popen[bytes], end: float) -> bytes:
    """Return the next line that a process writes.

    Raises:
        Silent: it does not come in time, or the process has ended.
    """
    assert process.stdout is not None
    parts: list[bytes] = []
    while not parts or not parts[-1].endswith(b"\n"):
        left = end - time.monotonic()
        if left <= 0 or not select.select([process.stdout], [], [], left)[0]:
            raise Silent
        part = os.read(process.stdout.fileno(), CHUNK_BYTES)
        if not part:
            raise Silent
        parts.append(part)
    return b"".join(parts)


def _ended(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except BrokenPipeError:
                # What was not sent any more needs no sending.
                continue
    process.wait()
