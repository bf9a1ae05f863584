"""What other rooms add to a report: figures of the same period, each with the list behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from server.auth.actor import Actor
from server.problems import NotYours


@dataclass(frozen=True, slots=True)
class Span:
    """Local days, both counted, and the subdistrict that is looked at; None for the caller's whole reach."""

    first: date
    last: date
    subdistrict: str | None

    def address(self, path: str, since: str, until: str, **more: str) -> str:
        """Return the address of a list of these days; `since` and `until` name its filters."""
        asked = {since: self.first.isoformat(), until: self.last.isoformat(), **more}
        if self.subdistrict:
            asked["subdistrict"] = self.subdistrict
        return f"{path}?{urlencode(asked)}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure; `list` is the address that lists exactly what it counts, None where that is no list."""

    name: str
    title_zh: str
    title_en: str
    number: int
    list: str | None = None


Count = Callable[[Session, Span, Actor, datetime], Sequence[Figure]]


@dataclass(frozen=True, slots=True)
class Part:
    """What a room counts; `count` raises `NotYours` for whoever may not see it."""

    name: str
    title_zh: str
    title_en: str
    count: Count


def told(
    session: Session, parts: Sequence[Part], this: Span, that: Span, *, actor: Actor, now: datetime
) -> list[dict[str, Any]]:
    """Return the figures of each part that the actor may see, beside those of the period before."""
    found = []
    for part in parts:
        try:
            here, there = (part.count(session, span, actor, now) for span in (this, that))
        except NotYours:
            continue
        before = {one.name: one for one in there}
        lines = [_line(one, before[one.name]) for one in here]
        found.append(
            {"name": part.name, "title_zh": part.title_zh, "title_en": part.title_en, "lines": lines}
        )
    return found


def _line(now: Figure, then: Figure) -> Mapping[str, Any]:
    return {
        "name": now.name,
        "title_zh": now.title_zh,
        "title_en": now.title_en,
        "number": now.number,
        "list": now.list,
        "before": {"number": then.number, "list": then.list},
    }
