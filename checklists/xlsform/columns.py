"""Columns: the cells that say yes or no, and the columns that no checklist takes."""

from __future__ import annotations

from collections.abc import Collection

from checklists.xlsform.cells import Line, Sheet, Troubles

TRUE = frozenset(("yes", "true", "true()", "1", "是"))
FALSE = frozenset(("", "no", "false", "false()", "0", "否"))
# What changes how a question works is told row by row, what only changes its looks once a column.
BY_ROW = {
    "choice_filter": ("The whole list is offered: choices are not filtered.", "选项不筛选，整表可选。"),
    "default": ("No answer is filled in beforehand.", "不预填答案。"),
    "calculation": ("Nothing is reckoned.", "不作计算。"),
    "read_only": ("The question can be answered.", "该题可以作答。"),
    "readonly": ("The question can be answered.", "该题可以作答。"),
    "repeat_count": ("The worker adds as many as there are.", "由网格员按实际添加。"),
    "trigger": ("Nothing is reckoned.", "不作计算。"),
}


def flag(line: Line, column: str, troubles: Troubles) -> bool:
    """Return whether a cell says yes; another word than yes or no is told."""
    text = line[column].lower()
    if text not in TRUE and text not in FALSE:
        troubles.stop(line.cell(column), "Write yes or no.", "请填写 yes 或 no。")
    return text in TRUE


def look_over(sheet: Sheet, taken: Collection[str], troubles: Troubles) -> None:
    """Tell what the columns hold that is not taken."""
    for column in sheet.titles:
        if column in taken or column.startswith(("label::", "form_title::")) or not sheet.filled(column):
            continue
        if column in BY_ROW and sheet.name == "survey":
            for line in sheet.lines:
                if line[column] and line["type"].lower() not in ("calculate", "note"):
                    troubles.leave_out(line.cell(column), *BY_ROW[column])
            continue
        many = sheet.filled(column)
        told = f"This column is not taken ({many} cells)."
        troubles.leave_out(sheet.heading(column), told, f"该列不导入（{many} 格有内容）。")
