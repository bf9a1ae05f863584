"""Which columns hold the Chinese and the English words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from checklists.xlsform.cells import Cell, Line, Sheet, Troubles

LONGEST = 200
CHINESE = re.compile(r"chinese|中文|汉语|简体|\bzh\b|\bcn\b")
ENGLISH = re.compile(r"english|英文|英语|\ben\b")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_REFERENCE = re.compile(r"\$\{[^}]*\}|%\(label\)s")


@dataclass(frozen=True, slots=True)
class Words:
    """The columns of the words of one kind (`label`, `form_title`) in both languages; empty where missing."""

    base: str
    zh: str
    en: str


def words_of(sheet: Sheet, base: str, troubles: Troubles) -> Words:
    """Return which columns hold Chinese and English; columns in other languages are told as left out.

    A column without a language is the one of the two that no other column holds; by its letters if both lack.
    """
    found = {"zh": "", "en": ""}
    for column in sheet.titles:
        if not column.startswith(f"{base}::"):
            continue
        language = "zh" if CHINESE.search(column) else "en" if ENGLISH.search(column) else ""
        if language and not found[language]:
            found[language] = column
        else:
            troubles.leave_out(
                sheet.heading(column),
                "Checklists speak Chinese and English only; this column is not taken.",
                "检查表只用中文和英文，该列不导入。",
            )
    return _with_plain(sheet, base, found["zh"], found["en"], troubles)


def _with_plain(sheet: Sheet, base: str, zh: str, en: str, troubles: Troubles) -> Words:
    if base not in sheet.titles:
        return Words(base, zh or en, en or zh)
    if zh and en:
        told = "Both languages have columns of their own; this one is not taken."
        troubles.leave_out(sheet.heading(base), told, "两种语言已有专列，该列不导入。")
        return Words(base, zh, en)
    if zh or en:
        return Words(base, zh or base, en or base)
    return Words(base, base, base)


def label(line: Line, words: Words, troubles: Troubles) -> dict[str, str]:
    """Return `zh` and `en` of a row; where one of the two is missing, the other stands for both."""
    zh, en = _text(line, words.zh, troubles), _text(line, words.en, troubles)
    if not zh and not en:
        cell = line.cell(words.zh or words.base)
        troubles.stop(cell, "It needs words.", "缺少文字。")
    for column, text, other in ((words.zh, zh, en), (words.en, en, zh)):
        if not text and other and words.zh != words.en:
            told = (
                "There is no text in this language; the other one is shown.",
                "缺该语言文字，以另一语言代替。",
            )
            troubles.leave_out(line.cell(column), *told)
    return {"zh": zh or en, "en": en or zh}


def same_for_both(sheet: Sheet, words: Words, troubles: Troubles) -> None:
    """Tell once when a sheet has the words of one language only."""
    if words.zh and words.zh == words.en:
        language = "Chinese" if any(_HAN.search(line[words.zh]) for line in sheet.lines) else "one language"
        told = f"The words are there in {language} only and stand for both languages."
        troubles.leave_out(sheet.heading(words.zh), told, "只有一种语言的文字，两种语言均用它。")


def _text(line: Line, column: str, troubles: Troubles) -> str:
    text = " ".join(line[column].split()) if column else ""
    cell = line.cell(column)
    if len(text) > LONGEST:
        troubles.stop(cell, f"It is longer than {LONGEST} characters.", f"超过 {LONGEST} 个字。")
    elif text and not text.isprintable():
        troubles.stop(cell, "It holds characters that cannot be shown.", "含有无法显示的字符。")
    elif _REFERENCE.search(text):
        told = "A label cannot show an answer; the sign stays as it stands."
        troubles.leave_out(
            Cell(cell.sheet, cell.row, cell.column, text), told, "文字中不能引用作答，原样保留。"
        )
    return text
