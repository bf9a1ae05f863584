"""Where the files of tasks lie: what came in, what was made, and the report of faults."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import IO
from uuid import UUID

from server.disk import replaced_whole, room_or_storage_full
from server.settings import Settings

_PIECE = 1 << 20


class SheetFiles:
    """One folder beside the photos, reached by web and workers alike."""

    def __init__(self, settings: Settings) -> None:
        self._root = settings.photo_store / "sheets"
        with room_or_storage_full():
            self._root.mkdir(parents=True, exist_ok=True)

    def incoming(self, task_id: UUID) -> Path:
        """Return where the table that somebody sent lies."""
        return self._root / f"{task_id.hex}.in"

    def beside(self, task_id: UUID) -> Path:
        """Return where the zip that came with that table lies, if one came."""
        return self._root / f"{task_id.hex}.zip"

    def made(self, task_id: UUID) -> Path:
        """Return where the finished table lies."""
        return self._root / f"{task_id.hex}.xlsx"

    def report(self, task_id: UUID) -> Path:
        """Return where the report of faults lies."""
        return self._root / f"{task_id.hex}.csv"

    def receive(self, task_id: UUID, content: IO[bytes]) -> None:
        """Store a table that is being sent; nothing half received keeps its name.

        Raises:
            StorageFull: there is no room.
        """
        _receive(self.incoming(task_id), content)

    def receive_beside(self, task_id: UUID, content: IO[bytes]) -> None:
        """Store the zip that comes with a table; see `receive`."""
        _receive(self.beside(task_id), content)

    def remove(self, task_id: UUID) -> None:
        """Remove every file of a task; what is not there is no fault."""
        for file in self._root.glob(f"{task_id.hex}.*"):
            file.unlink(missing_ok=True)

    def sweep(self, older_than: float) -> None:
        """Remove what was last written before a POSIX time, whoever left it."""
        for left in self._root.iterdir():
            with suppress(FileNotFoundError):
                if left.stat().st_mtime < older_than:
                    shutil.rmtree(left) if left.is_dir() else left.unlink()


def _receive(final: Path, content: IO[bytes]) -> None:
    with replaced_whole(final) as file, file.open("wb") as out:
        while piece := content.read(_PIECE):
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
