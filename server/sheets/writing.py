"""Writing tables for Excel row by row, in bounded memory. Only jobs and commands load this module."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter
from xlsxwriter.exceptions import XlsxFileError

from server.sheets.columns import Column
from server.sheets.layout import Layout, Link, Pictures

PICTURE_PX, PICTURE_GAP_PX = 84, 4
PICTURE_ROW_PT = 66
LONGEST_CELL = 32_767
LONGEST_IN_FORMULA = 255
_SHANGHAI = ZoneInfo("Asia/Shanghai")


class SheetWriter(AbstractContextManager["SheetWriter"]):
    """Writes one sheet; rows go to disk as they come, in their order.

    The heading stays in view and is repeated on every printed page; every column can be filtered.
    """

    def __init__(self, file: Path, columns: Sequence[Column], layout: Layout) -> None:
        self._scratch = TemporaryDirectory(dir=file.parent, prefix=".sheet-")
        options = {"constant_memory": True, "tmpdir": self._scratch.name}
        self._book = xlsxwriter.Workbook(str(file), options)
        self._book.use_zip64()
        self._sheet = self._book.add_worksheet(layout.title[:31])
        self._columns = columns
        self._formats = {
            "plain": self._format(text_wrap=bool(layout.print_for)),
            "day": self._format(num_format="yyyy-mm-dd"),
            "instant": self._format(num_format="yyyy-mm-dd hh:mm"),
            "link": self._format(font_color="#0563C1", underline=1),
            "code": self._format(num_format="@"),
        }
        self._row = 0
        self._set_up_page(layout)
        self._head()
        self._offer(layout.choices)
        self._show(layout.examples)

    def add(self, values: Sequence[object]) -> None:
        """Write one row, in the order of the columns; moments are shown in the county's time."""
        self._row += 1
        if any(isinstance(value, Pictures) and value.files for value in values):
            self._sheet.set_row(self._row, PICTURE_ROW_PT)
        for number, value in enumerate(values):
            self._write(number, value)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file; what is left of it when the block or the closing fails, its owner removes.

        Raises:
            OSError: it cannot be written.
        """
        try:
            self._sheet.autofilter(0, 0, max(self._row, 1), len(self._columns) - 1)
            self._book.close()
        except (XlsxFileError, OSError) as closing:
            if fault is None:
                cause = closing.args[0] if isinstance(closing, XlsxFileError) else closing
                raise (cause if isinstance(cause, OSError) else closing) from closing
        finally:
            self._scratch.cleanup()

    def _format(self, **more: Any) -> Any:
        return self._book.add_format({"valign": "vcenter", "border": 1, "font_size": 10, **more})

    def _set_up_page(self, layout: Layout) -> None:
        sheet = self._sheet
        sheet.set_landscape()
        sheet.set_paper(layout.paper)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.freeze_panes(1, 2)
        sheet.set_margins(left=0.4, right=0.4, top=0.9 if layout.print_for else 0.6, bottom=0.6)
        sheet.set_header(f"&C&14{layout.title}" + (f"\n&L&10{layout.print_for}" if layout.print_for else ""))
        sheet.set_footer("&C第 &P 页 共 &N 页")

    def _head(self) -> None:
        bold = self._format(bold=True, bg_color="#D9E2F3", text_wrap=True, align="center")
        must = self._format(bold=True, bg_color="#FCE4D6", text_wrap=True, align="center")
        for number, column in enumerate(self._columns):
            default = self._formats["code"] if column.kind == "code" else None
            self._sheet.set_column(number, number, column.width, default)
        self._sheet.set_row(0, 30)
        for number, column in enumerate(self._columns):
            title = f"{column.zh}*" if column.required else column.zh
            self._sheet.write_string(0, number, title, must if column.required else bold)

    def _offer(self, choices: Mapping[str, Sequence[str]]) -> None:
        """Offer the words of a column as a list to choose from."""
        for number, column in enumerate(self._columns):
            words = list(choices.get(column.name, ()))
            if words and len(",".join(words)) <= 255:
                rule = {"validate": "list", "source": words, "error_type": "warning"}
                self._sheet.data_validation(1, number, 10_000, number, rule)

    def _show(self, examples: Mapping[str, str]) -> None:
        for number, column in enumerate(self._columns):
            if column.name in examples:
                self._sheet.write_comment(0, number, f"例：{examples[column.name]}")

    def _write(self, number: int, value: object) -> None:
        row, sheet, formats = self._row, self._sheet, self._formats
        if value is None or value == "":
            sheet.write_blank(row, number, None, formats["plain"])
        elif isinstance(value, Link):
            self._link(row, number, value)
        elif isinstance(value, Pictures):
            self._pictures(row, number, value)
        elif isinstance(value, datetime):
            local = value.astimezone(_SHANGHAI).replace(tzinfo=None)
            sheet.write_datetime(row, number, local, formats["instant"])
        elif isinstance(value, date):
            sheet.write_datetime(row, number, value, formats["day"])
        elif isinstance(value, int | float):
            sheet.write_number(row, number, value, formats["plain"])
        else:
            # Always as a string: a cell that begins with "=" is what somebody wrote, no formula.
            sheet.write_string(row, number, str(value)[:LONGEST_CELL], formats["plain"])

    def _link(self, row: int, number: int, link: Link) -> None:
        if max(len(link.text), len(link.url)) > LONGEST_IN_FORMULA:
            self._write(number, link.text)
            return
        # A formula, because a sheet holds at most 65,530 links of the other kind.
        parts = (part.replace('"', '""') for part in (link.url, link.text))
        formula = '=HYPERLINK("{}","{}")'.format(*parts)
        self._sheet.write_formula(row, number, formula, self._formats["link"], link.text)

    def _pictures(self, row: int, number: int, cell: Pictures) -> None:
        if not cell.files:
            self._write(number, cell.text)
            return
        self._sheet.write_blank(row, number, None, self._formats["plain"])
        for place, file in enumerate(cell.files):
            # Thumbnails are 240 pixels on their longest side.
            offset = PICTURE_GAP_PX + place * (PICTURE_PX + PICTURE_GAP_PX)
            options = {"x_offset": offset, "y_offset": 2, "object_position": 1}
            scale = {"x_scale": PICTURE_PX / 240, "y_scale": PICTURE_PX / 240}
            self._sheet.insert_image(row, number, str(file), {**options, **scale})


def write_book(file: Path, sheets: Mapping[str, Sequence[Sequence[str]]]) -> None:
    """Write plain sheets of texts, headings first, for tools that read them by column.

    Raises:
        OSError: it cannot be written.
    """
    # Texts stay texts: a cell that begins with "=" is what somebody wrote.
    book = xlsxwriter.Workbook(str(file), {"strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True, "bg_color": "#D9E2F3"})
    for title, rows in sheets.items():
        sheet = book.add_worksheet(title)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows):
            for at, text in enumerate(row):
                if text:
                    sheet.write_string(number, at, text[:LONGEST_CELL], None if number else bold)
        for at, name in enumerate(rows[0]):
            longest = max(len(row[at]) for row in rows)
            sheet.set_column(at, at, min(max(longest, len(name)) + 2, 48))
    book.close()
