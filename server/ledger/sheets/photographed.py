"""Which photos a row of an old ledger shows, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from server.ledger.sheets.columns import PHOTO_COLUMNS
from server.ledger.sheets.pictures import Picture, Pictures
from server.sheets.cells import CellFault, written
from server.sheets.rows import CheckedRow


@dataclass(frozen=True, slots=True)
class Shown:
    """A photo of a case: its digest, what it shows (before, after, check), and where its bytes are."""

    sha256: bytes
    role: str
    picture: Picture


class Photographs:
    """Looks for the photos of each row of one table."""

    def __init__(self, pictures: Pictures, heading: Mapping[int, str]) -> None:
        self._pictures = pictures
        self._column = {title: at for at, title in heading.items()}

    def of_row(self, told: CheckedRow) -> tuple[Shown, ...]:
        """Return the photos of a row; what is wrong with one is noted on its cell."""
        if not self._pictures.any:
            return ()
        found: dict[tuple[bytes, str], Shown] = {}
        for name, role in PHOTO_COLUMNS.items():
            title = told.titles.get(name)
            if title is None:
                continue
            try:
                for photo in self._of_cell(told, title, role):
                    found.setdefault((photo.sha256, role), photo)
            except CellFault as fault:
                told.wrong(name, fault.detail, fault.detail_zh)
        return tuple(found.values())

    def _of_cell(self, told: CheckedRow, title: str, role: str) -> list[Shown]:
        cell = (told.row, self._column[title])
        shown = self._pictures.of_cell(cell, written(told.held.get(title)))
        return [Shown(self._pictures.look(picture), role, picture) for picture in shown]
