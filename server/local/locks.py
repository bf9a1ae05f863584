"""One holder at a time, for as long as its process lives."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from server.local.errors import AlreadyRunning


@contextmanager
def locked(file: Path, *, wait: bool) -> Iterator[None]:
    """Hold a file's lock inside the block; the kernel lets go of it even after kill -9.

    Raises:
        AlreadyRunning: another process holds it and `wait` is false.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning("This checkout is running already (another `make run`).") from None
        handle.truncate(0)
        handle.write(f"{os.getpid()}\n")
        handle.flush()
        yield


def holder(file: Path) -> int | None:
    """Return the process that holds a file's lock now; None when nobody does."""
    if not file.exists():
        return None
    with file.open() as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return int(handle.read())
        return None
