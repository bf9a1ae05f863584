"""Whether what a row tells can be a case, and which. Pure; all faults of a row are found, not only one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from server.ledger.sheets.fields import CLOSED, OPEN
from server.ledger.sheets.photographed import Shown
from server.sheets.columns import plain
from server.sheets.rows import CheckedRow

SEVERITIES = ("A", "B", "C")
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Home:
    """A community that a name may mean."""

    community_id: UUID
    neighbourhood: str
    subdistrict: str


@dataclass(frozen=True, slots=True)
class Ground:
    """What lies at a point; `inside` is whether it lies in the county at all."""

    inside: bool
    grid_cell: str | None
    community_id: UUID | None


@dataclass(slots=True)
class Known:
    """What the county knows, by the plain form of names.

    Attributes:
        measures: by category and severity that have a rule in force the measures that the rule serves.
        numbers: old numbers taken in already, of this ledger; grows with every row.
        cells: codes of grid cells that exist.
    """

    now: datetime
    categories: Mapping[str, str]
    measures: Mapping[tuple[str, str], Sequence[int]]
    homes: Mapping[str, Sequence[Home]]
    units: Mapping[str, str]
    cells: frozenset[str]
    placeholders: frozenset[Point]
    numbers: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Judged:
    """A row that can be a case: what it is, where, and how far it got."""

    told: CheckedRow
    category: str
    severity: str
    measure: int
    community_id: UUID
    grid_cell: str | None
    point: Point | None
    is_open: bool
    unit: str | None
    photos: tuple[Shown, ...] = ()


def point_of(told: CheckedRow, placeholders: frozenset[Point]) -> Point | None:
    """Return where a row says it lies; None where it says nothing, or only gives a placeholder."""
    lon, lat = told.values.get("lon"), told.values.get("lat")
    if lon is None or lat is None or (lon, lat) in placeholders:
        return None
    return (lon, lat)


def judge(told: CheckedRow, known: Known, grounds: Mapping[Point, Ground]) -> Judged | None:
    """Return what a row becomes; None when it cannot be a case, `told.faults` then says why."""
    category = _category(told, known)
    severity = _severity(told, known, category) if category else None
    measure = _measure(told, known.measures[category, severity]) if category and severity else None
    is_open = _times(told, known)
    point = point_of(told, known.placeholders)
    ground = grounds.get(point) if point else None
    if ground is not None and not ground.inside:
        told.wrong("lon", "lies outside the county", "不在本县范围内")
    community = _community(told, known, ground)
    _number(told, known)
    if told.faults or category is None or severity is None or measure is None or community is None:
        return None
    party = told.values.get("responsible_party")
    return Judged(
        told=told,
        category=category,
        severity=severity,
        measure=measure,
        community_id=community,
        grid_cell=_cell(told, known, ground),
        point=point,
        is_open=is_open,
        unit=known.units.get(plain(party)) if party else None,
    )


def _category(told: CheckedRow, known: Known) -> str | None:
    name = told.values.get("category")
    found = known.categories.get(plain(name)) if name else None
    if name and found is None:
        told.wrong(
            "category", "is no category; map its words (values.category)", "不是已知类别，请设置类别对应"
        )
    return found


def _severity(told: CheckedRow, known: Known, category: str) -> str | None:
    wanted = told.values.get("severity")
    for severity in [wanted] if wanted else SEVERITIES:
        if (category, severity) in known.measures:
            return severity
    told.wrong("severity", f"{category} has no rule at severity {wanted}", f"该类别没有 {wanted} 级规则")
    return None


def _measure(told: CheckedRow, served: Sequence[int]) -> int | None:
    """Return the measure that a row belongs to: the one told, or the only one that its category serves."""
    listed = ", ".join(str(one) for one in served)
    wanted: int | None = told.values.get("measure")
    if wanted in served:
        return wanted
    if wanted is not None:
        told.wrong(
            "measure",
            f"is not a measure of this category: {listed}",
            f"该类别对应措施 {listed}，不是 {wanted}",
        )
    elif len(served) == 1:
        return served[0]
    else:
        told.wrong(
            "measure",
            f"the category serves measures {listed}: name one",
            f"该类别对应措施 {listed}，请在“措施序号”列填写其中之一",
        )
    return None


def _times(told: CheckedRow, known: Known) -> bool:
    """Return whether the case is open; note what cannot have been so."""
    found, due, closed = (told.values.get(name) for name in ("found_at", "due_at", "closed_at"))
    state = told.values.get("state") or (CLOSED if closed else OPEN)
    if found and found > known.now:
        told.wrong("found_at", "lies in the future", "晚于当前时间")
    if found and due and due < found:
        told.wrong("due_at", "is due before it was found", "整改时限早于发现日期")
    if state == CLOSED and closed is None and "closed_at" not in _faulty(told):
        told.wrong("closed_at", "is closed without a date", "已销号但没有销号日期")
    if state == OPEN and closed is not None:
        told.wrong("closed_at", "is open, yet has a closing date", "未销号却有销号日期")
    if closed and found and closed < found:
        told.wrong("closed_at", "was closed before it was opened", "销号日期早于发现日期")
    if closed and closed > known.now:
        told.wrong("closed_at", "lies in the future", "晚于当前时间")
    return bool(state == OPEN)


def _faulty(told: CheckedRow) -> set[str]:
    columns = {fault.column for fault in told.faults}
    return {name for name, title in told.titles.items() if title in columns}


def _community(told: CheckedRow, known: Known, ground: Ground | None) -> UUID | None:
    name = told.values.get("community")
    at_point = ground.community_id if ground else None
    if name is None:
        if at_point is None:
            told.wrong(
                "community", "names no community and lies in none", "没有小区名称，位置也不在任何小区内"
            )
        return at_point
    homes = known.homes.get(plain(name), ())
    narrowed = [home for home in homes if _fits(told, home)] if len(homes) > 1 else list(homes)
    if len(narrowed) == 1:
        return narrowed[0].community_id
    if not narrowed:
        told.wrong("community", "is no community here", "没有这个小区")
        return None
    if at_point in {home.community_id for home in narrowed}:
        return at_point
    told.wrong(
        "community",
        "is the name of several communities: name the neighbourhood",
        "有多个同名小区，请填写社区",
    )
    return None


def _fits(told: CheckedRow, home: Home) -> bool:
    told_of = (
        (told.values.get("neighbourhood"), home.neighbourhood),
        (told.values.get("subdistrict"), home.subdistrict),
    )
    return all(name is None or plain(name) == plain(ours) for name, ours in told_of)


def _cell(told: CheckedRow, known: Known, ground: Ground | None) -> str | None:
    code = told.values.get("grid_cell")
    if code in known.cells:
        return str(code)
    return ground.grid_cell if ground else None


def _number(told: CheckedRow, known: Known) -> None:
    number = told.values.get("number")
    if number is None:
        return
    if number in known.numbers:
        told.wrong("number", "stands twice, or was taken in before", "编号重复，或已导入过")
    known.numbers.add(number)
