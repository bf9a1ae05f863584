"""What stops a whole table."""

from __future__ import annotations

from collections.abc import Sequence

from server.problems import DomainError
from server.sheets.faults import MOST_LISTED, Fault


class UnreadableTable(DomainError):
    """The file is no Excel workbook and no CSV, or holds no table."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name} is not a table that can be read: save it as .xlsx or as .csv (UTF-8 or GB 18030).",
            f"{name} 无法读取，请另存为 .xlsx 或 .csv（UTF-8 或 GB 18030 编码）。",
        )


class ColumnsMissing(DomainError):
    """The heading lacks columns that must be there."""

    def __init__(self, titles: Sequence[str], found: Sequence[str]) -> None:
        wanted, there = ", ".join(titles), ", ".join(name[:40] for name in found[:20]) or "-"
        super().__init__(
            f"The table has no column for: {wanted}. Its first row names: {there}.",
            f"表格缺少列：{wanted}。首行的列名为：{there}。",
        )


class UnknownColumn(DomainError):
    """A mapping names a column or a field that does not exist."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        listed = ", ".join(known)
        super().__init__(f"There is no {name!r}. Known are: {listed}.", f"没有“{name}”。可用的有：{listed}。")


class TableFaulty(DomainError):
    """Rows of a table are faulty, so nothing of it was taken; `errors` name the first of them."""

    def __init__(self, faults: Sequence[Fault], rows: int) -> None:
        bad = len({fault.row for fault in faults})
        super().__init__(
            f"{bad} of {rows} rows are faulty; nothing was changed. Mend them and send the table again.",
            f"共 {rows} 行，其中 {bad} 行有误，未作任何更改。请修改后重新导入。",
            errors=[fault.as_json() for fault in faults[:MOST_LISTED]],
        )
        self.faults = faults
