"""The settings sheet: code, titles, measures and day of a checklist."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from checklists.schema import MEASURES, TEMPLATE_CODE
from checklists.xlsform.cells import Cell, Line, Sheet, Troubles
from checklists.xlsform.columns import look_over
from checklists.xlsform.labels import label, words_of

TAKEN = frozenset(("form_id", "form_title", "version", "measures", "default_language", "style"))
_DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")


def head_of(sheet: Sheet | None, today: date, troubles: Troubles) -> dict[str, Any]:
    """Return `code`, `title_zh`, `title_en`, `measures` and `published_on` of a settings sheet."""
    line = sheet.lines[0] if sheet is not None and sheet.lines else None
    if sheet is None or line is None:
        cell = Cell("settings", 2, "form_id")
        told = "A sheet `settings` with form_id (the checklist's code, such as T18) and form_title is needed."
        troubles.stop(cell, told, "缺少 settings 表，须有 form_id（检查表代码，如 T18）和 form_title。")
        return {}
    look_over(sheet, TAKEN, troubles)
    words = words_of(sheet, "form_title", troubles)
    said = label(line, words, troubles)
    return {
        "code": _code(line, troubles),
        "title_zh": said["zh"],
        "title_en": said["en"],
        "measures": _measures(line, troubles),
        "published_on": _published_on(line, today, troubles),
    }


def _code(line: Line, troubles: Troubles) -> str:
    code = line["form_id"]
    if not TEMPLATE_CODE.fullmatch(code):
        told = "The code of a checklist is up to 16 capitals, digits and underscores, such as T18."
        troubles.stop(line.cell("form_id"), told, "检查表代码为不超过 16 个大写字母、数字、下划线，如 T18。")
    return code


def _measures(line: Line, troubles: Troubles) -> list[int]:
    parts = [part for part in re.split(r"[\s,，、;]+", line["measures"]) if part]
    numbers = [int(part) for part in parts if part.isdecimal() and int(part) in MEASURES]
    if len(numbers) < len(parts):
        troubles.stop(
            line.cell("measures"), "Measures are numbers from 1 to 20.", "整治措施为 1 至 20 的序号。"
        )
    return numbers


def _published_on(line: Line, today: date, troubles: Troubles) -> str:
    found = _DAY.match(line["version"])
    try:
        return date(*map(int, found.groups())).isoformat() if found else _today(line, today, troubles)
    except ValueError:
        return _today(line, today, troubles)


def _today(line: Line, today: date, troubles: Troubles) -> str:
    told = f"The version names no day; {today} stands for it."
    if line["version"]:
        troubles.leave_out(line.cell("version"), told, f"版本未写日期，以 {today} 代替。")
    return today.isoformat()
