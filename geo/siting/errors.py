"""What can be wrong with a siting problem, and what no plan can mend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from geo.errors import GeoError

MOST_NAMED = 20


class BadProblem(GeoError):
    """Fields or rows of a problem that no plan can be made of; `errors` names each."""

    def __init__(self, faults: Sequence[tuple[str, str, str]]) -> None:
        pointer, first, first_zh = faults[0]
        super().__init__(
            f"{len(faults)} faults in the problem; the first: {pointer or '/'}: {first}",
            f"选址问题有 {len(faults)} 处错误，第一处：{pointer or '/'}：{first_zh}",
        )
        self.errors = [{"pointer": p, "detail": en, "detail_zh": zh} for p, en, zh in faults[:MOST_NAMED]]
        self.extra = {"faults": len(faults)}


class Conflict(GeoError):
    """Sites that are to be opened and must not be."""

    def __init__(self, why: str, why_zh: str, ids: Sequence[Sequence[str]]) -> None:
        super().__init__(
            f"Sites contradict each other: {why}.",
            f"点位要求互相矛盾：{why_zh}。",
            pointers=["/candidates"],
            extra={"ids": [list(pair) for pair in ids[:MOST_NAMED]], "count": len(ids)},
        )


class NoCandidates(GeoError):
    """There is no candidate that may be opened."""

    def __init__(self, lost: Mapping[str, Any]) -> None:
        super().__init__(
            "No candidate is left that may be opened. Loosen a rule, or draw more open ground.",
            "没有可用的候选点位，请放宽规则或补画空地。",
            pointers=["/candidates"],
            extra={"lost": dict(lost)},
        )


class Impossible(GeoError):
    """What is asked contradicts itself, so no plan exists; `extra` says what would be enough."""

    def __init__(self, why: str, why_zh: str, **enough: Any) -> None:
        super().__init__(f"No plan can do that: {why}.", f"没有可行方案：{why_zh}。", extra=enough)


class CrsNotMetric(GeoError):
    """Coordinates that are no metres of a projected CRS."""

    def __init__(self, given: str) -> None:
        super().__init__(
            f"Siting measures in metres; {given[:60]!r} is not that. Use a projected CRS such as EPSG:4548.",
            f"选址以米计算，{given[:60]!r} 不是米制投影坐标系，请使用 EPSG:4548 等投影坐标系。",
            pointers=["/crs"],
        )


class OutsideZone(GeoError):
    """Coordinates that lie far from where their CRS is used (WGS 84)."""

    def __init__(self, crs: str, lon: float, lat: float) -> None:
        super().__init__(
            f"In {crs} these coordinates lie at {lon:.3f}, {lat:.3f}, where it is not used: x is east and y"
            " north, and the zone has to be theirs.",
            f"按 {crs}，这些坐标位于 ({lon:.3f}, {lat:.3f})，超出该坐标系的适用范围，"
            "请核对坐标轴顺序和分带。",
            pointers=["/crs"],
            extra={"lon": lon, "lat": lat},
        )
