"""What can be wrong with asking for a siting plan."""

from __future__ import annotations

from server.problems import DomainError


class PlanFinished(DomainError):
    """A plan that is finished cannot be stopped."""

    def __init__(self, state: str) -> None:
        super().__init__(f"The plan is finished already ({state}).", f"方案已结束（{state}）。")


class PlanNotReady(DomainError):
    """A plan that has no sites yet cannot be compared or varied."""

    def __init__(self, state: str) -> None:
        super().__init__(
            f"There are no sites to look at: the plan is {state}. Wait for it, or take another.",
            f"该方案尚无选点结果（{state}），请稍候或选择其他方案。",
        )
