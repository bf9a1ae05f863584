"""Where in the sheets a fault of the document comes from."""

from __future__ import annotations

from checklists.errors import Fault
from checklists.xlsform.cells import Cell, Troubles
from checklists.xlsform.choices import Lists
from checklists.xlsform.drafts import Draft

COLUMNS = {
    "code": "name",
    "label_zh": "label",
    "label_en": "label",
    "show_when": "relevant",
    "minimum": "constraint",
    "maximum": "constraint",
    "choices": "type",
    "items": "type",
    "count": "signatures",
}
RULE = {"when": "violation_when", "category": "violation_category", "severity": "violation_severity"}
HEAD = {"code": "form_id", "title_zh": "form_title", "title_en": "form_title", "published_on": "version"}


def told_by_cell(fault: Fault, drafts: list[Draft], lists: Lists, troubles: Troubles) -> None:
    """Tell a fault of the document by the cell that it comes from."""
    path = fault.pointer.split("/")[1:]
    cell = _cell(path, drafts, lists) if path and path[0] == "items" else _head(path)
    troubles.stop(cell, fault.detail, fault.detail_zh)


def _head(path: list[str]) -> Cell:
    name = path[0] if path else "form_id"
    return Cell("settings", 2, HEAD.get(name, name))


def _cell(path: list[str], drafts: list[Draft], lists: Lists) -> Cell:
    draft = None
    while len(path) >= 2 and path[0] == "items" and path[1].isdecimal() and int(path[1]) < len(drafts):
        draft, path = drafts[int(path[1])], path[2:]
        drafts = draft.inner
    if draft is None:
        return Cell("survey", 2, "type")
    if len(path) >= 2 and path[0] == "choices":
        lines = lists.lines.get(draft.choices, [])
        return lines[int(path[1])].cell("name") if int(path[1]) < len(lines) else draft.line.cell("type")
    return draft.line.cell(_column(path, draft))


def _column(path: list[str], draft: Draft) -> str:
    name = path[0] if path else "type"
    if name == "judgements":
        told = RULE.get(path[2], "violation_when") if len(path) > 2 else "violation_when"
        return told if draft.line[told] else "judgements"
    if name == "show_when" and draft.line["show_when"]:
        return "show_when"
    return COLUMNS.get(name, name)
