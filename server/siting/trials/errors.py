"""What can keep a what-if from being answered."""

from __future__ import annotations

from server.problems import DomainError


class TakesLonger(DomainError):
    """A what-if that is not answered while somebody waits."""

    def __init__(self) -> None:
        super().__init__(
            "This takes longer than a moment. Ask for it as a variant: a worker solves it meanwhile.",
            "一时算不出来，请保存为方案，由后台求解。",
        )


class NoWalks(DomainError):
    """Gates are opened of a plan whose distances are no walks of the county's."""

    def __init__(self) -> None:
        super().__init__(
            "Gates change walks, and this plan was not measured along the county's footways:"
            " ask for a scenario that is.",
            "打开出入口只影响步行距离，而该方案不是按本县步行路网测算的，请新建按步行计算的情景。",
        )
