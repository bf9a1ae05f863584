"""What can be wrong with a question about hot spots."""

from __future__ import annotations

from collections.abc import Sequence

from server.problems import DomainError, InvalidInput


class UnknownFilter(InvalidInput):
    """A filter with values that what is asked about does not have."""

    def __init__(self, name: str, values: Sequence[str]) -> None:
        told = ", ".join(value[:40] for value in values[:5])
        detail = f"{name}={told} cannot be asked here. Leave it out or choose another."
        zh = f"此处不能按 {name}={told} 查询，请去掉或另选。"
        super().__init__(
            detail, zh, errors=[{"pointer": f"/query/{name}", "detail": detail, "detail_zh": zh}]
        )


class NoGround(DomainError):
    """The places that the caller answers for have no outline yet."""

    def __init__(self) -> None:
        super().__init__(
            "Your territory has no outline yet. Ask for by=community, or draw the outline first.",
            "您的辖区尚无边界。请按小区（by=community）查询，或先录入边界。",
        )
