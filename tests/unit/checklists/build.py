"""Values that tests of the checklists start from; each test says only what matters to it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from checklists.catalog import catalog, template_from_document
from checklists.judge import Context, Verdict, examine
from checklists.model import Template

PHOTO = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
TODAY = date(2026, 11, 22)


def a_value(value: object, **extras: object) -> dict[str, object]:
    return {"value": value, **extras}


def instances(*found: Mapping[str, object]) -> dict[str, object]:
    return {"instances": [{"photos": [PHOTO], **instance} for instance in found]}


def examined(code: str, answers: object, **context: Any) -> Verdict:
    return examine(catalog().get(code), answers, Context(**{"today": TODAY, **context}))


def yielded(verdict: Verdict) -> list[tuple[str, str | None, str | None]]:
    return [(finding.kind, finding.category, finding.severity) for finding in verdict.findings]


def local(text: str) -> datetime:
    """An instant given as local time in Sishui."""
    return datetime.fromisoformat(text + "+08:00").astimezone(UTC)


def a_document(**changes: object) -> dict[str, Any]:
    document: dict[str, Any] = {
        "code": "T99",
        "title_zh": "试验",
        "title_en": "A trial",
        "measures": [12],
        "published_on": "2026-11-22",
        "items": [an_item()],
    }
    return {**document, **changes}


def an_item(**changes: object) -> dict[str, Any]:
    item: dict[str, Any] = {
        "number": 900,
        "code": "lane_clear",
        "type": "yn",
        "label_zh": "通道畅通",
        "label_en": "Lane clear?",
        "judgements": [{"when": {"eq": False}, "category": "fire_lane_blocked", "severity": "A"}],
    }
    return {name: value for name, value in {**item, **changes}.items() if value is not None}


def a_template(*items: dict[str, Any]) -> Template:
    return template_from_document(a_document(items=list(items)))
