"""Tables as an office might send them, with defaults."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import text

from server.ledger.sheets.mapping import LedgerMapping
from server.ledger.sheets.taking import Beside, How, Taken, take_in
from server.photos.store import Folder
from tests.integration.ledger.acting import Cast

ROW: Mapping[str, str] = {
    "案卷号": "2024-17",
    "小区": "",
    "问题类别": "车辆乱停乱放",
    "问题描述": "3号楼前车辆占道",
    "发现日期": "2024-03-05",
    "发现人": "李四",
    "销号日期": "2024-03-20",
    "责任人/电话": "王五 13800000000",
}


def a_row(cast: Cast, **cells: str) -> dict[str, str]:
    """Return a row about a case closed long ago in the cast's community."""
    with cast.county.transaction() as session:
        name = session.scalar(
            text("SELECT name FROM geo.community WHERE community_id = :id"), {"id": cast.community_id}
        )
        place = session.scalar(
            text(
                "SELECT n.name_zh FROM geo.community c JOIN geo.neighbourhood n"
                " ON n.code = c.neighbourhood_code WHERE community_id = :id"
            ),
            {"id": cast.community_id},
        )
    return {**ROW, "小区": str(name), "社区": str(place), **cells}


def a_table(folder: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    """Write rows as the CSV of an office."""
    file = folder / "旧台账.csv"
    with file.open("w", encoding="gb18030", newline="") as out:
        titles = list(dict.fromkeys(title for row in rows for title in row))
        table = csv.DictWriter(out, titles)
        table.writeheader()
        table.writerows(rows)
    return file


def beside(cast: Cast, files: Path | None = None) -> Beside:
    """Return the county's store, and the zip or folder that a table comes with."""
    return Beside(Folder(cast.county.settings.photo_store), 1_000_000, files)


def take(
    cast: Cast, file: Path, mapping: LedgerMapping | None = None, photos: Path | None = None, **how: Any
) -> Taken:
    """Take a table in, in a transaction of its own."""
    with cast.county.transaction() as session:
        return take_in(
            session,
            file,
            mapping or LedgerMapping(),
            How(**how),
            file_name=file.name,
            actor=None,
            now=cast.later(),
            beside=beside(cast, photos),
        )
