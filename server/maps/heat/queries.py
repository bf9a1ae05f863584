"""Counts by place: from kept sums where they answer, from packed days, or from the cases themselves."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.heatmap import COUNTERS, Counts
from server.communities.territory import Territory
from server.maps.heat import days
from server.maps.heat.asking import HeatFilter
from server.maps.heat.days import Counted

_HERE = Path(__file__)
_KEPT = _HERE.with_name("kept.sql").read_text(encoding="utf-8")
_COUNTING = _HERE.with_name("counting.sql").read_text(encoding="utf-8")
_COUNTED = {
    what: _HERE.with_name(f"counting_{what}.sql").read_text(encoding="utf-8")
    for what in ("cases", "violations")
}
_ALL_TIME = "h.month = '-infinity'"
_MONTHS = (
    "h.month >= coalesce(CAST(:first_month AS date), date '0001-01-01')"
    " AND h.month <= coalesce(CAST(:last_month AS date), 'infinity')"
)
_MONTH = "date_trunc('month', {at} AT TIME ZONE 'Asia/Shanghai')::date"
_SHANGHAI_MOMENT = {"c": "c.reported_at", "i": "coalesce(i.finished_at, i.received_at)"}


def counts(
    session: Session,
    wanted: HeatFilter,
    seen: Territory,
    *,
    by_month: bool = False,
    hexagons: Sequence[str] | None = None,
) -> list[Counted]:
    """Return place, first day of the month (None unless `by_month`) and counts.

    The place is empty for what lies in no such place, and `@lon,lat` for what has no hexagon yet.

    Args:
        hexagons: count only in these, where counts are kept; what has no hexagon yet comes in any case.
    """
    bound = {
        # A territory has a `since` of its own: the day from which places count.
        **seen.parameters(),
        **wanted.parameters(),
        "hexagons": list(hexagons or ()) or None,
    }
    how = (wanted.what, wanted.by, wanted.kind, by_month)
    loose = _counting(*how, loose=True) if wanted.by == "h3" else ""
    if wanted.is_kept(seen, by_month=by_month):
        sql = _kept(wanted.what, wanted.by, by_month, hexagons is not None)
        sql += f" UNION ALL {loose}" if loose else ""
    elif wanted.finds or seen.unit is None:
        return days.counts(session, wanted, seen, by_month=by_month, loose=loose, bound=bound)
    else:
        sql = _counting(*how, loose=False)
    rows = session.execute(text(sql), bound)
    return [(row[0], row[1], Counts(*map(int, row[2:]))) for row in rows]


@cache
def _kept(what: str, by: str, by_month: bool, limited: bool) -> str:
    named = by == "neighbourhood"
    only = " AND h.place = ANY(CAST(:hexagons AS text[]))" if limited else ""
    return _KEPT.format(
        place="m.neighbourhood_code::text" if named else "h.place",
        join="JOIN geo.community m ON m.community_id = CAST(h.place AS uuid)" if named else "",
        month="h.month" if by_month else "CAST(NULL AS date)",
        within=_MONTHS if by_month else _ALL_TIME,
        and_place="AND h.place <> ''" + only if by == "h3" else "",
        sums=", ".join(f"sum(h.{name})" if _asked(what, name) else "0" for name in COUNTERS),
    )


def _asked(what: str, counter: str) -> bool:
    """Return whether a kept counter belongs to what is asked for; inspections always do."""
    return counter == "inspections" or counter.startswith("found_") == (what == "violations")


@cache
def _counting(what: str, by: str, kind: str, by_month: bool, *, loose: bool) -> str:
    values = {
        f"{name}_{what}": told
        for what, alias in (("case", "c"), ("inspection", "i"))
        for name, told in (
            ("place_of", _place(by, kind, alias)),
            ("month_of", _MONTH.format(at=_SHANGHAI_MOMENT[alias]) if by_month else "CAST(NULL AS date)"),
            ("and", f"AND {alias}.h3_10 IS NULL" if loose else ""),
        )
    }
    counted = _COUNTED[what].format(**values)
    return _COUNTING.format(sums=", ".join(map(_sum, COUNTERS)), counted=counted, **values)


def _place(by: str, kind: str, alias: str) -> str:
    if by == "h3":
        point = f"coalesce({alias}.geom, ST_PointOnSurface(m.geom))"
        return f"coalesce(to_hex({alias}.{kind}), '@' || ST_X({point}) || ',' || ST_Y({point}))"
    return {
        "community": f"{alias}.community_id::text",
        "grid_cell": f"coalesce({alias}.grid_cell_code::text, '')",
        "neighbourhood": "m.neighbourhood_code::text",
    }[by]


def _sum(counter: str) -> str:
    if counter == "inspections":
        return "coalesce(sum(n) FILTER (WHERE standing = 'inspected'), 0)"
    standing, severity = counter.split("_")
    condition = f"standing = '{standing}' AND severity = '{severity.upper()}'"
    return f"coalesce(sum(n) FILTER (WHERE {condition}), 0)"
