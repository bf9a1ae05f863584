"""From a checklist's document to the sheets of an XLSForm; reading them gives the same version again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from checklists.xlsform.conditions import NO, YES, expression_of
from checklists.xlsform.drafts import OWN

ZH, EN = "label::Chinese (zh)", "label::English (en)"
SURVEY = ("type", "name", ZH, EN, "required", "relevant", "constraint", "appearance", *OWN)
CHOICES = ("list_name", "name", ZH, EN, "frequent")
SETTINGS = ("form_title", "form_id", "version", "default_language", "title_en", "measures")
TRUTH = "yes_no"
TYPES = {
    "date": "date",
    "text": "text",
    "ref": "text",
    "photo": "image",
    "sig": "image",
    "pt": "geopoint",
    "ln": "geotrace",
    "pg": "geoshape",
}
LOOKS = {"ref": "reference", "sig": "signature"}
Near = Mapping[str, Mapping[str, Any]]


def form_of(document: Mapping[str, Any]) -> dict[str, list[list[str]]]:
    """Return the rows of `survey`, `choices` and `settings` of a published document, headings first."""
    near = {item["code"]: item for item in document["items"]}
    survey = [row for item in document["items"] for row in _rows(item, near)]
    titled = {
        "form_title": document["title_zh"],
        "title_en": document["title_en"],
        "form_id": document["code"],
        "version": document["published_on"],
        "default_language": "Chinese (zh)",
        "measures": " ".join(map(str, document["measures"])),
    }
    return {
        "survey": _table(SURVEY, survey),
        "choices": _table(CHOICES, list(_choices(document["items"]))),
        "settings": _table(SETTINGS, [titled]),
    }


def _table(titles: Sequence[str], rows: Sequence[Mapping[str, str]]) -> list[list[str]]:
    return [list(titles), *([row.get(title, "") for title in titles] for row in rows)]


def _rows(item: Mapping[str, Any], near: Near) -> Iterator[dict[str, str]]:
    if item["type"] != "group":
        yield _row(item, near, _type(item))
        return
    inner = {part["code"]: part for part in item["items"]}
    yield {**_row(item, {**near, **inner}, "begin_repeat"), "required": ""}
    for part in item["items"]:
        yield _row(part, {**near, **inner}, _type(part))
    yield {"type": "end_repeat"}


def _row(item: Mapping[str, Any], near: Near, kind: str) -> dict[str, str]:
    return {
        "type": kind,
        "name": item["code"],
        ZH: item["label_zh"],
        EN: item["label_en"],
        "required": "" if item.get("optional") else YES,
        "constraint": _bounds(item),
        "appearance": LOOKS.get(item["type"], ""),
        "number": str(item.get("number", "")),
        "evidence": " ".join(item.get("evidence", ())),
        "place": YES if item.get("place") else "",
        "masked": YES if item.get("masked") else "",
        "signatures": str(item.get("count", "")),
        **_shown(item, near),
        **_judged(item, near),
    }


def _type(item: Mapping[str, Any]) -> str:
    if item["type"] == "num":
        return "integer" if item.get("integer") else "decimal"
    if item["type"] in ("one", "many"):
        return f"select_{'one' if item['type'] == 'one' else 'multiple'} {item['code']}"
    return f"select_one {TRUTH}" if item["type"] == "yn" else TYPES[item["type"]]


def _bounds(item: Mapping[str, Any]) -> str:
    signs = {"minimum": ">=", "maximum": "<="}
    return " and ".join(f". {sign} {item[name]}" for name, sign in signs.items() if name in item)


def _shown(item: Mapping[str, Any], near: Near) -> dict[str, str]:
    if "show_when" not in item:
        return {}
    told = expression_of(item["show_when"], near)
    return {"relevant": told} if told else {"show_when": _json(item["show_when"])}


def _judged(item: Mapping[str, Any], near: Near) -> dict[str, str]:
    judgements = list(item.get("judgements", ()))
    simple = _simple(judgements[0], item, near) if judgements else None
    rest = judgements[1:] if simple else judgements
    return {**(simple or {}), **({"judgements": _json(rest)} if rest else {})}


def _simple(judgement: Mapping[str, Any], item: Mapping[str, Any], near: Near) -> dict[str, str] | None:
    if set(judgement) != {"when", "category", "severity"}:
        return None
    if item["type"] == "group":
        told = "" if judgement["when"] == {"answered": True} else None
    else:
        told = expression_of(judgement["when"], near, item)
    if told is None:
        return None
    said = {f"violation_{name}": _source(judgement[name]) for name in ("category", "severity")}
    return {"violation_when": told, **said}


def _source(value: str | Mapping[str, str]) -> str:
    return value if isinstance(value, str) else f"${{{value['from']}}}"


def _choices(items: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, str]]:
    every = [part for item in items for part in (item, *item.get("items", ()))]
    if any(item["type"] == "yn" for item in every):
        yield _choice(TRUTH, {"code": YES, "label_zh": "是", "label_en": "Yes"})
        yield _choice(TRUTH, {"code": NO, "label_zh": "否", "label_en": "No"})
    for item in every:
        for choice in item.get("choices", ()):
            yield _choice(item["code"], choice)


def _choice(name: str, choice: Mapping[str, Any]) -> dict[str, str]:
    return {
        "list_name": name,
        "name": choice["code"],
        ZH: choice["label_zh"],
        EN: choice["label_en"],
        "frequent": YES if choice.get("frequent") else "",
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
