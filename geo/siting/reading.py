"""A problem file, read: JSON or numpy arrays in, a `Problem` out, every fault named with its row.

The format is also the body of the API, so that a problem can be kept, sent and solved again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np

from geo.siting.errors import CrsNotMetric
from geo.siting.faults import Faults
from geo.siting.values import (
    LATER,
    OBJECTIVES,
    Candidates,
    Demand,
    Distances,
    Equity,
    Flags,
    Floats,
    Later,
    Objective,
    Phase,
    Problem,
    Sum,
)

MOST_DEMAND = 200_000
MOST_CANDIDATES = 50_000
# How far people walk where a problem does not say.
RADIUS_M = 300.0
# China's longitudes and latitudes: where all x and y lie within them and near each other, they are degrees,
# whichever comes first, and every distance would be a few metres.
DEGREES_EAST, DEGREES_NORTH = (73.0, 136.0), (3.0, 54.0)
DEGREES_APART = 10.0
# No county is as wide: of points farther apart, those that look like degrees are.
MOST_APART_M = 1_000_000.0
STATED = (
    "crs radius_m objective p budget min_separation_m backup_weight time_limit_s gap",
    "demand candidates distances equity phases sums allow_unreachable seed then",
)
# The Gauss–Krüger zones of CGCS2000 are metres; that is known without PROJ.
METRIC = frozenset(f"EPSG:{code}" for code in range(4491, 4555))
KNOWN = frozenset(name for line in STATED for name in line.split())


def problem_of(given: Any) -> Problem:
    """Return the problem that a JSON value states.

    Raises:
        BadProblem: fields or rows cannot be used.
        CrsNotMetric: the CRS is none in metres, or the coordinates are degrees.
    """
    faults = Faults()
    if not isinstance(given, Mapping):
        faults.add("", "an object is needed", "须为 JSON 对象")
        faults.stop()
    for name in sorted(set(given) - KNOWN):
        faults.add(f"/{name}", "no such field", "没有此字段")
    metric_crs(given.get("crs"))
    demand, candidates = _demand(given.get("demand"), faults), _candidates(given.get("candidates"), faults)
    faults.stop()
    _in_metres(np.vstack([demand.xy, candidates.xy]))
    problem = _stated(given, demand, candidates, faults)
    faults.stop()
    return problem


def problem_of_arrays(given: Mapping[str, Any], stated: Mapping[str, Any]) -> Problem:
    """Return the problem of arrays `dem_xy, weight, cand_xy, cost, capacity, existing, forbidden`.

    Args:
        given: the arrays; those after `cost` may be missing.
        stated: everything else, as in the JSON file.

    Raises:
        BadProblem, CrsNotMetric: see `problem_of`.
    """
    faults = Faults()
    missing = [name for name in ("dem_xy", "weight", "cand_xy", "cost") if name not in given]
    for name in missing:
        faults.add(f"/{name}", "this array is missing", "缺少此数组")
    faults.stop()
    n, m = len(given["weight"]), len(given["cost"])
    none = np.zeros(m, dtype=np.bool_)
    demand = Demand(
        tuple(f"d{k}" for k in range(n)),
        _points(given["dem_xy"], n, "/dem_xy", faults),
        _column(given["weight"], n, "/weight", faults),
        np.full(n, -1, dtype=np.int64),
    )
    candidates = Candidates(
        tuple(f"c{k}" for k in range(m)),
        _points(given["cand_xy"], m, "/cand_xy", faults),
        _column(given["cost"], m, "/cost", faults),
        _column(given.get("capacity", np.full(m, np.inf)), m, "/capacity", faults, infinite=True),
        np.asarray(given.get("existing", none), dtype=np.bool_),
        np.asarray(given.get("forced", none), dtype=np.bool_),
        np.asarray(given.get("forbidden", none), dtype=np.bool_),
    )
    for name in ("existing", "forced", "forbidden"):
        if getattr(candidates, name).shape != (m,):
            faults.add(f"/{name}", f"{m} values are needed", f"须有 {m} 个值")
    metric_crs(stated.get("crs"))
    faults.stop()
    _in_metres(np.vstack([demand.xy, candidates.xy]))
    problem = _stated(stated, demand, candidates, faults)
    faults.stop()
    return problem


def metric_crs(name: Any) -> None:
    """Hold that a name such as `EPSG:4548` stands for a projected CRS in metres.

    Raises:
        CrsNotMetric: it is unknown, in degrees or in other units.
    """
    if isinstance(name, str) and name in METRIC:
        return
    if name is None:
        raise CrsNotMetric("no CRS")
    # Web processes read problems; they load PROJ with the first one that needs it.
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        crs = CRS.from_user_input(name)
    except (CRSError, TypeError, ValueError) as error:
        raise CrsNotMetric(str(name)) from error
    if not crs.is_projected or any(axis.unit_name != "metre" for axis in crs.axis_info):
        raise CrsNotMetric(str(name))


def _in_metres(xy: Floats) -> None:
    if len(xy) < 2:
        return
    apart = float(np.ptp(xy, axis=0).max())
    if apart > MOST_APART_M and _some_in_degrees(xy):
        raise CrsNotMetric("metres and degrees mixed")
    if apart > DEGREES_APART:
        return
    for east, north in ((xy[:, 0], xy[:, 1]), (xy[:, 1], xy[:, 0])):
        if _between(east, DEGREES_EAST) and _between(north, DEGREES_NORTH):
            raise CrsNotMetric("coordinates in degrees")


def _some_in_degrees(xy: Floats) -> bool:
    low, high = (DEGREES_NORTH[0], DEGREES_EAST[1])
    return bool(((xy >= low) & (xy <= high)).all(axis=1).any())


def _between(values: Floats, limits: tuple[float, float]) -> bool:
    return bool(((values >= limits[0]) & (values <= limits[1])).all())


def _points(given: Any, size: int, pointer: str, faults: Faults) -> Floats:
    xy = np.asarray(given, dtype=np.float64)
    if xy.shape != (size, 2) or not np.isfinite(xy).all():
        faults.add(pointer, f"{size} pairs of finite metres are needed", f"须有 {size} 对有限的米制坐标")
        return np.zeros((size, 2))
    return xy


def _column(given: Any, size: int, pointer: str, faults: Faults, *, infinite: bool = False) -> Floats:
    values = np.asarray(given, dtype=np.float64)
    if values.shape != (size,):
        faults.add(pointer, f"{size} values are needed", f"须有 {size} 个值")
        return np.zeros(size)
    wrong = np.isnan(values) | (values < 0) | (~np.isfinite(values) & (not infinite))
    for row in np.flatnonzero(wrong)[:20].tolist():
        faults.add(f"{pointer}/{row}", "a finite number from 0 is needed", "需要不小于 0 的有限数值")
    return values


def _rows(given: Any, pointer: str, most: int, faults: Faults) -> Sequence[Mapping[str, Any]]:
    if not isinstance(given, list) or not all(isinstance(row, Mapping) for row in given):
        faults.add(pointer, "a list of objects is needed", "须为对象列表")
        return []
    if len(given) > most:
        faults.add(pointer, f"at most {most} rows are taken", f"最多 {most} 行")
        return []
    return given


def _ids(rows: Sequence[Mapping[str, Any]], pointer: str, faults: Faults) -> tuple[str, ...]:
    seen: dict[str, int] = {}
    for at, row in enumerate(rows):
        name = row.get("id")
        if not isinstance(name, str) or not name:
            faults.add(f"{pointer}/{at}/id", "a name is needed", "缺少名称")
        elif name in seen:
            faults.add(
                f"{pointer}/{at}/id", f"row {seen[name]} has the same name", f"与第 {seen[name]} 行重名"
            )
        else:
            seen[name] = at
    return tuple(str(row.get("id")) for row in rows)


def _demand(given: Any, faults: Faults) -> Demand:
    rows = _rows(given, "/demand", MOST_DEMAND, faults)
    names = [row.get("group") for row in rows]
    for at, name in enumerate(names):
        if name is not None and not isinstance(name, str):
            faults.add(f"/demand/{at}/group", "a name or null is needed", "须为名称或 null")
    groups = tuple(sorted({name for name in names if isinstance(name, str)}))
    place = {name: number for number, name in enumerate(groups)}
    group = [place[name] if isinstance(name, str) else -1 for name in names]
    weight = [faults.number(row.get("weight"), f"/demand/{at}/weight") for at, row in enumerate(rows)]
    xy = _xy(rows, "/demand", faults)
    return Demand(
        _ids(rows, "/demand", faults), xy, np.array(weight, float), np.array(group, np.int64), groups
    )


def _xy(rows: Sequence[Mapping[str, Any]], pointer: str, faults: Faults) -> Floats:
    found = [
        [faults.number(row.get(axis), f"{pointer}/{at}/{axis}", least=-np.inf) for axis in ("x", "y")]
        for at, row in enumerate(rows)
    ]
    return np.array(found, dtype=np.float64).reshape(-1, 2)


def _candidates(given: Any, faults: Faults) -> Candidates:
    rows = _rows(given, "/candidates", MOST_CANDIDATES, faults)

    def flags(name: str) -> Flags:
        found = [faults.flag(row.get(name, False), f"/candidates/{at}/{name}") for at, row in enumerate(rows)]
        return np.array(found, dtype=np.bool_)

    def numbers(name: str, empty: float | None) -> Floats:
        found = [
            faults.number(row.get(name), f"/candidates/{at}/{name}", empty=empty)
            for at, row in enumerate(rows)
        ]
        return np.array(found, dtype=np.float64)

    return Candidates(
        _ids(rows, "/candidates", faults),
        _xy(rows, "/candidates", faults),
        numbers("cost", None),
        numbers("capacity", np.inf),
        flags("existing"),
        flags("forced"),
        flags("forbidden"),
    )


def _stated(given: Mapping[str, Any], demand: Demand, candidates: Candidates, faults: Faults) -> Problem:
    objective = given.get("objective")
    if objective not in OBJECTIVES:
        faults.add(
            "/objective", f"one of {', '.join(OBJECTIVES)} is needed", f"须为 {'、'.join(OBJECTIVES)} 之一"
        )
    return Problem(
        objective=cast(Objective, objective),
        demand=demand,
        candidates=candidates,
        radius_m=faults.number(given.get("radius_m", RADIUS_M), "/radius_m", least=0.01, most=50_000),
        p=_whole(given.get("p"), "/p", faults),
        budget=_optional(given.get("budget"), "/budget", faults),
        min_separation_m=faults.number(given.get("min_separation_m"), "/min_separation_m", empty=0.0),
        backup_weight=faults.number(given.get("backup_weight"), "/backup_weight", most=1.0, empty=0.0),
        time_limit_s=faults.number(given.get("time_limit_s"), "/time_limit_s", most=3600, empty=60.0),
        gap=faults.number(given.get("gap"), "/gap", most=1.0, empty=0.0),
        distances=_distances(given.get("distances"), demand, candidates, faults),
        equity=_equity(given.get("equity"), demand, faults),
        phases=_phases(given.get("phases"), faults),
        allow_unreachable=faults.flag(given.get("allow_unreachable", False), "/allow_unreachable"),
        seed=_whole(given.get("seed"), "/seed", faults) or 0,
        sums=_sums(given.get("sums"), objective, candidates, faults),
        then=_then(given.get("then"), faults),
    )


def _then(given: Any, faults: Faults) -> tuple[Later, ...]:
    if given is None:
        return LATER
    if not isinstance(given, list) or tuple(given) != LATER[: len(given)]:
        faults.add(
            "/then",
            '[], ["cost"] or ["cost", "walking"] is needed',
            '须为 []、["cost"] 或 ["cost", "walking"]',
        )
        return LATER
    return LATER[: len(given)]


def _optional(value: Any, pointer: str, faults: Faults) -> float | None:
    return None if value is None else faults.number(value, pointer)


def _whole(value: Any, pointer: str, faults: Faults) -> int | None:
    found = _optional(value, pointer, faults)
    if found is not None and found != int(found):
        faults.add(pointer, "a whole number is needed", "须为整数")
    return None if found is None else int(found)


def _distances(given: Any, demand: Demand, candidates: Candidates, faults: Faults) -> Distances | None:
    if given is None:
        return None
    if not isinstance(given, list):
        faults.add(
            "/distances", "a list of [demand, candidate, metres] is needed", "须为 [需求点, 候选点, 米] 列表"
        )
        return None
    rows = {name: at for at, name in enumerate(demand.ids)}
    columns = {name: at for at, name in enumerate(candidates.ids)}
    found: dict[tuple[int, int], float] = {}
    for at, triple in enumerate(given):
        if not _is_pair(triple, rows, columns):
            faults.add(
                f"/distances/{at}", "[demand, candidate, metres] is needed", "须为 [需求点, 候选点, 米]"
            )
            continue
        pair = (rows[triple[0]], columns[triple[1]])
        if pair in found:
            faults.add(f"/distances/{at}", "this pair was listed before", "该点对重复")
        found[pair] = faults.number(triple[2], f"/distances/{at}/2")
    pairs = np.array(list(found), dtype=np.int64).reshape(-1, 2)
    return Distances(pairs[:, 0], pairs[:, 1], np.array(list(found.values()), dtype=np.float64))


def _is_pair(triple: Any, rows: Mapping[str, int], columns: Mapping[str, int]) -> bool:
    if not isinstance(triple, list) or len(triple) != 3 or not all(isinstance(n, str) for n in triple[:2]):
        return False
    return triple[0] in rows and triple[1] in columns


def _equity(given: Any, demand: Demand, faults: Faults) -> tuple[Equity, ...]:
    found: dict[str, Equity] = {}
    for at, row in enumerate(_rows(given or [], "/equity", 1000, faults)):
        name = row.get("group")
        if name not in demand.groups or name in found:
            faults.add(f"/equity/{at}/group", "no such group, or named before", "没有此群体，或重复")
        share = faults.number(row.get("min_share"), f"/equity/{at}/min_share", most=1.0)
        found[str(name)] = Equity(str(name), share)
    return tuple(found.values())


def _phases(given: Any, faults: Faults) -> tuple[Phase, ...]:
    return tuple(
        Phase(
            _optional(row.get("budget"), f"/phases/{at}/budget", faults),
            _whole(row.get("p"), f"/phases/{at}/p", faults),
            faults.number(row.get("weight"), f"/phases/{at}/weight", empty=1.0),
        )
        for at, row in enumerate(_rows(given or [], "/phases", 20, faults))
    )


def _sums(given: Any, objective: Any, candidates: Candidates, faults: Faults) -> tuple[Sum, ...]:
    rows = _rows(given or [], "/sums", 10_000, faults)
    if rows and objective in ("p_median", "p_center"):
        faults.add("/sums", f"{objective} keeps no sums", f"{objective} 不支持分组限额")
    place = {name: at for at, name in enumerate(candidates.ids)}
    return tuple(_sum(row, f"/sums/{at}", place, faults) for at, row in enumerate(rows))


def _sum(row: Mapping[str, Any], pointer: str, place: Mapping[str, int], faults: Faults) -> Sum:
    name, of = row.get("name"), row.get("of")
    if not isinstance(name, str) or not name:
        faults.add(f"{pointer}/name", "a name is needed", "缺少名称")
    if not isinstance(of, Mapping) or not of or not all(site in place for site in of):
        faults.add(f"{pointer}/of", "candidates with what each counts are needed", "须为候选点及其计量值")
        of = {}
    least, most = (_optional(row.get(key), f"{pointer}/{key}", faults) for key in ("least", "most"))
    if least is None and most is None:
        faults.add(pointer, "least or most is needed", "须给出 least 或 most")
    each = [faults.number(value, f"{pointer}/of/{site}") for site, value in of.items()]
    sites = np.array([place[site] for site in of], dtype=np.int64)
    return Sum(str(name), sites, np.array(each, dtype=np.float64), least, most)
