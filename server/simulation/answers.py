"""What a worker writes down: answers to a checklist's items, now and then with one thing found wrong."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

Item = Mapping[str, Any]
Answers = dict[str, Any]
NOT_DRAWN = {"not_inspected": "locked"}
MOST = 60


def answer_checklist(
    document: Mapping[str, Any], draw: random.Random, day: date, photos: Sequence[str], *, problem: bool
) -> Answers:
    """Return answers to every item; with `problem` one item that judges finds fault."""
    items: Sequence[Item] = document["items"]
    culprits = [item for item in items if _can_fail(item)] if problem else []
    culprit = draw.choice(culprits)["code"] if culprits else None
    answers: Answers = {}
    for item in items:
        if _asked(item, answers) or item["code"] == culprit:
            answers[item["code"]] = _answer(
                item, draw, day, photos, bad=item["code"] == culprit, answers=answers
            )
    return answers


def _can_fail(item: Item) -> bool:
    if item["type"] == "group":
        return bool(item.get("judgements")) or any(_can_fail(member) for member in item["items"])
    return item["type"] in ("yn", "num") and any(
        {"eq", "gte"} & set(judgement["when"]) and "show_when" not in item
        for judgement in item.get("judgements", ())
    )


def _asked(item: Item, answers: Answers) -> bool:
    wanted = item.get("show_when")
    if not wanted:
        return True
    value = answers.get(wanted.get("item"), {}).get("value")
    if "eq" in wanted:
        return bool(value == wanted["eq"])
    return isinstance(value, int | float) and value > wanted.get("gt", 0)


def _answer(
    item: Item, draw: random.Random, day: date, photos: Sequence[str], *, bad: bool, answers: Answers
) -> Answers:
    if item["type"] == "group":
        return _group(item, draw, day, photos) if bad else {"na": True}
    told = _value(item, draw, day, photos, bad=bad, answers=answers)
    return {**told, "photos": list(photos[:1])} if bad and photos else told


def _group(item: Item, draw: random.Random, day: date, photos: Sequence[str]) -> Answers:
    instance: Answers = {}
    for member in item["items"]:
        instance[member["code"]] = _answer(member, draw, day, photos, bad=_can_fail(member), answers=instance)
    instance["photos"] = list(photos[:1])
    return {"instances": [instance]}


def _value(
    item: Item, draw: random.Random, day: date, photos: Sequence[str], *, bad: bool, answers: Answers
) -> Answers:
    when: Mapping[str, Any] = next((one["when"] for one in item.get("judgements", ())), {})
    kind = item["type"]
    if kind == "yn":
        fault = when.get("eq", draw.random() < 0.5)
        return {"value": fault if bad else not fault}
    if kind == "num":
        return {"value": _number(item, when, draw, bad=bad, answers=answers)}
    if kind == "one":
        return {"value": draw.choice(item["choices"])["code"]}
    if kind == "many":
        return {"value": []}
    simple = {"date": day.isoformat(), "text": "见照片", "photo": list(photos[-1:])}
    return {"value": simple[kind]} if simple.get(kind) else NOT_DRAWN


def _number(item: Item, when: Mapping[str, Any], draw: random.Random, *, bad: bool, answers: Answers) -> int:
    if "ratio_to" in when:
        return int(answers.get(when["ratio_to"], {}).get("value", 0))
    least = int(item.get("minimum", 0))
    if when:
        fault = int(when.get("gte", 1))
        return fault + draw.randint(0, 3) if bad else max(least, fault - 1)
    return draw.randint(max(least, 0), max(least, min(int(item.get("maximum", MOST)), MOST)))
