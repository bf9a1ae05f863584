"""What stops a unit from being made, changed or closed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from server.problems import DomainError
from server.units.rules import MATTERS


class UnitCodeTaken(DomainError):
    """Another unit has this code, open or closed: codes are never used again."""

    def __init__(self, code: str) -> None:
        detail, zh = f"The code {code} is taken; choose another.", f"代码 {code} 已被使用，请另选。"
        super().__init__(detail, zh, errors=[{"pointer": "/code", "detail": detail, "detail_zh": zh}])


class DivisionTaken(DomainError):
    """Another unit answers for the division; `extra["unit"]` names it."""

    def __init__(self, division: str, unit: str) -> None:
        detail = f"{unit} answers for {division} already; take it from there first."
        zh = f"行政区划 {division} 已由 {unit} 负责，请先解除。"
        error = {"pointer": "/division_code", "detail": detail, "detail_zh": zh}
        super().__init__(detail, zh, errors=[error], extra={"unit": unit})


class UnitHasOpenMatters(DomainError):
    """Something open hangs on the unit; `extra["matters"]` counts it by kind."""

    def __init__(self, code: str, matters: Mapping[str, int]) -> None:
        told = ", ".join(f"{n} {MATTERS[name][0]}" for name, n in matters.items())
        told_zh = "、".join(f"{MATTERS[name][1]} {n}" for name, n in matters.items())
        super().__init__(
            f"The unit {code} cannot close yet: {told}. Hand them over or end them first.",
            f"单位 {code} 暂不能停用：{told_zh}。请先移交或办结。",
            extra={"matters": dict(matters)},
        )


class UnitClosed(DomainError):
    """The unit was closed; it keeps its records and takes nothing new."""

    def __init__(self, code: str, closed_on: date | None = None) -> None:
        since = f" on {closed_on}" if closed_on else ""
        since_zh = f"已于 {closed_on} " if closed_on else "已"
        super().__init__(
            f"The unit {code} was closed{since}. Reopen it, or choose another.",
            f"单位 {code} {since_zh}停用，请重新启用或另选单位。",
        )


class UnderItself(DomainError):
    """A unit would stand under one that stands under it."""

    def __init__(self, parent: str) -> None:
        detail = f"{parent} stands under this unit, it cannot be above it."
        zh = f"{parent} 是本单位的下级，不能作为上级。"
        super().__init__(detail, zh, errors=[{"pointer": "/parent", "detail": detail, "detail_zh": zh}])
