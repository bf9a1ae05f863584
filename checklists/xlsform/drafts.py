"""The survey sheet: rows into items, groups and repeats; what refers to other rows waits in a draft."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from checklists.schema import is_code
from checklists.xlsform.cells import Line, Sheet, Troubles
from checklists.xlsform.choices import Lists
from checklists.xlsform.columns import flag, look_over
from checklists.xlsform.kinds import WHOLE, Kind, kind_of
from checklists.xlsform.labels import Words, label, same_for_both, words_of
from checklists.xlsform.naming import known_name

RULES = ("violation_when", "violation_category", "violation_severity", "judgements", "show_when")
OWN = ("number", "evidence", "place", "masked", "signatures", *RULES)
TAKEN = {"type", "name", "required", "relevant", "constraint", "appearance", "parameters", *OWN}
EVIDENCE = ("photo", "document", "statement")
_RANGE = re.compile(r"(start|end|step)\s*=\s*(-?\d+(?:\.\d+)?)")


@dataclass
class Draft:
    """An item whose conditions are still to be read: its row, its list of choices, the frames around it."""

    line: Line
    item: dict[str, Any]
    choices: str = ""
    frames: tuple[Line, ...] = ()
    inner: list[Draft] = field(default_factory=list)


def drafts_of(survey: Sheet, lists: Lists, troubles: Troubles) -> list[Draft]:
    """Return the items of a survey sheet in their order; repeats hold theirs."""
    words = words_of(survey, "label", troubles)
    same_for_both(survey, words, troubles)
    look_over(survey, TAKEN | {words.zh, words.en}, troubles)
    walk = _Walk(words, lists, troubles, ask_all=not survey.filled("required"))
    for line in survey.lines:
        walk.step(line)
    for line, _ in walk.open:
        troubles.stop(line.cell("type"), "This is never ended.", "没有对应的 end 行。")
    return walk.drafts


@dataclass
class _Walk:
    words: Words
    lists: Lists
    troubles: Troubles
    ask_all: bool
    drafts: list[Draft] = field(default_factory=list)
    open: list[tuple[Line, str]] = field(default_factory=list)
    repeats: list[Draft] = field(default_factory=list)

    def step(self, line: Line) -> None:
        if line["type"].startswith("#"):
            return
        kind = kind_of(line["type"])
        if kind.type == "begin":
            self._begin(line, kind.of)
        elif kind.type == "end":
            self._end(line, kind.of)
        elif kind.type:
            self._draft(line, self._item(line, kind), kind)
        else:
            tell = self.troubles.stop if kind.stops else self.troubles.leave_out
            tell(line.cell("type"), *kind.why)

    def _begin(self, line: Line, what: str) -> None:
        if what == "repeat":
            draft = self._draft(line, {**self._named(line), "type": "group"}, Kind("group"))
            draft.item["items"] = []
            self.repeats.append(draft)
        elif line[self.words.zh] or line[self.words.en]:
            told = "The heading of a group is not shown; its questions are taken one by one."
            column = self.words.zh if line[self.words.zh] else self.words.en
            self.troubles.leave_out(line.cell(column), told, "分组标题不显示，组内题目逐题导入。")
        self.open.append((line, what))

    def _end(self, line: Line, what: str) -> None:
        if not self.open or self.open[-1][1] != what:
            self.troubles.stop(line.cell("type"), f"No {what} begins before it.", "没有对应的 begin 行。")
            return
        begun, _ = self.open.pop()
        if what == "repeat":
            draft = self.repeats.pop()
            draft.item["items"] = [part.item for part in draft.inner]
            if not draft.inner:
                self.troubles.stop(begun.cell("type"), "There is no question in it.", "组内没有题目。")

    def _draft(self, line: Line, item: dict[str, Any], kind: Kind) -> Draft:
        # A repeat's own row is its condition already: only the groups inside it bear on its questions.
        since = next((i for i in reversed(range(len(self.open))) if self.open[i][1] == "repeat"), -1)
        frames = tuple(frame for frame, _ in self.open[since + 1 :])
        draft = Draft(line, item, kind.of, frames)
        (self.repeats[-1].inner if self.repeats else self.drafts).append(draft)
        return draft

    def _named(self, line: Line) -> dict[str, Any]:
        code = known_name(line.cell("name"), fits=is_code(line["name"]), troubles=self.troubles)
        said = label(line, self.words, self.troubles)
        named = {"code": code, "label_zh": said["zh"], "label_en": said["en"]}
        return {**named, **self._number(line, "number"), **self._more(line)}

    def _item(self, line: Line, kind: Kind) -> dict[str, Any]:
        item = {**self._named(line), "type": self._type(line, kind)}
        if item["type"] in ("one", "many"):
            item["choices"] = self.lists.choices.get(kind.of, [])
            if not item["choices"]:
                told = f"There is no list {kind.of!r} on the sheet choices."
                self.troubles.stop(line.cell("type"), told, f"choices 表中没有选项表“{kind.of}”。")
        if line["type"].lower() in WHOLE:
            item["integer"] = True
        if line["type"].lower() == "range":
            item.update(self._range(line))
        elif line["parameters"]:
            self.troubles.leave_out(line.cell("parameters"), "Parameters are not taken.", "参数不导入。")
        if item["type"] == "sig":
            item.update(self._number(line, "signatures", "count"))
        if not self.ask_all and not self._required(line):
            item["optional"] = True
        return item

    def _type(self, line: Line, kind: Kind) -> str:
        looks = line["appearance"].lower().split()
        if kind.type == "photo" and "signature" in looks:
            return "sig"
        if kind.type == "text" and "reference" in looks:
            return "ref"
        if looks:
            told = ("How a question looks is the tablet's affair.", "题目外观由平板决定。")
            self.troubles.leave_out(line.cell("appearance"), *told)
        return "yn" if kind.type == "one" and self.lists.is_truth(kind.of) else kind.type

    def _more(self, line: Line) -> dict[str, Any]:
        kinds = line["evidence"].replace(",", " ").split()
        if not set(kinds) <= set(EVIDENCE):
            told = "Evidence is photo, document or statement."
            self.troubles.stop(line.cell("evidence"), told, "证据为 photo、document 或 statement。")
        flags = {name: True for name in ("place", "masked") if flag(line, name, self.troubles)}
        return {**({"evidence": kinds} if kinds else {}), **flags}

    def _number(self, line: Line, column: str, key: str = "number") -> dict[str, int]:
        if not line[column]:
            return {}
        if not line[column].isdecimal() or not 0 < int(line[column]) <= 10_000:
            self.troubles.stop(line.cell(column), "Write a whole number from 1.", "请填写正整数。")
            return {}
        return {key: int(line[column])}

    def _required(self, line: Line) -> bool:
        text = line["required"]
        if len(text) > len("false()"):
            told = (
                "It is asked always: whether it must be answered cannot depend.",
                "一律须作答，不能设条件。",
            )
            self.troubles.leave_out(line.cell("required"), *told)
            return True
        return flag(line, "required", self.troubles)

    def _range(self, line: Line) -> dict[str, Any]:
        said = {name: float(number) for name, number in _RANGE.findall(line["parameters"])}
        low, high, each = said.get("start", 0.0), said.get("end", 10.0), said.get("step", 1.0)
        whole = all(number.is_integer() for number in (low, high, each))
        bounds = {"minimum": low, "maximum": high}
        if not whole:
            return bounds
        return {**{name: int(number) for name, number in bounds.items()}, "integer": True}
