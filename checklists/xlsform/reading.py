"""From the sheets of an XLSForm to a checklist's document; what stands in the way is named by its cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from checklists.categories import Pairs
from checklists.lint import lint
from checklists.xlsform.blame import told_by_cell
from checklists.xlsform.cells import Book, Cell, Trouble, Troubles, sheet_of
from checklists.xlsform.choices import lists_of
from checklists.xlsform.drafts import Draft, drafts_of
from checklists.xlsform.finishing import finish
from checklists.xlsform.settings import head_of


@dataclass(frozen=True, slots=True)
class Form:
    """What was read: a document fit to be taken in unless a trouble `stops`; it is None then."""

    document: Mapping[str, Any] | None
    troubles: tuple[Trouble, ...]


def read_form(
    book: Book, *, today: date, numbers: Mapping[str, int] | None = None, pairs: Pairs | None = None
) -> Form:
    """Return the checklist that an XLSForm describes.

    Args:
        book: the texts of the cells by sheet, the headings first.
        today: stands for the day of publication where the version names none.
        numbers: the numbers that earlier versions gave to items, by code; new items get later ones.
        pairs: the categories and their severities; those of the package when left out.
    """
    troubles = Troubles()
    survey = sheet_of(book, "survey", troubles)
    head = head_of(sheet_of(book, "settings", troubles), today, troubles)
    lists = lists_of(sheet_of(book, "choices", troubles), troubles)
    if survey is None:
        troubles.stop(Cell("survey", 1, "type"), "There is no sheet `survey`.", "缺少 survey 表。")
        return Form(None, troubles.in_order())
    drafts = drafts_of(survey, lists, troubles)
    finish(drafts, troubles)
    _number(drafts, numbers or {})
    document = {**head, "items": [draft.item for draft in drafts]}
    if not drafts:
        troubles.stop(Cell("survey", 2, "type"), "There is no question in it.", "表中没有题目。")
    elif not troubles.stopped():
        for fault in lint(document, pairs=pairs):
            told_by_cell(fault, drafts, lists, troubles)
    return Form(None if troubles.stopped() else document, troubles.in_order())


def _number(drafts: list[Draft], numbers: Mapping[str, int]) -> None:
    """Give a number to every item that has none: the one it had, or one that was never used."""
    written = {draft.item["number"] for draft in drafts if "number" in draft.item}
    free = max((*written, *numbers.values()), default=0)
    for draft in drafts:
        if "number" in draft.item:
            continue
        known = numbers.get(draft.item["code"])
        if known is None or known in written:
            free += 1
            known = free
        written.add(known)
        draft.item["number"] = known
