"""The use case of figures: count, and say where the cases of each count are listed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from server.auth.actor import Actor
from server.auth.rules import reach
from server.ledger import visibility
from server.ledger.figures import queries
from server.ledger.figures.definitions import FIGURES, NO_GROUP
from server.ledger.lists import Filter
from server.ledger.terms import local_day

CASES = "/api/v1/cases"
MOST_GROUPS = 500


def figures(
    session: Session, wanted: Filter, group_by: str | None, *, actor: Actor, now: datetime
) -> dict[str, Any]:
    """Return every figure of the cases within the person's reach that pass the filter, whole and by group.

    Each figure has `cases` (how many), `list` (the address that lists exactly them), and where it has
    such: `times` (how often it happened to them), `mean_h`, `median_h`, `p90_h` (plain hours). Groups come
    with the most cases first; beyond 500 they are only counted, in `left_off`.

    Raises:
        NotYours: the role may not list cases.
        InvalidInput: the filter names a group that cannot be.
    """
    visible = visibility.within(actor, reach(actor, "cases.list"), local_day(now))
    counted = queries.cases(session, wanted, visible, group_by, now)
    timed: dict[tuple[bool, Any], dict[str, Any]] = {}
    for row in queries.links(session, wanted, visible, group_by, now):
        timed.setdefault((bool(row.whole), row.key), {})[row.link] = row
    groups = sorted((row for row in counted if not row.whole), key=lambda row: (-row.reported, row.key or ""))
    shown = groups[:MOST_GROUPS]
    named = queries.names(session, group_by, [row.key for row in shown if row.key]) if group_by else {}
    whole = next((row for row in counted if row.whole), None)
    return {
        "at": now.astimezone(UTC).isoformat(),
        "group_by": group_by,
        "titles": [
            {"name": one.name, "title_zh": one.title_zh, "title_en": one.title_en} for one in FIGURES.values()
        ],
        "whole": {} if whole is None else _figures(whole, timed.get((True, None), {}), wanted, {}),
        "groups": [
            _group(row, named, _figures(row, timed.get((False, row.key), {}), wanted, _of(group_by, row.key)))
            for row in shown
        ],
        "left_off": len(groups) - len(shown),
    }


def _of(group_by: str | None, key: str | None) -> dict[str, str]:
    return {"group_by": group_by or "", "group": key or NO_GROUP}


def _group(row: Any, named: Mapping[str, tuple[str, str]], found: Mapping[str, Any]) -> dict[str, Any]:
    key = row.key or NO_GROUP
    zh, en = named.get(key, (key, key))
    return {"key": key, "name_zh": zh, "name_en": en, "figures": found}


def _figures(
    row: Any, links: Mapping[str, Any], wanted: Filter, group: Mapping[str, str]
) -> dict[str, dict[str, Any]]:
    return {
        name: {**_numbers(name, row, links), "list": _address(wanted, {**group, "figure": name})}
        for name in FIGURES
    }


def _numbers(name: str, row: Any, links: Mapping[str, Any]) -> dict[str, Any]:
    figure = FIGURES[name]
    if figure.link is None:
        return {
            "cases": getattr(row, name),
            "times": getattr(row, f"{name}_times", None),
            **_hours(getattr(row, f"{name}_mean", None), getattr(row, f"{name}_shares", None)),
        }
    run = links.get(figure.link)
    if name.endswith("_late"):
        return {"cases": run.late if run else 0, "times": None, **_hours(None, None)}
    if run is None:
        return {"cases": 0, "times": 0, **_hours(None, None)}
    return {"cases": run.done, "times": int(run.runs), **_hours(run.mean, run.shares)}


def _hours(mean: Any, shares: Sequence[float | None] | None) -> dict[str, float | None]:
    median, p90 = shares or (None, None)
    found = {"mean_h": mean, "median_h": median, "p90_h": p90}
    return {name: None if value is None else round(float(value), 2) for name, value in found.items()}


def _address(wanted: Filter, more: Mapping[str, str]) -> str:
    """Return where the cases are listed: the filters of the question, narrowed."""
    asked = {name: _text(value) for name, value in asdict(wanted).items() if value not in (None, (), "")}
    return f"{CASES}?{urlencode({**asked, **more})}"


def _text(value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(str(one) for one in value)
    return str(value)
