"""The choices sheet: lists by their name, and which of them is a plain yes and no."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from checklists.schema import CHOICE_CODE
from checklists.xlsform.cells import Line, Sheet, Troubles
from checklists.xlsform.columns import flag, look_over
from checklists.xlsform.conditions import NO, YES
from checklists.xlsform.labels import Words, label, same_for_both, words_of
from checklists.xlsform.naming import known_name

TAKEN = frozenset(("list_name", "name", "frequent"))
# `na` may stand among yes and no: every question can be answered so.
TRUTHS = ({YES, NO}, {YES, NO, "na"})


@dataclass(frozen=True)
class Lists:
    """The lists of choices: documents and rows by the list's name."""

    choices: Mapping[str, list[dict[str, Any]]]
    lines: Mapping[str, list[Line]]

    def is_truth(self, name: str) -> bool:
        """Tell whether a list is a plain yes and no."""
        return {line["name"] for line in self.lines.get(name, ())} in TRUTHS


def lists_of(sheet: Sheet | None, troubles: Troubles) -> Lists:
    """Return the lists of a choices sheet, none where there is no sheet."""
    if sheet is None:
        return Lists({}, {})
    words = words_of(sheet, "label", troubles)
    same_for_both(sheet, words, troubles)
    look_over(sheet, TAKEN | {words.zh, words.en}, troubles)
    lines: dict[str, list[Line]] = {}
    for line in sheet.lines:
        if line["list_name"]:
            lines.setdefault(line["list_name"], []).append(line)
        else:
            troubles.stop(line.cell("list_name"), "It needs the name of its list.", "缺少选项表名称。")
    return Lists({name: _choices(rows, words, troubles) for name, rows in lines.items()}, lines)


def _choices(lines: list[Line], words: Words, troubles: Troubles) -> list[dict[str, Any]]:
    found, seen = [], set()
    for line in lines:
        fits = CHOICE_CODE.fullmatch(line["name"]) is not None
        code = known_name(line.cell("name"), fits=fits, troubles=troubles)
        if code in seen:
            troubles.stop(line.cell("name"), "This choice stands twice in its list.", "选项在表中重复。")
        seen.add(code)
        said = label(line, words, troubles)
        frequent = {"frequent": True} if flag(line, "frequent", troubles) else {}
        found.append({"code": code, "label_zh": said["zh"], "label_en": said["en"], **frequent})
    return found
