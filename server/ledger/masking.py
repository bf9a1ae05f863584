"""Names and numbers of persons, so far covered that nobody can be told from them. Pure."""

from __future__ import annotations

import re

LONGEST = 100
_PERSON = re.compile(r"[\u4e00-\u9fff]{2,4}")
_PHONE = re.compile(r"(?<!\d)(1\d{2})\d{4}(\d{4})(?!\d)")
_LONG_NUMBER = re.compile(r"[0-9A-Za-z]{5,}")
_BETWEEN = re.compile(r"([\s,，、;；/()（）:：]+)")
# What ends so is no person: an organisation's name is public.
_ORGANISATION = (
    "公司",
    "物业",
    "商户",
    "业主",
    "商店",
    "超市",
    "单位",
    "集团",
    "门店",
    "不详",
    "不明",
    "无名",
)


def masked(words: str) -> str:
    """Return who did something with persons' names, telephone, identity and plate numbers covered.

    张三 → 张某, 王小明 → 王某某, 13812345678 → 138****5678, 鲁H12345 → 鲁H1***5; names of companies stay.
    """
    parts = _BETWEEN.split(words.strip())
    return "".join(_covered(part) for part in parts)[:LONGEST].strip()


def _covered(part: str) -> str:
    if _PERSON.fullmatch(part) and not part.endswith(_ORGANISATION):
        return part[0] + "某" * min(len(part) - 1, 2)
    if "*" in part:
        return part
    phones = _PHONE.sub(r"\1****\2", part)
    return phones if phones != part else _LONG_NUMBER.sub(_short, part)


def _short(found: re.Match[str]) -> str:
    return f"{found[0][:2]}***{found[0][-1]}"
