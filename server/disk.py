"""Writing to a disk that may be full or read-only: every file is whole or not there."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from server.problems import DomainError

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})


class StorageFull(DomainError):
    """The store has no room left or may not be written; nothing was kept half."""

    def __init__(self) -> None:
        super().__init__(
            "The store is full or read-only, so nothing was kept: keep the file, try again later, "
            "and tell an administrator.",
            "存储空间已满或只读，文件未保存。请保留文件稍后再试，并告知管理员。",
        )


@contextmanager
def room_or_storage_full() -> Iterator[None]:
    """Turn the system's "no space left" and "read-only" into StorageFull."""
    try:
        yield
    except OSError as fault:
        if fault.errno in _NO_ROOM:
            raise StorageFull from fault
        raise


@contextmanager
def removed_on_fault(file: Path) -> Iterator[None]:
    """Remove a file when the block does not end well."""
    try:
        yield
    except BaseException:
        with suppress(OSError):
            file.unlink(missing_ok=True)
        raise


@contextmanager
def replaced_whole(final: Path) -> Iterator[Path]:
    """Yield a path to write to; the file gets its name when the block ends well, else it is removed.

    Raises:
        StorageFull: there is no room.
    """
    file = final.with_name(f".{final.name}.part")
    with room_or_storage_full(), removed_on_fault(file):
        yield file
        file.replace(final)
