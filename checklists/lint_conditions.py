"""The check of the grammar inside a checklist document: known words, fitting types, known items."""

from collections.abc import Callable, Mapping
from typing import Any

from checklists.conditions import FITS, NUMBERS, WORDS, WORLDLY
from checklists.schema import is_code, is_flag, is_list, is_number, is_whole, is_words

DEEPEST = 8
Blame = Callable[[str, str, str], None]
Near = Mapping[str, Any]


def check_condition(
    here: str,
    node: object,
    item: Near | None,
    near: Near,
    blame: Blame,
    *,
    depth: int = 0,
    skips: bool = False,
) -> None:
    """Blame every fault of a condition.

    Args:
        here: JSON pointer of the condition.
        item: the item whose value it tests, None in a skip rule.
        near: the items it may name, by code.
        skips: whether this is a skip rule, which knows neither today nor earlier sightings.
        blame: called with pointer, detail and detail_zh.
    """
    if not isinstance(node, Mapping) or depth > DEEPEST or not set(node) - {"item", "ratio_to"}:
        blame(here, "This must be a condition.", "此处应为条件。")
        return
    if "item" in node:
        item = near.get(node["item"]) if isinstance(node["item"], str) else None
        if item is None:
            blame(
                f"{here}/item",
                f"There is no item {node['item']!r} here.",
                f"此处没有检查项“{node['item']}”。",
            )
            return
    for word, operand in node.items():
        _check_word(f"{here}/{word}", word, operand, item, near, blame, skips=skips)
    for word in ("and", "or"):
        parts = node.get(word, [])
        for index, part in enumerate(parts if isinstance(parts, list) else [parts]):
            check_condition(f"{here}/{word}/{index}", part, item, near, blame, depth=depth + 1, skips=skips)


def _check_word(
    here: str, word: str, operand: Any, item: Near | None, near: Near, blame: Blame, *, skips: bool
) -> None:
    if word not in WORDS or (skips and word in WORLDLY):
        blame(here, f"Unknown comparison {word!r}.", f"未知的比较“{word}”。")
    elif word == "ratio_to":
        _check_ratio(here, operand, item, near, blame)
    elif word in FITS and (item is None or item["type"] not in FITS[word]):
        kind = "no item" if item is None else item["type"]
        blame(here, f"{word} does not fit {kind}.", f"{word} 不适用于 {kind}。")
    elif not _operand_fits(word, operand, item):
        blame(here, f"{word} cannot compare with {operand!r}.", f"{word} 不能与 {operand!r} 比较。")


def _check_ratio(here: str, operand: Any, item: Near | None, near: Near, blame: Blame) -> None:
    if not isinstance(operand, str) or operand not in near:
        blame(here, f"There is no item {operand!r} here.", f"此处没有检查项“{operand}”。")
    elif item is None or {item["type"], near[operand]["type"]} != {"num"}:
        blame(here, "A ratio needs two numbers.", "比率须为两个数字。")


def _operand_fits(word: str, operand: Any, item: Near | None) -> bool:
    if word in NUMBERS or word == "within_days":
        return is_number(operand)
    if word in ("older_than_days", "older_than_work_days"):
        return is_number(operand) or _is_fact(operand)
    if word == "before_today":
        return operand is True
    if word == "answered":
        return is_flag(operand)
    if word == "seen_before":
        return isinstance(operand, Mapping) and set(operand) == {"days"} and is_whole(operand["days"])
    if word in ("any_of", "missing_any") and item is not None:
        return is_list(operand) and all(_is_choice(value, item) for value in operand)
    if word == "eq" and item is not None:
        return _eq_fits(operand, item)
    return True


def _eq_fits(operand: Any, item: Near) -> bool:
    if item["type"] == "one":
        return _is_choice(operand, item)
    return {"yn": is_flag, "num": is_number}.get(item["type"], is_words)(operand)


def _is_choice(value: object, item: Near) -> bool:
    return any(choice["code"] == value for choice in item.get("choices", ()))


def _is_fact(operand: object) -> bool:
    return (
        isinstance(operand, Mapping)
        and set(operand) == {"fact", "default"}
        and is_code(operand["fact"])
        and is_number(operand["default"])
    )
