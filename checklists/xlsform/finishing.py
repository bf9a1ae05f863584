"""What a row says of its answer: when it is asked for, within which bounds, and what follows from it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from checklists.xlsform.cells import Cell, Troubles
from checklists.xlsform.conditions import condition_of
from checklists.xlsform.drafts import Draft
from checklists.xlsform.grammar import Comparison, NotTaken, Together, parse

Near = Mapping[str, Mapping[str, Any]]
SIMPLE = ("violation_when", "violation_category", "violation_severity")
_FROM = re.compile(r"\$\{\s*([a-z0-9_]+)\s*\}")


def finish(drafts: list[Draft], troubles: Troubles, outer: Near | None = None) -> None:
    """Read the conditions of all items, now that every item is known."""
    near = {**(outer or {}), **{draft.item["code"]: draft.item for draft in drafts}}
    for draft in drafts:
        inner = {part.item["code"]: part.item for part in draft.inner}
        _asked_when(draft, near, troubles)
        _bound(draft, troubles)
        _judged(draft, {**near, **inner}, troubles)
        finish(draft.inner, troubles, near)


def _asked_when(draft: Draft, near: Near, troubles: Troubles) -> None:
    rules = [line.cell("relevant") for line in (*draft.frames, draft.line) if line["relevant"]]
    found = [one for one in (_condition(cell, near, troubles) for cell in rules) if one is not None]
    if draft.line["show_when"]:
        given = _json(draft.line.cell("show_when"), dict, troubles)
        found = [given] if given is not None else []
    if found:
        draft.item["show_when"] = found[0] if len(found) == 1 else {"and": found}


def _condition(cell: Cell, near: Near, troubles: Troubles) -> dict[str, Any] | None:
    try:
        return condition_of(cell.text, near)
    except NotTaken as why:
        troubles.stop(cell, why.detail, why.detail_zh)
        return None


def _bound(draft: Draft, troubles: Troubles) -> None:
    cell, item = draft.line.cell("constraint"), draft.item
    if not cell.text:
        return
    try:
        if item["type"] != "num":
            raise NotTaken("Only numbers have bounds.", "只有数字可设范围。")
        node = parse(cell.text)
        for part in node.parts if isinstance(node, Together) and node.word == "and" else (node,):
            item.update(_limit(part, whole=item.get("integer", False)))
    except NotTaken as why:
        told = "The answer is taken without this check."
        troubles.leave_out(cell, f"{why.detail} {told}", f"{why.detail_zh}作答不作此项校验。")


def _limit(part: object, *, whole: bool) -> dict[str, float]:
    if not isinstance(part, Comparison) or part.item or part.over or isinstance(part.value, str):
        raise NotTaken("Bounds are such as `. >= 0 and . <= 100`.", "范围应如“. >= 0 and . <= 100”。")
    if part.op in (">=", "<="):
        return {"minimum" if part.op == ">=" else "maximum": part.value}
    if part.op in (">", "<") and whole and float(part.value).is_integer():
        return {"minimum": part.value + 1} if part.op == ">" else {"maximum": part.value - 1}
    raise NotTaken("Bounds are such as `. >= 0 and . <= 100`.", "范围应如“. >= 0 and . <= 100”。")


def _judged(draft: Draft, near: Near, troubles: Troubles) -> None:
    line, item = draft.line, draft.item
    judgements: list[Any] = []
    if any(line[name] for name in SIMPLE):
        judgements.extend(_violation(draft, near, troubles))
    if line["judgements"]:
        judgements.extend(_json(line.cell("judgements"), list, troubles) or ())
    if judgements:
        item["judgements"] = judgements


def _violation(draft: Draft, near: Near, troubles: Troubles) -> list[dict[str, Any]]:
    line = draft.line
    for name in SIMPLE:
        if not line[name] and not (name == "violation_when" and draft.item["type"] == "group"):
            told = "A violation needs all three: when, category, severity."
            troubles.stop(line.cell(name), told, "违规判定须同时填写条件、类别、等级。")
            return []
    when: dict[str, Any] = {"answered": True}
    if line["violation_when"]:
        try:
            when = condition_of(line["violation_when"], near, draft.item)
        except NotTaken as why:
            troubles.stop(line.cell("violation_when"), why.detail, why.detail_zh)
            return []
    category, severity = _source(line["violation_category"]), _source(line["violation_severity"])
    return [{"when": when, "category": category, "severity": severity}]


def _source(text: str) -> str | dict[str, str]:
    """Return a category or severity, or the item that says it: `${category}`."""
    found = _FROM.fullmatch(text)
    return {"from": found[1]} if found else text


def _json(cell: Cell, kind: type[Any], troubles: Troubles) -> Any:
    try:
        found = json.loads(cell.text)
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, kind):
        return found
    troubles.stop(cell, "This is no JSON of a checklist.", "不是检查表的 JSON。")
    return None
