from __future__ import annotations

import errno
import gzip
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from server.disk import StorageFull, replaced_whole
from server.sheets.columns import Column
from server.sheets.errors import UnreadableTable
from server.sheets.faults import Fault, write_report
from server.sheets.layout import A3, Layout, Link
from server.sheets.reading import read_table
from server.sheets.writing import SheetWriter

COLUMNS = [
    Column("number", "案卷号", "Number", "code", width=22),
    Column("count", "户数", "Households", "whole"),
    Column("on", "日期", "Day", "day"),
    Column("at", "时间", "At", "instant"),
]


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    file = tmp_path / "台账（一）.xlsx"
    at = datetime(2026, 9, 3, 0, 30, tzinfo=UTC)
    with SheetWriter(file, COLUMNS, Layout("整改台账", A3, "填报单位（盖章）：")) as sheet:
        sheet.add([Link("370831-2026-000001", "https://a/b"), 12, date(2026, 9, 3), at])
        sheet.add(["=1+1", None, None, None])
        sheet.add([Link('"' * 300, "https://a/b"), None, None, None])

    table = read_table(file)
    rows = list(table.rows)

    assert table.titles == ["案卷号", "户数", "日期", "时间"]
    assert [row.number for row in rows] == [2, 3, 4]
    first = rows[0].cells
    assert first["案卷号"] == "370831-2026-000001"
    assert first["户数"] == 12
    assert str(first["时间"]) == "2026-09-03 08:30:00"
    assert rows[1].cells == {"案卷号": "=1+1"}
    assert rows[2].cells == {"案卷号": '"' * 300}


def test_a_printed_page_repeats_the_heading_and_counts_pages(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    with SheetWriter(file, COLUMNS, Layout("整改台账", A3, "填报单位（盖章）：")) as sheet:
        sheet.add(["1", 1, None, None])

    with zipfile.ZipFile(file) as parts:
        page = parts.read("xl/worksheets/sheet1.xml").decode()
        names = parts.read("xl/workbook.xml").decode()

    assert 'paperSize="8"' in page
    assert 'orientation="landscape"' in page
    assert "第 &amp;P 页 共 &amp;N 页" in page
    assert "填报单位（盖章）" in page
    assert "<autoFilter" in page
    assert 'state="frozen"' in page
    assert "_xlnm.Print_Titles" in names


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("packed", [False, True])
def test_a_csv_is_read_in_the_encodings_that_offices_use(tmp_path: Path, encoding: str, packed: bool) -> None:
    content = '整改台账,\r\n小区,描述\r\n锦绣花园,"两行\n文字"\r\n,\r\n'.encode(encoding)
    file = tmp_path / "in"
    file.write_bytes(gzip.compress(content) if packed else content)

    table = read_table(file)

    assert table.titles == ["小区", "描述"]
    assert [(row.number, row.cells) for row in table.rows] == [
        (3, {"小区": "锦绣花园", "描述": "两行\n文字"})
    ]


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04 no workbook", b"\xff\xfe\x00", b"one\n", b"\x1f\x8b rest"]
)
def test_what_is_no_table_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "in"
    file.write_bytes(content)

    with pytest.raises(UnreadableTable):
        read_table(file)


def test_a_report_holds_no_formula(tmp_path: Path) -> None:
    file = tmp_path / "refused.csv"

    write_report(file, [Fault(2, "=cmd()", "@x", "is wrong", "有误")])

    assert "'=cmd()" in file.read_text(encoding="utf-8-sig")
    assert "'@x" in file.read_text(encoding="utf-8-sig")


def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path) -> None:
    def write() -> None:
        with replaced_whole(tmp_path / "a.xlsx") as file:
            file.write_bytes(b"half")
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(StorageFull):
        write()

    assert list(tmp_path.iterdir()) == []
