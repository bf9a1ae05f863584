"""Reading the value of an answer by the type of its item; a value stays as JSON can carry it."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from checklists.model import Item
from checklists.places import Malformed, is_finite, line, point, polygon

SHA256 = re.compile(r"[0-9a-f]{64}")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
YEARS = range(1900, 2101)
LONGEST_TEXT = 2000
LONGEST_REF = 100
MOST_PHOTOS = 100
YES_NO = {"yes": True, "no": False}


def read_value(item: Item, raw: Any) -> Any:
    """Return the value in its one form (yes and no become true and false, a single photo a list).

    Raises:
        Malformed: the value does not fit the item's type, bounds or choices.
    """
    return READERS[item.type](raw, item)


def photos(raw: Any) -> list[str]:
    """Return a list of SHA-256 digests in lower-case hex, doubles left out."""
    digests = [raw] if isinstance(raw, str) else raw
    if not isinstance(digests, list) or len(digests) > MOST_PHOTOS:
        raise Malformed(
            f"Photos are a list of at most {MOST_PHOTOS} digests.",
            f"照片应为不超过 {MOST_PHOTOS} 个哈希的列表。",
        )
    if not all(isinstance(digest, str) and SHA256.fullmatch(digest) for digest in digests):
        raise Malformed(
            "A photo is named by its SHA-256 in lower-case hex.", "照片以小写十六进制 SHA-256 命名。"
        )
    return list(dict.fromkeys(digests))


def _yes_no(raw: Any, _item: Item) -> bool:
    value = YES_NO.get(raw) if isinstance(raw, str) else raw
    if not isinstance(value, bool):
        raise Malformed("This must be true or false.", "应为 true 或 false。")
    return value


def _number(raw: Any, item: Item) -> int | float:
    if not is_finite(raw):
        raise Malformed("This must be a number.", "应为数字。")
    number: int | float = raw
    if item.integer and number != int(number):
        raise Malformed("This must be a whole number.", "应为整数。")
    if item.minimum is not None and number < item.minimum:
        raise Malformed(f"This must be at least {item.minimum}.", f"不得小于 {item.minimum}。")
    if item.maximum is not None and number > item.maximum:
        raise Malformed(f"This must be at most {item.maximum}.", f"不得大于 {item.maximum}。")
    return number


def _date(raw: Any, _item: Item) -> str:
    try:
        if isinstance(raw, str) and DAY.fullmatch(raw) and date.fromisoformat(raw).year in YEARS:
            return raw
    except ValueError:
        pass
    raise Malformed("This must be a day as YYYY-MM-DD.", "应为 YYYY-MM-DD 格式的日期。")


def _one(raw: Any, item: Item) -> str:
    if isinstance(raw, str) and raw in item.choice_codes:
        return raw
    raise Malformed(f"This must be one of the choices of {item.code}.", f"应为“{item.label_zh}”的选项之一。")


def _many(raw: Any, item: Item) -> list[str]:
    if not isinstance(raw, list):
        raise Malformed("This must be a list of choices.", "应为选项列表。")
    return list(dict.fromkeys(_one(choice, item) for choice in raw))


def _text(raw: Any, _item: Item) -> str:
    if isinstance(raw, str) and len(raw) <= LONGEST_TEXT:
        return raw
    raise Malformed(
        f"This must be text of at most {LONGEST_TEXT} characters.", f"应为不超过 {LONGEST_TEXT} 字的文本。"
    )


def _ref(raw: Any, _item: Item) -> str:
    if isinstance(raw, str) and 0 < len(raw) <= LONGEST_REF:
        return raw
    raise Malformed("This must be the id or code of a thing.", "应为对象的标识或编码。")


def _pictures(raw: Any, _item: Item) -> list[str]:
    found = photos(raw)
    if not found:
        raise Malformed("This must be at least one photo.", "至少一张照片。")
    return found


READERS: Mapping[str, Callable[[Any, Item], Any]] = {
    "yn": _yes_no,
    "num": _number,
    "date": _date,
    "one": _one,
    "many": _many,
    "text": _text,
    "ref": _ref,
    "photo": _pictures,
    "sig": _pictures,
    "pt": lambda raw, _: point(raw),
    "ln": lambda raw, _: line(raw),
    "pg": lambda raw, _: polygon(raw),
}
