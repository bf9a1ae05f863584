"""Reports: what happened in a period, how the ledger stood at its end, and the lists behind the numbers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from server.auth.actor import Actor
from server.auth.rules import reach
from server.ledger import past, visibility
from server.ledger.bulletins import queries
from server.ledger.bulletins.parts import Part, Span, told
from server.ledger.bulletins.periods import TITLES, Period, before, period_of
from server.ledger.bulletins.stock import STANDS
from server.ledger.figures.queries import names
from server.ledger.happenings import HAPPENINGS
from server.ledger.lists import Filter
from server.ledger.terms import local_day
from server.problems import InvalidInput
from server.programme import queries as programme

CASES = "/api/v1/cases"
IN_TABLES = ("reported", "closed")
STANDING_IN_TABLES = ("open", "red")
_Counts = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted of a period, by group: what happened, and how the open cases stood at its end."""

    period: Period
    until: date
    happened: _Counts
    stood: _Counts


def report(
    session: Session,
    kind: str,
    day: date,
    subdistrict: str | None,
    *,
    actor: Actor,
    now: datetime,
    parts: Sequence[Part] = (),
) -> dict[str, Any]:
    """Return the report of the day, week or month in which a day lies, beside the period before.

    Every number has `cases` and the address `list` that lists exactly them, and the same of the period
    `before`. What happened is read from histories that are only added to, what stood from the ledger as it
    was at the end of the last day: asked again, a past report says the same.

    Args:
        parts: what other rooms tell of the same days, told in `beside`.

    Raises:
        NotYours: the role reads no reports. InvalidInput: the day has not begun.
    """
    today = local_day(now)
    if day > today:
        raise _not_begun(day)
    visible = visibility.within(actor, reach(actor, "reports.read"), today)
    wanted = Filter(subdistrict=subdistrict)
    period = period_of(kind, day)
    by_place = "community" if subdistrict else "subdistrict"

    def counted(of: Period, group_by: str) -> Counted:
        until = of.until(today)
        happened = queries.happened(session, wanted, visible, group_by, of.first, until)
        stood = _by_stand(past.standing(session, until, wanted, visible, group_by, now))
        return Counted(of, until, happened, stood)

    now_by_measure, then_by_measure = (counted(one, "measure") for one in (period, before(period)))
    now_by_place = counted(period, by_place)
    zh, en = TITLES[kind]
    return {
        "kind": kind,
        "title_zh": zh,
        "title_en": en,
        "first": period.first,
        "last": period.last,
        "until": period.until(today),
        "finished": period.last < today,
        "before": {"first": before(period).first, "last": before(period).last},
        "subdistrict": subdistrict,
        "area": _area(session, subdistrict),
        "made_at": now.astimezone(UTC).isoformat(),
        "happened": [
            _line(name, one.title_zh, one.title_en, "happened", now_by_measure, then_by_measure, wanted)
            for name, one in HAPPENINGS.items()
        ],
        "stood": [
            _line(name, one.title_zh, one.title_en, "stood", now_by_measure, then_by_measure, wanted)
            for name, one in STANDS.items()
        ],
        "beside": told(
            session,
            parts,
            Span(period.first, period.until(today), subdistrict),
            Span(before(period).first, before(period).last, subdistrict),
            actor=actor,
            now=now,
        ),
        "by_place": _table(session, now_by_place, by_place, wanted),
        "by_measure": _table(session, now_by_measure, "measure", wanted),
        "place": by_place,
    }


def _by_stand(rows: Any) -> dict[str, dict[str, int]]:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for key, state, signal, cases in rows:
        for name, stand in STANDS.items():
            if stand.holds(state, signal):
                found[key][name] += cases
    return {key: dict(counts) for key, counts in found.items()}


def _line(
    name: str, zh: str, en: str, what: str, this: Counted, that: Counted, wanted: Filter
) -> dict[str, Any]:
    return {
        "name": name,
        "title_zh": zh,
        "title_en": en,
        **_number(name, what, this, wanted, {}),
        "before": _number(name, what, that, wanted, {}),
    }


def _number(
    name: str, what: str, of: Counted, wanted: Filter, narrowed: Mapping[str, str], key: str | None = None
) -> dict[str, Any]:
    counts: _Counts = getattr(of, what)
    groups = counts.values() if key is None else [counts.get(key, {})]
    asked = {"subdistrict": wanted.subdistrict, **narrowed} if wanted.subdistrict else dict(narrowed)
    asked |= _as_happened(name, of) if what == "happened" else _as_stood(name, of)
    return {"cases": sum(one.get(name, 0) for one in groups), "list": f"{CASES}?{urlencode(asked)}"}


def _as_happened(name: str, of: Counted) -> dict[str, str]:
    return {
        "happened": name,
        "happened_from": of.period.first.isoformat(),
        "happened_to": of.until.isoformat(),
    }


def _as_stood(name: str, of: Counted) -> dict[str, str]:
    stand = STANDS[name]
    asked = {"as_of": of.until.isoformat(), "state": ",".join(stand.states)}
    return {**asked, "signal": ",".join(stand.signals)} if stand.signals else asked


def _table(session: Session, of: Counted, group_by: str, wanted: Filter) -> list[dict[str, Any]]:
    """Return a line for each group in which anything happened or stood, the most open first."""
    keys = sorted({*of.happened, *of.stood})
    if group_by == "measure":
        measures = {str(one.measure): one for one in programme.measures(session)}
        named = {key: (one.title_zh, one.title_en) for key, one in measures.items()}
    else:
        named = names(session, group_by, keys)
    lines = [_row(key, named.get(key, (key, key)), of, group_by, wanted) for key in keys]
    shown = [line for line in lines if any(line[name]["cases"] for name in (*IN_TABLES, *STANDING_IN_TABLES))]
    if group_by == "measure":
        return sorted(shown, key=lambda line: int(line["key"]))
    return sorted(shown, key=lambda line: (-line["open"]["cases"], line["key"]))


def _row(key: str, named: tuple[str, str], of: Counted, group_by: str, wanted: Filter) -> dict[str, Any]:
    narrowed = {{"community": "community_id"}.get(group_by, group_by): key}
    numbers = {name: _number(name, "happened", of, wanted, narrowed, key) for name in IN_TABLES}
    stood = {name: _number(name, "stood", of, wanted, narrowed, key) for name in STANDING_IN_TABLES}
    return {"key": key, "name_zh": named[0], "name_en": named[1], **numbers, **stood}


def _area(session: Session, subdistrict: str | None) -> str:
    if subdistrict is None:
        return ""
    found = names(session, "subdistrict", [subdistrict]).get(subdistrict)
    if found is None:
        detail, zh = "There is no such subdistrict or town.", "没有这个街道或镇。"
        fault = {"pointer": "/query/subdistrict", "detail": detail, "detail_zh": zh}
        raise InvalidInput(detail, zh, errors=[fault])
    return found[0]


def _not_begun(day: date) -> InvalidInput:
    detail, zh = f"{day} has not begun.", f"{day} 尚未到来，请选择今天或过去的日期。"
    return InvalidInput(detail, zh, errors=[{"pointer": "/query/day", "detail": detail, "detail_zh": zh}])
