"""What can be wrong with erasing a tablet."""

from __future__ import annotations

from server.problems import DomainError


class WipeUnderWay(DomainError):
    """The tablet has begun to erase itself."""

    def __init__(self) -> None:
        super().__init__(
            "The tablet has begun to erase itself; this can no longer be taken back.",
            "平板已开始清除，无法撤回。",
        )


class WipeKeepsOff(DomainError):
    """The tablet is to be erased, or is: it is not switched on again."""

    def __init__(self) -> None:
        super().__init__(
            "This tablet is to be erased, or is. Take the order back first; an erased one needs a new code.",
            "此平板已要求清除或已清除，不能恢复。请先撤回清除要求；已清除的平板须用新登记码重新登记。",
        )


class WipeWithdrawn(DomainError):
    """The office has taken the order back: the tablet stays as it is."""

    def __init__(self) -> None:
        super().__init__(
            "The office has taken this order back. Erase nothing more and sync as before.",
            "办公端已撤回清除要求，请勿继续清除，照常同步。",
        )
