"""Work orders pasted as text: blocks of "工单编号：…", or rows copied out of a sheet. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from server.complaints.hotline.errors import UnreadablePaste
from server.complaints.hotline.fields import field_of
from server.sheets.columns import Row

LONGEST = 1_000_000
FIRST = "order_no"
# A title begins a line or follows a space; its value lasts to the next one. After a comma it belongs to what
# the caller said.
_TITLE = re.compile(r"(?:^|(?<=[\s　;；|]))[【\[]?([\u4e00-\u9fff]{1,10})[】\]]?[ 　]*[:：]", re.M)


@dataclass(frozen=True, slots=True)
class Pasted:
    """What a text holds: its titles, and rows by them; a row's number is that of its first line."""

    titles: list[str]
    rows: list[Row]


def read_pasted(text: str) -> Pasted:
    """Return the orders of a pasted text.

    Raises:
        UnreadablePaste: it holds neither blocks with an order number nor rows under a heading.
    """
    words = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    first = next((line for line in words.split("\n") if line.strip()), "")
    found = _sheet(words) if "\t" in first else _blocks(words)
    if not found.rows:
        raise UnreadablePaste
    return found


def _sheet(text: str) -> Pasted:
    try:
        # Excel puts a cell with line breaks between quotes.
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter="\t", strict=False))
    except csv.Error as fault:
        raise UnreadablePaste from fault
    filled = [(at, line) for at, line in enumerate(lines, start=1) if any(cell.strip() for cell in line)]
    titles = [title.strip() for title in filled[0][1]]
    if not any(field_of(title) for title in titles):
        return Pasted(titles, [])
    return Pasted(
        [title for title in titles if title], [Row(at, _cells(titles, line)) for at, line in filled[1:]]
    )


def _cells(titles: Sequence[str], line: Sequence[str]) -> dict[str, object]:
    return {title: cell.strip() for title, cell in zip(titles, line, strict=False) if title and cell.strip()}


def _blocks(text: str) -> Pasted:
    rows: list[Row] = []
    titles: list[str] = []
    for at, title, value in _members(text):
        if title not in titles:
            titles.append(title)
        column = field_of(title)
        if not rows or (column is not None and column.name == FIRST):
            rows.append(Row(at, {}))
        # An order without its number is kept, to be named as a fault: it must not be lost silently.
        if (value or _is(title, FIRST)) and title not in rows[-1].cells:
            rows[-1].cells[title] = value
    return Pasted(titles, [row for row in rows if any(_is(title, FIRST) for title in row.cells)])


def _members(text: str) -> Iterator[tuple[int, str, str]]:
    found = _boundaries(text)
    for number, (one, _) in enumerate(found):
        end = found[number + 1][0].start() if number + 1 < len(found) else len(text)
        yield text.count("\n", 0, one.start()) + 1, one[1], text[one.end() : end].strip(" 　\t\n;；,，|")


def _boundaries(text: str) -> list[tuple[re.Match[str], str]]:
    """Return the titles that begin a value; a title that its order has already is words of the caller."""
    found: list[tuple[re.Match[str], str]] = []
    seen: set[str] = set()
    for one in _TITLE.finditer(text):
        column = field_of(one[1])
        if column is None or (column.name in seen and column.name != FIRST):
            continue
        seen = {FIRST} if column.name == FIRST else seen | {column.name}
        found.append((one, column.name))
    return found


def _is(title: str, name: str) -> bool:
    column = field_of(title)
    return column is not None and column.name == name
