"""Whether a JSON value can be stored at all: no NUL, no lone surrogate, no NaN, bounded in depth and size."""

import math
from collections.abc import Callable

DEEPEST = 16
LONGEST_TEXT = 10_000
LARGEST_NUMBER = 2**53
MOST_VALUES = 200_000
LONGEST_PLAIN_KEY = 80

Blame = Callable[[str, str, str], None]


def step(pointer: str, key: object) -> str:
    """Return the JSON pointer one step further, with `~` and `/` in the key escaped and the key shortened."""
    text = (key if isinstance(key, str) else type(key).__name__)[:80].replace("~", "~0").replace("/", "~1")
    return f"{pointer}/{text.replace(chr(0), '?').encode('utf-8', 'replace').decode()}"


def check_storable(value: object, pointer: str, blame: Blame) -> bool:
    """Blame what PostgreSQL's text and jsonb, or JSON itself, could not hold; tell whether all is well."""
    well = True
    left = MOST_VALUES
    stack: list[tuple[object, str, int]] = [(value, pointer, 0)]
    while stack:
        node, here, depth = stack.pop()
        left -= 1
        if left < 0:
            blame(pointer, "There are too many values.", "数据项过多。")
            return False
        reason = _reason(node, depth)
        if reason is not None:
            blame(here, *reason)
            well = False
        elif isinstance(node, dict):
            well = _push(node, here, depth, stack, blame) and well
        elif isinstance(node, list):
            stack.extend((part, f"{here}/{index}", depth + 1) for index, part in enumerate(node))
    return well


def _push(
    node: dict[object, object], here: str, depth: int, stack: list[tuple[object, str, int]], blame: Blame
) -> bool:
    well = True
    for key, part in node.items():
        if isinstance(key, str) and len(key) <= LONGEST_PLAIN_KEY and key.isidentifier():
            there = f"{here}/{key}"
        elif (reason := _key_reason(key)) is None:
            there = step(here, key)
        else:
            blame(step(here, key), *reason)
            well = False
            continue
        if part is not None and part is not True and part is not False:
            stack.append((part, there, depth + 1))
    return well


def _key_reason(key: object) -> tuple[str, str] | None:
    if not isinstance(key, str):
        return "A key must be text.", "键必须是文本。"
    return _text_reason(key)


def _reason(node: object, depth: int) -> tuple[str, str] | None:
    if isinstance(node, str):
        return _text_reason(node)
    if isinstance(node, dict | list):
        return ("This is nested too deeply.", "嵌套过深。") if depth > DEEPEST else None
    if node is None or isinstance(node, bool):
        return None
    if isinstance(node, int | float):
        if -LARGEST_NUMBER <= node <= LARGEST_NUMBER:
            return None
        named = isinstance(node, float) and not math.isfinite(node)
        return ("This is no number.", "不是数字。") if named else ("This number is too large.", "数字过大。")
    return "This is no JSON value.", "不是 JSON 值。"


def _text_reason(text: str) -> tuple[str, str] | None:
    if len(text) > LONGEST_TEXT:
        return f"This text is longer than {LONGEST_TEXT} characters.", f"文本超过 {LONGEST_TEXT} 个字符。"
    if text.isascii():
        return ("A NUL character cannot be stored.", "不能含有空字符 (NUL)。") if "\0" in text else None
    if "\0" in text:
        return "A NUL character cannot be stored.", "不能含有空字符 (NUL)。"
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        return "Half of a surrogate pair is no text.", "含有不完整的字符（孤立代理项）。"
    return None
