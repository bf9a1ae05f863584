"""Places where charging might stand: by grid on open ground, in sheds, drawn, proposed; and where it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import shapely

from geo.siting.ground import DistanceRule, Places, Shapes, area_lost_m2, grid_on, judged, thinned
from geo.siting.values import Floats, Ints
from server.siting.ground.area import Home
from server.siting.rows.books import RuleSet

SHED = "bike_shed"
SPACE = "space_m2"
SPACE_M2 = 2.2
Kind = Literal["grid", "shed", "drawn", "site", "existing"]
Status = Literal["free", "rejected", "near_another", "existing"]


@dataclass(frozen=True, slots=True)
class Ground:
    """Open ground in metres; `outline` ground is a whole community for which none was drawn."""

    id: str
    community_id: str
    kind: str
    shape: Any


@dataclass(frozen=True, slots=True)
class Wanted:
    """A place that somebody named."""

    id: str
    kind: Kind
    name: str
    x: float
    y: float
    ports: int
    has_shed: bool = False
    community_id: str | None = None


@dataclass(frozen=True, slots=True)
class Spot:
    """A place with what the rules say of it.

    Attributes:
        rejected_by: the name of the hard rule that it breaks first, None for none.
        warnings: the names of soft rules that it breaks.
        distance_m: metres to the nearest thing of each rule, None beyond sight.
    """

    id: str
    kind: Kind
    name: str
    x: float
    y: float
    community_id: str
    ground_id: str | None
    ground_m2: float | None
    ports: int
    has_shed: bool
    status: Status
    rejected_by: str | None = None
    warnings: tuple[str, ...] = ()
    distance_m: Mapping[str, float | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Spots:
    """All places, the open ground they were looked for on, and what each hard rule takes of it."""

    every: tuple[Spot, ...]
    open_m2: float
    lost_m2: Mapping[str, float]
    outlines_as_ground: int

    def usable(self) -> list[Spot]:
        """Return the places that a plan may open, and those that are open."""
        return [spot for spot in self.every if spot.status in ("free", "existing")]


@dataclass(frozen=True, slots=True)
class How:
    """How places are looked for: the grid's step, how far apart they are kept, ports of a new site."""

    step_m: float
    apart_m: float
    ports: int


def grounds_for(
    homes: Sequence[Home], rows: Sequence[Mapping[str, Any]], kinds: Sequence[str], *, outline: bool
) -> list[Ground]:
    """Return the open ground of communities; a community without any drawn is taken whole if `outline`."""
    drawn = {row["community_id"] for row in rows}
    found = [Ground(**row) for row in rows if row["kind"] in kinds]
    if outline:
        found += [
            Ground(home.id, home.id, "outline", part)
            for home in homes
            if home.id not in drawn
            for part in shapely.get_parts(home.outline)
        ]
    return found


def find_spots(
    homes: Sequence[Home],
    grounds: Sequence[Ground],
    wanted: Sequence[Wanted],
    things: Mapping[str, Shapes],
    rules: RuleSet,
    how: How,
) -> Spots:
    """Return every place that was looked at, the rejected ones with the rule that rejected them."""
    shapes = np.array([ground.shape for ground in grounds], dtype=np.object_)
    xy, owner = grid_on(shapes, how.step_m)
    held = [one for one in wanted if one.kind != "existing"]
    named = np.array([(one.x, one.y) for one in held], dtype=np.float64).reshape(-1, 2)
    distances = _distance_rules(rules)
    places = judged(
        np.vstack([xy, named]),
        np.concatenate([owner, _ground_of(named, shapes)]),
        distances,
        things,
    )
    area = shapely.area(shapes).astype(np.float64)
    needs = how.ports * (rules.figure(SPACE) or 0.0)
    narrow = _narrow(grounds, area, needs)
    grid = _part(places, 0, len(xy))
    apart = set(thinned(_without(grid, narrow), how.apart_m).tolist())
    owners = _owners(homes, named)
    every = [
        *_grid_spots(grid, grounds, area, narrow, apart, distances, how),
        *_wanted_spots(_part(places, len(xy), len(places.xy)), held, grounds, area, owners, distances),
        *_existing(homes, wanted),
    ]
    lost = area_lost_m2(grid, distances, how.step_m)
    squeezed = grid.free & narrow[grid.ground] if len(grounds) else grid.free
    if needs:
        lost[SPACE] = float(squeezed.sum()) * how.step_m**2
    whole = sum(ground.kind == "outline" for ground in grounds)
    return Spots(tuple(every), float(area.sum()), lost, whole)


def _distance_rules(rules: RuleSet) -> list[DistanceRule]:
    return [DistanceRule(one.name, one.kind, one.value, one.hard, one.source) for one in rules.distances]


def _narrow(grounds: Sequence[Ground], area: Floats, needs_m2: float) -> Any:
    """Return the grounds too small for a new site; a shed that stands needs no more room."""
    found = np.array([ground.kind != SHED for ground in grounds], dtype=np.bool_)
    return found & (area < needs_m2)


def _part(places: Places, start: int, end: int) -> Places:
    return Places(
        places.xy[start:end],
        places.ground[start:end],
        places.rejected_by[start:end],
        places.distance_m[:, start:end],
        places.warned[:, start:end],
    )


def _without(places: Places, narrow: Any) -> Places:
    """Return the places, those on narrow ground counted as taken."""
    taken = places.rejected_by.copy()
    if len(narrow):
        taken[places.free & narrow[places.ground]] = 0
    return Places(places.xy, places.ground, taken, places.distance_m, places.warned)


def _ground_of(xy: Floats, shapes: Shapes) -> Ints:
    found = np.full(len(xy), -1, dtype=np.int64)
    if len(xy) and len(shapes):
        point, ground = shapely.STRtree(shapes).query(shapely.points(xy), predicate="intersects")
        found[point[::-1]] = ground[::-1]
    return found


def _owners(homes: Sequence[Home], xy: Floats) -> list[str]:
    """Return the community that each point lies in or nearest to."""
    if not len(xy):
        return []
    tree = shapely.STRtree([home.outline for home in homes])
    _, nearest = tree.query_nearest(shapely.points(xy), all_matches=False)
    return [homes[at].id for at in nearest.tolist()]


def _told(places: Places, at: int, rules: Sequence[DistanceRule]) -> dict[str, Any]:
    metres = places.distance_m[:, at]
    stopped = int(places.rejected_by[at])
    return {
        "rejected_by": rules[stopped].name if stopped >= 0 else None,
        "warnings": tuple(
            rule.name for rule, broken in zip(rules, places.warned[:, at].tolist(), strict=True) if broken
        ),
        "distance_m": {
            rule.name: round(float(metre), 2) if np.isfinite(metre) else None
            for rule, metre in zip(rules, metres, strict=True)
        },
    }


def _grid_spots(
    places: Places,
    grounds: Sequence[Ground],
    area: Floats,
    narrow: Any,
    apart: set[int],
    rules: Sequence[DistanceRule],
    how: How,
) -> list[Spot]:
    found = []
    for at, (x, y) in enumerate(places.xy.tolist()):
        ground = grounds[int(places.ground[at])]
        told = _told(places, at, rules)
        if told["rejected_by"] is None and narrow[places.ground[at]]:
            told["rejected_by"] = SPACE
        shed = ground.kind == SHED
        status: Status = "rejected" if told["rejected_by"] else ("free" if at in apart else "near_another")
        found.append(
            Spot(
                # A place of the grid is called by where it lies, so that it keeps its name in every scenario.
                f"g{x:.0f}_{y:.0f}",
                "shed" if shed else "grid",
                "",
                round(x, 3),
                round(y, 3),
                ground.community_id,
                ground.id,
                round(float(area[int(places.ground[at])]), 1),
                how.ports,
                shed,
                status,
                **told,
            )
        )
    return list({spot.id: spot for spot in found}.values())


def _wanted_spots(
    places: Places,
    wanted: Sequence[Wanted],
    grounds: Sequence[Ground],
    area: Floats,
    owners: Sequence[str],
    rules: Sequence[DistanceRule],
) -> list[Spot]:
    found = []
    for at, (one, owner) in enumerate(zip(wanted, owners, strict=True)):
        told = _told(places, at, rules)
        ground = int(places.ground[at])
        found.append(
            Spot(
                one.id,
                one.kind,
                one.name,
                round(one.x, 3),
                round(one.y, 3),
                one.community_id or owner,
                grounds[ground].id if ground >= 0 else None,
                round(float(area[ground]), 1) if ground >= 0 else None,
                one.ports,
                one.has_shed,
                "rejected" if told["rejected_by"] else "free",
                **told,
            )
        )
    return found


def _existing(homes: Sequence[Home], wanted: Sequence[Wanted]) -> list[Spot]:
    standing = [one for one in wanted if one.kind == "existing"]
    owners = _owners(homes, np.array([(one.x, one.y) for one in standing]).reshape(-1, 2))
    return [
        Spot(
            one.id,
            "existing",
            one.name,
            round(one.x, 3),
            round(one.y, 3),
            one.community_id or owner,
            None,
            None,
            one.ports,
            one.has_shed,
            "existing",
        )
        for one, owner in zip(standing, owners, strict=True)
    ]
