"""The cells of an XLSForm: its sheets by name, the columns by their common names, and what is wrong where."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

Rows = Sequence[Sequence[str]]
Book = Mapping[str, Rows]

MOST_ROWS = 5_000
ORDER = {"settings": 0, "survey": 1, "choices": 2}
ALIASES = {
    "list name": "list_name",
    "list": "list_name",
    "value": "name",
    "caption": "label",
    "relevance": "relevant",
    "bind::relevant": "relevant",
    "bind::constraint": "constraint",
    "bind::required": "required",
    "calculate": "calculation",
    "id_string": "form_id",
    "title": "form_title",
    # Form tools know one title only; a second column holds the English one.
    "title_en": "form_title::english",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: `row` counts as Excel does, `column` is the title as the file writes it."""

    sheet: str
    row: int
    column: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with a cell, and how to mend it; what does not `stop` is left out of the checklist."""

    cell: Cell
    detail: str
    detail_zh: str
    stops: bool = True

    def as_json(self) -> dict[str, object]:
        """Return the sheet, row, column, what stands there and what is wrong, for the API."""
        return {
            "sheet": self.cell.sheet,
            "row": self.cell.row,
            "column": self.cell.column,
            "value": self.cell.text[:200],
            "stops": self.stops,
            "detail": self.detail,
            "detail_zh": self.detail_zh,
        }

    def told(self) -> str:
        """Return it as one line of a terminal."""
        value = f" {self.cell.text[:60]!r}" if self.cell.text else ""
        where = f"{self.cell.sheet} row {self.cell.row}, {self.cell.column}{value}"
        return f"{'' if self.stops else 'note: '}{where}: {self.detail} {self.detail_zh}"


@dataclass
class Troubles:
    """Collects what is wrong; the first thing wrong with a cell is the one that is told."""

    _by_cell: dict[Cell, Trouble] = field(default_factory=dict)

    def stop(self, cell: Cell, detail: str, detail_zh: str) -> None:
        """Note what must be mended before the checklist can be taken in."""
        self._note(Trouble(cell, detail, detail_zh))

    def leave_out(self, cell: Cell, detail: str, detail_zh: str) -> None:
        """Note what the checklist will be without."""
        self._note(Trouble(cell, detail, detail_zh, stops=False))

    def in_order(self) -> tuple[Trouble, ...]:
        """Return what was found in the order of the sheets and rows."""
        found = self._by_cell.values()
        return tuple(sorted(found, key=lambda one: (ORDER.get(one.cell.sheet, 0), one.cell.row)))

    def stopped(self) -> bool:
        """Tell whether something must be mended."""
        return any(one.stops for one in self._by_cell.values())

    def _note(self, trouble: Trouble) -> None:
        known = self._by_cell.get(trouble.cell)
        if known is None or trouble.stops > known.stops:
            self._by_cell[trouble.cell] = trouble


@dataclass(frozen=True)
class Line:
    """One row by the common names of its columns."""

    sheet: str
    row: int
    titles: Mapping[str, str]
    texts: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.texts.get(column, "")

    def cell(self, column: str) -> Cell:
        """Return where a column of this row stands, also when it is empty or missing."""
        return Cell(self.sheet, self.row, self.titles.get(column, column), self[column])


@dataclass(frozen=True)
class Sheet:
    """A sheet: its columns by common name with the file's titles, and the rows with something in them."""

    name: str
    titles: Mapping[str, str]
    lines: tuple[Line, ...]

    def heading(self, column: str) -> Cell:
        """Return where a column's title stands."""
        return Cell(self.name, 1, self.titles.get(column, column))

    def filled(self, column: str) -> int:
        """Return in how many rows a column holds something."""
        return sum(bool(line[column]) for line in self.lines)


def sheet_of(book: Book, name: str, troubles: Troubles) -> Sheet | None:
    """Return a sheet by its name in any spelling; None where the book has none, or it has no heading."""
    found = next((rows for title, rows in book.items() if title.strip().lower() == name), None)
    if not found:
        return None
    titles = _titles(found[0], name, troubles)
    if len(found) > MOST_ROWS:
        cell = Cell(name, MOST_ROWS + 1, "")
        troubles.stop(cell, f"A sheet has at most {MOST_ROWS} rows.", f"每张表最多 {MOST_ROWS} 行。")
    return Sheet(name, dict(titles.values()), tuple(_lines(found, name, titles)))


def _titles(heading: Sequence[str], name: str, troubles: Troubles) -> dict[int, tuple[str, str]]:
    titles: dict[int, tuple[str, str]] = {}
    seen: dict[str, int] = {}
    for at, title in enumerate(heading):
        if not title.strip():
            continue
        key = common_name(title)
        if key in seen:
            both = f"{letter(seen[key])}1, {letter(at)}1"
            troubles.stop(
                Cell(name, 1, title.strip()),
                f"This column stands twice ({both}): remove one.",
                f"该列重复（{both}），请删去一列。",
            )
            continue
        seen[key] = at
        titles[at] = (key, title.strip())
    return titles


def _lines(rows: Rows, name: str, titles: Mapping[int, tuple[str, str]]) -> Iterator[Line]:
    shown = dict(titles.values())
    for number, row in enumerate(rows[1:MOST_ROWS], start=2):
        texts = {titles[at][0]: text.strip() for at, text in enumerate(row) if at in titles and text.strip()}
        if texts:
            yield Line(name, number, shown, texts)


def common_name(title: str) -> str:
    """Return a column's common name: `Label : English` is `label::english`, `list name` is `list_name`."""
    plain = re.sub(r"\s*:{1,2}\s*", "::", title.strip().lower())
    base, *language = plain.split("::", 1)
    if language and base in ("bind", "body", "media", "instance"):
        return ALIASES.get(plain, plain)
    return "::".join([ALIASES.get(base, base.replace(" ", "_")), *language])


def letter(at: int) -> str:
    """Return the letters of a column as Excel shows them; 0 is A."""
    letters = ""
    while at >= 0:
        at, left = divmod(at, 26)
        letters, at = chr(65 + left) + letters, at - 1
    return letters
