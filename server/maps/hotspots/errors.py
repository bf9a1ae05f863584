"""What can be wrong with a question about hot spots."""

from __future__ import annotations

from server.problems import DomainError


class NoGround(DomainError):
    """The places that the caller answers for have no outline yet."""

    def __init__(self) -> None:
        super().__init__(
            "Your territory has no outline yet. Ask for by=community, or draw the outline first.",
            "您的辖区尚无边界。请按小区（by=community）查询，或先录入边界。",
        )
