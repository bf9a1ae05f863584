"""What somebody asks of heat, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from geo.heatmap import FOUND, STANDINGS, Asked, Metric, whole_months
from server.communities.territory import Territory
from server.problems import InvalidInput

SHANGHAI = ZoneInfo("Asia/Shanghai")
PLACES = ("grid_cell", "community", "neighbourhood", "h3")
SEVERITIES = ("A", "B", "C")
WHAT = ("cases", "violations")
SEVERAL = ("category", "severity", "state", "item")
WITH_HOUSEHOLDS = ("grid_cell", "community", "neighbourhood")


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatFilter:
    """Which cases or violations count, where, and which figure; days are local and both ends count.

    Attributes:
        what: `cases` by the day they were reported, or `violations`: each answer that an inspection found
            wrong, by the inspection's day and place, whether or not it became a case.
        item: codes of checklist items, of violations only.
        resolution: of the hexagons, where the places are `h3`.
        state: `open`, `closed`, `ended`; none for all. Violations stand as their cases do.
    """

    by: str = "grid_cell"
    resolution: int = 9
    since: date | None = None
    until: date | None = None
    category: tuple[str, ...] = ()
    severity: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    metric: Metric = "count"
    what: str = "cases"
    item: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.since and self.until and self.since > self.until:
            raise _unusable("to", "The period ends before it begins.", "结束日期早于开始日期。")
        if self.metric == "per_100_households" and self.by not in WITH_HOUSEHOLDS:
            detail = "Households are known of communities, grid cells and neighbourhoods only."
            raise _unusable("metric", detail, "仅小区、网格和社区有户数，请改换统计单元。")
        if self.item and not self.finds:
            detail = "Checklist items belong to violations: ask what=violations."
            raise _unusable("item", detail, "检查项仅用于统计违规作答，请使用 what=violations。")

    @property
    def finds(self) -> bool:
        """Return whether violations are counted instead of cases."""
        return self.what == "violations"

    @property
    def kind(self) -> str:
        """Return the kind of place under which counts are kept."""
        return {"h3": f"h3_{self.resolution}", "neighbourhood": "community"}.get(self.by, self.by)

    @property
    def asked(self) -> Asked:
        """Return the figure and the counters it is made of."""
        severities = tuple(one.lower() for one in self.severity or SEVERITIES)
        everything = (*STANDINGS, FOUND) if self.finds else STANDINGS
        return Asked(self.metric, severities, self.state or everything)

    @property
    def is_plain(self) -> bool:
        """Return whether counts of this are kept: of violations neither item nor what became of them is."""
        return not (self.item or (self.finds and (self.state or self.metric == "open")))

    def is_kept(self, seen: Territory, *, by_month: bool) -> bool:
        """Return whether kept sums answer this: all time or whole months, and nothing that is hidden."""
        whole = seen.division is None and seen.unit is None and seen.cells is None
        if by_month:
            return whole and self.is_plain and whole_months(self.since, self.until)
        return whole and self.is_plain and self.since is None and self.until is None

    def parameters(self) -> dict[str, Any]:
        """Return the values as SQL parameters: instants, first days of months, categories."""
        last = self.until
        return {
            "kind": self.kind,
            "since": _midnight(self.since),
            "until": _midnight(last + timedelta(days=1)) if last and last < date.max else None,
            "first_month": self.since,
            "last_month": last,
            "categories": list(self.category) or None,
            "items": list(self.item) or None,
        }

    def as_json(self) -> dict[str, Any]:
        """Return what `from_json` reads again."""
        told = asdict(self)
        days = {name: told[name].isoformat() if told[name] else None for name in ("since", "until")}
        return {**told, **days, **{name: list(told[name]) for name in SEVERAL}}


def from_json(told: Mapping[str, Any]) -> HeatFilter:
    """Return the filter that `HeatFilter.as_json` told."""
    days = {name: date.fromisoformat(told[name]) if told[name] else None for name in ("since", "until")}
    return HeatFilter(**{**told, **days, **{name: tuple(told[name]) for name in SEVERAL}})


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)


def _unusable(field: str, detail: str, zh: str) -> InvalidInput:
    errors = [{"pointer": f"/query/{field}", "detail": detail, "detail_zh": zh}]
    return InvalidInput(detail, zh, errors=errors)
