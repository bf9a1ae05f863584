"""What stops a change of cells."""

from __future__ import annotations

from collections.abc import Iterable

from server.problems import DomainError


class CellEnded(DomainError):
    """Cells that have ended, or are planned to: what came of them can be changed instead."""

    def __init__(self, codes: Iterable[str]) -> None:
        named = ", ".join(sorted(codes)[:5])
        detail = f"Grid cell {named} has ended, or its end is set. Change the cells that came of it."
        zh = f"网格 {named} 已停用或已定停用日期，请对其调整后的网格进行操作。"
        super().__init__(detail, zh, errors=[{"pointer": "/codes", "detail": detail, "detail_zh": zh}])


class NotOneNeighbourhood(DomainError):
    """Cells of several neighbourhoods, which cannot become one."""

    def __init__(self) -> None:
        detail = "Cells of one neighbourhood can be merged, not of several."
        zh = "只能合并同一社区的网格。"
        super().__init__(detail, zh, errors=[{"pointer": "/codes", "detail": detail, "detail_zh": zh}])


class CellChangeStands(DomainError):
    """A change of cells that can no longer be undone."""

    def __init__(self, why: str, why_zh: str) -> None:
        super().__init__(f"The change cannot be undone: {why}.", f"无法撤销该调整：{why_zh}。")
