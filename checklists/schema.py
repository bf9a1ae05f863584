"""The keys of a checklist document: which may stand where, and what each must be."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from checklists.model import EVIDENCE, OUTCOMES, TYPES

CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
CHOICE_CODE = re.compile(r"[A-Z]|[a-z][a-z0-9]*(_[a-z0-9]+)*")
TEMPLATE_CODE = re.compile(r"[A-Z][A-Z0-9_]{0,15}")
MEASURES = range(1, 21)


def is_words(value: object) -> bool:
    """Tell whether a value is a readable label."""
    return isinstance(value, str) and value.strip() != "" and len(value) <= 200 and value.isprintable()


def is_whole(value: object) -> bool:
    """Tell whether a value is an integer and no truth value."""
    return isinstance(value, int) and not isinstance(value, bool)


def _is_positive(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= 10_000


def is_number(value: object) -> bool:
    """Tell whether a value is a finite number of sane size."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= 1e12


def is_flag(value: object) -> bool:
    """Tell whether a value is true or false."""
    return isinstance(value, bool)


def is_code(value: object) -> bool:
    """Tell whether a value is a snake_case code."""
    return isinstance(value, str) and len(value) <= 60 and CODE.fullmatch(value) is not None


def _choice_code(value: object) -> bool:
    return isinstance(value, str) and len(value) <= 60 and CHOICE_CODE.fullmatch(value) is not None


def _day(value: object) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def is_list(value: object) -> bool:
    """Tell whether a value is a list with something in it."""
    return isinstance(value, list) and len(value) > 0


def _is_evidence(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(kind, str) and kind in EVIDENCE for kind in value)


def _is_measures(value: object) -> bool:
    return isinstance(value, list) and all(is_whole(measure) and measure in MEASURES for measure in value)


@dataclass(frozen=True, slots=True)
class Key:
    """One key of the schema: its check, what it wants in both languages, and whether it must be there."""

    fits: Callable[[object], bool]
    wants: str
    wants_zh: str
    must: bool = False


TEMPLATE = {
    "code": Key(
        lambda v: isinstance(v, str) and TEMPLATE_CODE.fullmatch(v) is not None,
        "T and a number",
        "T 加数字",
        True,
    ),
    "version": Key(lambda v: isinstance(v, str), "the hash of the content", "内容哈希"),
    "title_zh": Key(is_words, "a Chinese title", "中文标题", True),
    "title_en": Key(is_words, "an English title", "英文标题", True),
    "measures": Key(_is_measures, "a list of measures from 1 to 20", "1 至 20 的措施序号列表", True),
    "published_on": Key(_day, "a day as YYYY-MM-DD", "YYYY-MM-DD 日期", True),
    "items": Key(is_list, "a list of items", "检查项列表", True),
}
ITEM = {
    "number": Key(_is_positive, "a positive number", "正整数"),
    "code": Key(is_code, "a snake_case code", "snake_case 代码", True),
    "label_zh": Key(is_words, "a Chinese label", "中文名称", True),
    "label_en": Key(is_words, "an English label", "英文名称", True),
    "type": Key(
        lambda v: isinstance(v, str) and v in TYPES, "one of " + ", ".join(sorted(TYPES)), "已知的类型", True
    ),
    "evidence": Key(
        _is_evidence, "a list of photo, document, statement", "photo、document、statement 的列表"
    ),
    "place": Key(is_flag, "true or false", "true 或 false"),
    "optional": Key(is_flag, "true or false", "true 或 false"),
    "masked": Key(is_flag, "true or false", "true 或 false"),
    "integer": Key(is_flag, "true or false", "true 或 false"),
    "minimum": Key(is_number, "a number", "数字"),
    "maximum": Key(is_number, "a number", "数字"),
    "count": Key(_is_positive, "a positive number", "正整数"),
    "show_when": Key(lambda v: isinstance(v, Mapping), "a condition", "条件"),
    "choices": Key(is_list, "a list of choices", "选项列表"),
    "judgements": Key(is_list, "a list of judgements", "判定列表"),
    "items": Key(is_list, "a list of items", "检查项列表"),
}
CHOICE = {
    "code": Key(_choice_code, "a snake_case code or one capital", "snake_case 代码或一个大写字母", True),
    "label_zh": Key(is_words, "a Chinese label", "中文名称", True),
    "label_en": Key(is_words, "an English label", "英文名称", True),
    "frequent": Key(is_flag, "true or false", "true 或 false"),
}


def _is_source(value: object) -> bool:
    return is_code(value) or (
        isinstance(value, Mapping) and set(value) == {"from"} and is_code(value["from"])
    )


def _is_severity(value: object) -> bool:
    return (isinstance(value, str) and value in ("A", "B", "C")) or (
        isinstance(value, Mapping) and _is_source(value)
    )


def _is_points(value: object) -> bool:
    return is_number(value) or (isinstance(value, Mapping) and _is_source(value))


JUDGEMENT = {
    "when": Key(lambda v: isinstance(v, Mapping), "a condition", "条件", True),
    "outcome": Key(
        lambda v: isinstance(v, str) and v in OUTCOMES, "one of " + ", ".join(sorted(OUTCOMES)), "已知的结果"
    ),
    "category": Key(_is_source, "a category or {from: item}", "类别或 {from: 检查项}"),
    "severity": Key(_is_severity, "A, B, C or {from: item}", "A、B、C 或 {from: 检查项}"),
    "points": Key(_is_points, "a number or {from: item}", "数字或 {from: 检查项}"),
    "code": Key(is_code, "a snake_case code", "snake_case 代码"),
    "shape": Key(is_code, "the code of an item", "检查项代码"),
    "for_each": Key(is_flag, "true or false", "true 或 false"),
}
NEEDS = {
    "violation": ("category", "severity"),
    "deduction": ("points",),
    "task": ("code",),
    "gate": ("code",),
    "refusal": (),
}
