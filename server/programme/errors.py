"""What can be wrong with the county's own data."""

from __future__ import annotations

from server.problems import DomainError


class NoDemoPlaces(DomainError):
    """There are no demo places to remove."""

    def __init__(self) -> None:
        super().__init__(
            "There are no demo places here; nothing was removed.", "没有演示小区，未删除任何数据。"
        )


class ChecklistPlanStands(DomainError):
    """A planned version of a checklist stands in the way, or no longer waits."""

    def __init__(self, why: str, why_zh: str) -> None:
        super().__init__(f"This cannot be done: {why}.", f"无法操作：{why_zh}。")
