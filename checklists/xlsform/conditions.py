"""Between the expressions of an XLSForm and the conditions of a checklist, both ways."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checklists.xlsform.grammar import Comparison, Node, NotTaken, Selected, Together, parse
from checklists.xlsform.naming import proposed

WORDS = {"<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}
SIGNS = {word: sign for sign, word in WORDS.items()}
YES, NO = "yes", "no"
Near = Mapping[str, Mapping[str, Any]]


def condition_of(text: str, near: Near, own: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the condition that an expression says.

    Args:
        near: the items that it may name, by code, as the document has them.
        own: the item whose value `.` is; None where there is no own value.

    Raises:
        NotTaken: a checklist cannot say it, or it names what is not there.
    """
    return _condition(parse(text), near, own)


def expression_of(
    condition: Mapping[str, Any], near: Near, own: Mapping[str, Any] | None = None
) -> str | None:
    """Return the expression that says a condition; None where no expression reads back as the same."""
    told = _told(condition, near, own)
    try:
        return told if told is not None and condition_of(told, near, own) == condition else None
    except NotTaken:
        return None


def _condition(node: Node, near: Near, own: Mapping[str, Any] | None) -> dict[str, Any]:
    if isinstance(node, Together):
        parts = [_condition(part, near, own) for part in node.parts]
        return (_one_list(parts) if node.word == "or" else None) or {node.word: parts}
    item = _item(node.item, near, own)
    named = {"item": item["code"]} if node.item else {}
    if isinstance(node, Selected):
        return {**named, **_chosen(item, node.value, node.yes)}
    if node.over:
        return {**named, **_ratio(item, node, near)}
    return {**named, **_compared(item, node)}


def _one_list(parts: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return one test for parts that only list values of one item; None where they say more."""
    about = {part.get("item") for part in parts}
    words = {word for part in parts for word in part} - {"item"}
    if len(about) > 1 or len(words) > 1 or words.isdisjoint(("any_of", "missing_any", "eq")):
        return None
    word = words.pop()
    values = [value for part in parts for value in (part[word] if word != "eq" else [part[word]])]
    if word == "eq" and not all(isinstance(value, str) for value in values):
        return None
    named = {"item": parts[0]["item"]} if "item" in parts[0] else {}
    return {**named, "any_of" if word == "eq" else word: list(dict.fromkeys(values))}


def _item(code: str, near: Near, own: Mapping[str, Any] | None) -> Mapping[str, Any]:
    if not code:
        if own is None:
            raise NotTaken("There is no own value here: name the question.", "此处没有本题的值，请写明题目。")
        return own
    found = near.get(code) or near.get(proposed(code))
    if found is None:
        raise NotTaken(f"There is no question {code!r} that can be asked here.", f"此处没有题目“{code}”。")
    return found


def _chosen(item: Mapping[str, Any], value: str, yes: bool) -> dict[str, Any]:
    kind = item["type"]
    if kind == "yn":
        return {"eq": _truth(value) is yes}
    if kind not in ("one", "many"):
        raise NotTaken(f"selected() needs a question with choices, not {kind}.", "selected() 只用于选择题。")
    value = _known(item, value)
    if kind == "many":
        return {"any_of": [value]} if yes else {"missing_any": [value]}
    return {"eq": value} if yes else _others(item, value)


def _compared(item: Mapping[str, Any], node: Comparison) -> dict[str, Any]:
    kind, value = item["type"], node.value
    if value == "" and kind != "group" and node.op == "!=":
        return {"answered": True}
    if kind == "num" and not isinstance(value, str):
        return _number(node.op, value)
    if node.op not in ("=", "!=") or kind not in ("yn", "one", "many", "text") or value == "":
        shown = f"{node.op} {value!r}"
        raise NotTaken(
            f"An answer of type {kind} cannot be {shown}.", f"{kind} 类型的作答不能比较“{shown}”。"
        )
    same = node.op == "="
    if kind != "text":
        return _chosen(item, _plain(value), same)
    if not same:
        raise NotTaken("A text can be tested for being the same only.", "文本只能判断是否相同。")
    return {"eq": str(value)}


def _number(op: str, value: float) -> dict[str, Any]:
    if op == "=":
        return {"eq": value}
    return {"or": [{"lt": value}, {"gt": value}]} if op == "!=" else {WORDS[op]: value}


def _ratio(item: Mapping[str, Any], node: Comparison, near: Near) -> dict[str, Any]:
    other = _item(node.over, near, None)
    if {item["type"], other["type"]} != {"num"} or isinstance(node.value, str) or node.op == "!=":
        raise NotTaken("A ratio compares two numbers with a number.", "比率须为两个数字与数值比较。")
    return {"ratio_to": other["code"], **_number(node.op, node.value)}


def _others(item: Mapping[str, Any], value: str) -> dict[str, Any]:
    others = [choice["code"] for choice in item["choices"] if choice["code"] != value]
    if not others:
        raise NotTaken("There is no other choice.", "没有其他选项。")
    return {"any_of": others}


def _known(item: Mapping[str, Any], value: str) -> str:
    codes = {choice["code"] for choice in item["choices"]}
    for code in (value, proposed(value)):
        if code in codes:
            return code
    raise NotTaken(f"{item['code']} has no choice {value!r}.", f"“{item['code']}”没有选项“{value}”。")


def _truth(value: str) -> bool:
    if value not in (YES, NO):
        raise NotTaken(f"A yes-or-no question has no choice {value!r}.", f"是非题没有选项“{value}”。")
    return value == YES


def _plain(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def _told(condition: Mapping[str, Any], near: Near, own: Mapping[str, Any] | None) -> str | None:
    for word in ("and", "or"):
        if set(condition) == {word}:
            parts = [_told(part, near, own) for part in condition[word]]
            return None if None in parts else f" {word} ".join(f"({part})" for part in parts)
    tests = {word: value for word, value in condition.items() if word not in ("item", "ratio_to")}
    if len(tests) != 1:
        return None
    code = condition.get("item")
    item = near.get(code) if code else own
    shown = f"${{{code}}}" if code else "."
    if "ratio_to" in condition:
        shown += f" div ${{{condition['ratio_to']}}}"
    [(word, value)] = tests.items()
    return None if item is None else _test(shown, word, value, item["type"])


def _test(shown: str, word: str, value: Any, kind: str) -> str | None:
    if word in SIGNS:
        return f"{shown} {SIGNS[word]} {value}"
    if word == "answered":
        return f"{shown} != ''" if value else None
    if word == "eq":
        told = (YES if value else NO) if kind == "yn" else value
        return f"{shown} = {told}" if kind == "num" else f"{shown} = {_quoted(told)}"
    if word in ("any_of", "missing_any"):
        return " or ".join(_listed(shown, word, one, kind) for one in value)
    return None


def _listed(shown: str, word: str, value: str, kind: str) -> str:
    if kind == "one":
        return f"{shown} = {_quoted(value)}"
    told = f"selected({shown}, {_quoted(value)})"
    return told if word == "any_of" else f"not({told})"


def _quoted(value: object) -> str:
    return f'"{value}"' if "'" in str(value) else f"'{value}'"
