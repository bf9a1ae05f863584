"""Heat as its readers get it: figures of places, all together or month by month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from geo.heatmap import Counts, Figures, figures
from geo.hexagons import hexagon_at
from server.auth.actor import Actor
from server.communities import service as communities
from server.communities.territory import Territory
from server.maps.bbox import Bbox
from server.maps.errors import UnknownFilter
from server.maps.heat import placeholders, queries
from server.maps.heat.asking import HeatFilter
from server.maps.heat.days import Counted
from server.maps.heat.places import Place, places
from server.maps.queries import unknown_categories

RIGHT = "heat.read"
LOOSE = "@"


@dataclass(frozen=True, slots=True)
class Heat:
    """The figures of all places, with what belongs to none of them."""

    wanted: HeatFilter
    places: Sequence[Place]
    figures: Mapping[str, Figures]
    unplaced: int
    placeholder_count: int

    @property
    def total(self) -> int:
        """Return all cases that count, those in no place included."""
        return self.unplaced + sum(one.count for one in self.figures.values())


def heat(
    session: Session, wanted: HeatFilter, *, actor: Actor, now: datetime, outlines: bool = False
) -> Heat:
    """Return the figures of the places within the caller's reach.

    Raises:
        NotYours: the caller may not see heat.
        UnknownFilter: there is no such category.
    """
    seen = reach_of(session, wanted, actor, now)
    told = _in_places(wanted, queries.counts(session, wanted, seen))[None]
    unplaced = told.pop("", Counts()).cases(wanted.asked.severities, wanted.asked.standings)
    found = places(session, wanted.by, seen, told, outlines=outlines)
    return Heat(
        wanted, found, _figures(wanted, told, found), unplaced, placeholders.count(session, wanted, seen)
    )


def slices(session: Session, wanted: HeatFilter, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return every month that has cases or inspections in one answer; `values` of a place follow `months`.

    Raises:
        NotYours: the caller may not see heat.
        UnknownFilter: there is no such category.
    """
    seen = reach_of(session, wanted, actor, now)
    by_month = _in_places(wanted, queries.counts(session, wanted, seen, by_month=True))
    months = _every_month([month for month in by_month if month is not None])
    counted = {place for told in by_month.values() for place in told if place}
    found = places(session, wanted.by, seen, counted)
    told = {month: _figures(wanted, _placed(by_month.get(month, {})), found) for month in months}
    return {
        **described(wanted),
        "months": [f"{month:%Y-%m}" for month in months],
        "totals": [_cases(wanted, by_month.get(month, {}).values()) for month in months],
        "items": [_line(place, [told[month][place.place] for month in months]) for place in found],
    }


def in_window(
    session: Session,
    wanted: HeatFilter,
    box: Bbox,
    hexagons: Sequence[str] | None,
    *,
    actor: Actor,
    now: datetime,
) -> Heat:
    """Return the figures of the places that reach into a window, with their outlines.

    Args:
        hexagons: count only in these, where the figures of others do not matter to them.
    """
    seen = reach_of(session, wanted, actor, now)
    told = _in_places(wanted, queries.counts(session, wanted, seen, hexagons=hexagons))[None]
    told.pop("", None)
    everywhere = places(session, wanted.by, seen, told) if wanted.by != "h3" else ()
    found = places(session, wanted.by, seen, told, outlines=True, box=box)
    known = {place.place for place in found}
    drawn = _figures(wanted, told, everywhere or found)
    return Heat(wanted, found, {place: one for place, one in drawn.items() if place in known}, 0, 0)


def described(wanted: HeatFilter) -> dict[str, Any]:
    """Return what was asked, as every answer repeats it."""
    return {
        "by": wanted.by,
        "resolution": wanted.resolution if wanted.by == "h3" else None,
        "what": wanted.what,
        "metric": wanted.metric,
        "from": wanted.since.isoformat() if wanted.since else None,
        "to": wanted.until.isoformat() if wanted.until else None,
        "category": list(wanted.category),
        "severity": list(wanted.severity),
        "state": list(wanted.state),
        "item": list(wanted.item),
    }


def reach_of(session: Session, wanted: HeatFilter, actor: Actor, now: datetime) -> Territory:
    """Return how far the caller sees.

    Raises:
        NotYours: the caller may not see heat.
        UnknownFilter: no such category; nothing of it would look like all is well.
    """
    seen = communities.reach_of(session, actor, RIGHT, now)
    unknown = unknown_categories(session, wanted.category) if wanted.category else ()
    if unknown:
        raise UnknownFilter("category", unknown)
    return seen


def _in_places(wanted: HeatFilter, counted: Sequence[Counted]) -> defaultdict[date | None, dict[str, Counts]]:
    """Return counts by month and place; what has no hexagon yet finds its own here."""
    found: defaultdict[date | None, dict[str, Counts]] = defaultdict(dict)
    for place, month, counts in counted:
        if place.startswith(LOOSE):
            lon, lat = map(float, place[1:].split(","))
            place = hexagon_at(lon, lat, wanted.resolution)
        found[month][place] = found[month].get(place, Counts()) + counts
    return found


def _figures(wanted: HeatFilter, told: Mapping[str, Counts], found: Sequence[Place]) -> dict[str, Figures]:
    households = {place.place: place.households or 0.0 for place in found}
    every = {place.place: told.get(place.place, Counts()) for place in found}
    return figures({**every, **told}, wanted.asked, households)


def _placed(told: Mapping[str, Counts]) -> dict[str, Counts]:
    return {place: counts for place, counts in told.items() if place}


def _cases(wanted: HeatFilter, counts: Any) -> int:
    return sum(one.cases(wanted.asked.severities, wanted.asked.standings) for one in counts)


def _every_month(months: Sequence[date]) -> list[date]:
    """Return all months from the first to the last."""
    if not months:
        return []
    first, last = min(months), max(months)
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]


def _line(place: Place, told: Sequence[Figures]) -> dict[str, Any]:
    return {
        "place": place.place,
        "name": place.name,
        "values": [one.value for one in told],
        "smoothed": [one.smoothed for one in told],
        "counts": [one.count for one in told],
        "visited": [one.status == "visited" for one in told],
    }
