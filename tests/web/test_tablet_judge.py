"""A tablet judges as the server does: both judges, on the same drawn answers to every checklist."""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from checklists.catalog import catalog
from checklists.categories import packaged_categories
from checklists.context import Context
from checklists.deadlines import SHANGHAI, due_at
from checklists.judge import examine
from checklists.model import Item, Template
from checklists.workcalendar import china_calendar
from server.local.front_end import PROJECT

DRAWS_EACH = 60
PHOTO = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
CASE = "01980000-0000-7000-8000-00000000a001"
PLACE = {"lon": 117.27, "lat": 35.65, "accuracy_m": 6.5, "datum": "wgs84"}
RING = [[117.27, 35.65], [117.28, 35.65], [117.28, 35.66], [117.27, 35.65]]
SHAPES: Mapping[str, Any] = {
    "pt": PLACE,
    "ln": {"type": "LineString", "coordinates": RING[:2]},
    "pg": {"type": "Polygon", "coordinates": [RING]},
    "photo": [PHOTO],
    "sig": [PHOTO],
    "ref": "lift-7",
    "text": "鲁H12345",
}
NUMBERS = (0, 1, 2, 3, 5, 6, 10, 17, 18, 19, 20)
Ask = Callable[[str, Mapping[str, Any]], Any]
TOLD = "item group instance pointer category severity points code choice photos asset joins evidence missing"


class Drawn:
    """Answers as a tablet makes them, drawn by chance."""

    def __init__(self, seed: int) -> None:
        self.draw = random.Random(seed)
        self.today = date(2026, 1, 1) + timedelta(days=self.draw.randrange(364))

    def answers(self, template: Template) -> dict[str, Any]:
        """Answers to most items of a checklist."""
        return {item.code: self.answer(item) for item in template.items if self.draw.random() < 0.9}

    def answer(self, item: Item) -> dict[str, Any]:
        """One answer of any of the three kinds."""
        chance = self.draw.random()
        if chance < 0.1:
            return {"na": True}
        if chance < 0.2:
            return {"not_inspected": "locked"}
        if item.type == "group":
            return {"instances": [self.instance(item) for _ in range(self.draw.randrange(4))]}
        return {"value": self.value(item), **self.beside()}

    def instance(self, group: Item) -> dict[str, Any]:
        """One repetition of a group; a severity is one that its category has."""
        drawn = {item.code: self.answer(item) for item in group.items if self.draw.random() < 0.9}
        category = drawn.get("category", {}).get("value")
        if isinstance(category, str) and "severity" in drawn:
            known = sorted(packaged_categories()[category].severities)
            drawn["severity"] = {"value": self.draw.choice(known)}
        return {**drawn, **self.beside()}

    def value(self, item: Item) -> Any:
        """A value that fits the item."""
        if item.type in SHAPES:
            return SHAPES[item.type]
        codes = [choice.code for choice in item.choices]
        if item.type == "many":
            return self.draw.sample(codes, self.draw.randrange(len(codes) + 1))
        if item.type == "one":
            return self.draw.choice(codes)
        if item.type == "date":
            return (self.today + timedelta(days=self.draw.randrange(-200, 200))).isoformat()
        if item.type == "num":
            low = -10 if item.minimum is None else item.minimum
            high = 1e6 if item.maximum is None else item.maximum
            return min(max(self.draw.choice(NUMBERS), low), high)
        return self.draw.random() < 0.5

    def beside(self) -> dict[str, Any]:
        """Some of what may stand beside an answer."""
        all_of_it = {"note": "已劝阻", "photos": [PHOTO], "location": PLACE, "joins": CASE}
        return {name: part for name, part in all_of_it.items() if self.draw.random() < 0.3}


def judged_here(template: Template, answers: Mapping[str, Any], drawn: Drawn) -> list[dict[str, Any]]:
    """What follows by the server's judge."""
    context = Context(
        today=drawn.today,
        calendar=china_calendar(),
        facts={("lift-7", "maintenance_interval_days"): 30},
        first_seen={("vehicles", 0): drawn.today - timedelta(days=20)},
    )
    verdict = examine(template, answers, context)
    assert not verdict.faults
    return [
        {"kind": one.kind, **{name: _plain(_of(one, name)) for name in TOLD.split()}}
        for one in verdict.findings
    ]


def _of(finding: Any, name: str) -> Any:
    return finding.item_code if name == "item" else getattr(finding, name)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def calendar_years() -> list[dict[str, Any]]:
    """The work calendar as it travels."""
    known = china_calendar()
    return [
        {
            "year": year,
            "holidays": [day.isoformat() for day in known.holidays if day.year == year],
            "make_up_days": [day.isoformat() for day in known.make_up_days if day.year == year],
            "provisional": False,
            "hours": [["08:30", "12:00"], ["14:00", "17:30"]],
            "zone": "Asia/Shanghai",
        }
        for year in sorted(known.years)
    ]


@pytest.fixture(scope="module")
def judge_there(tmp_path_factory: pytest.TempPathFactory, built: None) -> Ask:
    """The tablet's judge, bundled by the pages' own tool and asked over standard input."""
    bundle = tmp_path_factory.mktemp("judge") / "judge.mjs"
    entry = Path("src") / "tablet" / "checklist" / "proof.ts"
    words = [
        str(PROJECT / "node_modules" / ".bin" / "rolldown"),
        str(entry),
        "--platform",
        "node",
        "--format",
        "esm",
        "-o",
        str(bundle),
    ]
    subprocess.run(words, cwd=PROJECT, check=True, capture_output=True)

    def ask(what: str, told: Mapping[str, Any]) -> Any:
        asked = json.dumps({"what": what, **told})
        answer = subprocess.run(
            ["node", str(bundle)], input=asked, capture_output=True, text=True, check=True
        )
        return json.loads(answer.stdout)

    return ask


def test_both_judges_find_the_same_on_drawn_answers_to_every_checklist(judge_there: Ask) -> None:
    cases, expected = [], []
    for template in catalog().current():
        for seed in range(DRAWS_EACH):
            drawn = Drawn(seed)
            answers = drawn.answers(template)
            cases.append({"code": template.code, "answers": answers, "today": drawn.today.isoformat()})
            expected.append(judged_here(template, answers, drawn))

    found = judge_there(
        "judge",
        {
            "checklists": [template.as_json() for template in catalog().current()],
            "severities": {code: sorted(row.severities) for code, row in packaged_categories().items()},
            "calendar": calendar_years(),
            "cases": cases,
        },
    )

    assert sum(map(len, expected)) > 1000
    assert found == expected


def test_both_reckon_the_same_deadlines(judge_there: Ask) -> None:
    draw = random.Random(7)
    start = datetime(2026, 1, 1, tzinfo=SHANGHAI)
    limits = [
        (start + timedelta(minutes=draw.randrange(525_000)), draw.randrange(1, 40), unit)
        for unit in ("uh", "wh", "wd", "cd")
        for _ in range(100)
    ]

    found = judge_there(
        "deadlines",
        {
            "calendar": calendar_years(),
            "limits": [[int(at.timestamp() * 1000), amount, unit] for at, amount, unit in limits],
        },
    )

    expected = [due_at(at.astimezone(UTC), amount, unit, china_calendar()) for at, amount, unit in limits]
    assert [datetime.fromtimestamp(ms / 1000, UTC) for ms in found] == expected
