"""What stops cells from going to a worker."""

from __future__ import annotations

from server.problems import DomainError


class NothingToAssign(DomainError):
    """Nothing would change: no cell is named, or all stands so already."""

    def __init__(self) -> None:
        detail = "Nothing would change: name cells that are not assigned so already."
        zh = "没有可变动的网格：请选择尚未如此安排的网格。"
        super().__init__(detail, zh, errors=[{"pointer": "/cells", "detail": detail, "detail_zh": zh}])


class AssignmentChangeStands(DomainError):
    """A change of assignments that can no longer be undone."""

    def __init__(self, why: str, why_zh: str) -> None:
        super().__init__(f"The change cannot be undone: {why}.", f"无法撤销该次安排：{why_zh}。")
