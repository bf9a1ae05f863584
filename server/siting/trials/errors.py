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
