"""What a worker writes down: answers to a checklist's items, now and then with one thing found wrong."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

Item = Mapping[str, Any]
Answers = dict[str, Any]
NOT_DRAWN = {"not_inspected": "locked"}
MOST = 60


@dataclass(frozen=True, slots=True)
class Visit:
    """What a worker has at hand on the spot.

    Attributes:
        photos: digests of the photos taken, the first one of what is wrong.
        severities: category → the severities it can have.
    """

    draw: random.Random
    day: date
    photos: Sequence[str]
    severities: Mapping[str, Sequence[str]]


def answer_checklist(document: Mapping[str, Any], visit: Visit, *, problem: bool) -> Answers:
    """Return answers to every item; with `problem` one item that judges finds fault."""
    items: Sequence[Item] = document["items"]
    culprits = [item["code"] for item in items if _can_fail(item)] if problem else []
    culprit = visit.draw.choice(culprits) if culprits else None
    answers: Answers = {}
    for item in items:
        bad = item["code"] == culprit
        if bad or _asked(item, answers):
            answers[item["code"]] = _answer(item, visit, answers, bad=bad)
    return answers


def _can_fail(item: Item) -> bool:
    judgements = item.get("judgements", ())
    if item["type"] == "group":
        return bool(judgements) or any(_can_fail(member) for member in item["items"])
    if item["type"] not in ("yn", "num") or "show_when" in item:
        return False
    return any({"eq", "gte"} & set(judgement["when"]) for judgement in judgements)


def _asked(item: Item, answers: Answers) -> bool:
    wanted = item.get("show_when")
    if not wanted:
        return True
    value = answers.get(wanted.get("item"), {}).get("value")
    if "eq" in wanted:
        return bool(value == wanted["eq"])
    return isinstance(value, int | float) and value > wanted.get("gt", 0)


def _answer(item: Item, visit: Visit, answers: Answers, *, bad: bool) -> Answers:
    if item["type"] == "group":
        return _group(item, visit) if bad else {"na": True}
    told = _value(item, visit, answers, bad=bad)
    return {**told, "photos": list(visit.photos[:1])} if bad and visit.photos else told


def _group(item: Item, visit: Visit) -> Answers:
    instance: Answers = {}
    for member in item["items"]:
        instance[member["code"]] = _answer(member, visit, instance, bad=_can_fail(member))
    category = instance.get("category", {}).get("value")
    if category in visit.severities and "severity" in instance:
        instance["severity"] = {"value": visit.draw.choice(visit.severities[category])}
    return {"instances": [{**instance, "photos": list(visit.photos[:1])}]}


def _value(item: Item, visit: Visit, answers: Answers, *, bad: bool) -> Answers:
    when: Mapping[str, Any] = next((one["when"] for one in item.get("judgements", ())), {})
    kind = item["type"]
    if kind == "yn":
        fault = when.get("eq", visit.draw.random() < 0.5)
        return {"value": fault if bad else not fault}
    if kind == "num":
        return {"value": _number(item, when, visit.draw, answers, bad=bad)}
    if kind == "one":
        return {"value": visit.draw.choice(item["choices"])["code"]}
    simple = {"date": visit.day.isoformat(), "text": "见照片", "many": [], "photo": list(visit.photos[-1:])}
    return {"value": simple[kind]} if kind == "many" or simple.get(kind) else NOT_DRAWN


def _number(item: Item, when: Mapping[str, Any], draw: random.Random, answers: Answers, *, bad: bool) -> int:
    if "ratio_to" in when:
        return int(answers.get(when["ratio_to"], {}).get("value", 0))
    least = max(int(item.get("minimum", 0)), 0)
    if when:
        fault = int(when.get("gte", 1))
        return fault + draw.randint(0, 3) if bad else max(least, fault - 1)
    return draw.randint(least, max(least, min(int(item.get("maximum", MOST)), MOST)))
