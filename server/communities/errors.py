"""What can be wrong with a place or an assignment."""

from __future__ import annotations

from collections.abc import Iterable

from server.problems import DomainError


class UnknownCell(DomainError):
    """Grid cells that do not exist, or no longer hold."""

    def __init__(self, codes: Iterable[str]) -> None:
        named = ", ".join(code[:20] for code in sorted(codes)[:5])
        detail = f"There is no grid cell {named}. GET /api/v1/grid-cells lists them (15 digits each)."
        zh = f"没有网格 {named}。网格清单见 GET /api/v1/grid-cells（编码为 15 位数字）。"
        super().__init__(detail, zh, errors=[{"pointer": "/cells", "detail": detail, "detail_zh": zh}])


class CellsRequired(DomainError):
    """A grid worker without a unit needs cells from which the unit follows."""

    def __init__(self) -> None:
        detail = "Name the cells the grid worker walks (--cells CODE,CODE), or a unit (--unit CODE)."
        zh = "请指定网格员负责的网格（--cells CODE,CODE），或指定单位（--unit CODE）。"
        super().__init__(detail, zh, errors=[{"pointer": "/cells", "detail": detail, "detail_zh": zh}])


class CellsForWorkersOnly(DomainError):
    """Only grid workers walk cells."""

    def __init__(self, role: str) -> None:
        detail = f"Only a grid_worker walks cells, a {role} does not; leave the cells out."
        zh = f"只有网格员负责网格，{role} 不能指定网格。"
        super().__init__(detail, zh, errors=[{"pointer": "/cells", "detail": detail, "detail_zh": zh}])


class EndBeforeStart(DomainError):
    """An assignment that would end before it begins."""

    def __init__(self) -> None:
        detail = "The first day without the assignment must come after its first day."
        zh = "结束日期必须晚于开始日期。"
        super().__init__(detail, zh, errors=[{"pointer": "/to", "detail": detail, "detail_zh": zh}])
