"""XLSForms in Excel: read with what the county knows, and written. Only jobs and commands load this."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from checklists.xlsform.reading import Form, read_form
from checklists.xlsform.writing import form_of
from server.communities.service import local_day
from server.disk import replaced_whole
from server.programme import publishing
from server.programme import version_queries as rows
from server.sheets.reading import read_book
from server.sheets.writing import write_book

SHEETS = ("survey", "choices", "settings")


def read(session: Session, file: Path, name: str, now: datetime) -> Form:
    """Return the checklist that a workbook describes, with the numbers that its items had before.

    Raises:
        UnreadableTable: it is no workbook that can be read.
    """
    book, day = read_book(file, name, SHEETS), local_day(now)
    numbers = rows.numbers(session, _form_id(book))
    return read_form(book, today=day, numbers=numbers, pairs=publishing.pairs_on(session, day))


def write(file: Path, document: Mapping[str, Any]) -> None:
    """Write a published checklist as an XLSForm.

    Raises:
        StorageFull: there is no room.
    """
    with replaced_whole(file) as new:
        write_book(new, form_of(document))


def _form_id(book: Mapping[str, list[list[str]]]) -> str:
    titles, *lines = book.get("settings") or [[]]
    cells = dict(zip(titles, lines[0], strict=False)) if lines else {}
    return cells.get("form_id", cells.get("id_string", "")).strip()
