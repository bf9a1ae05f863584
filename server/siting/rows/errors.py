"""What can be wrong with the rows that siting reckons with."""

from __future__ import annotations

from server.problems import DomainError


class UnknownRuleSet(DomainError):
    """No rule set of this name holds on the day."""

    def __init__(self, name: str, known: list[str]) -> None:
        listed = ", ".join(known)
        detail = f"There is no rule set {name!r} in force; there are {listed}."
        detail_zh = f"没有生效的规则集 {name!r}，现有：{listed}。"
        error = {"pointer": "/rule_set", "detail": detail, "detail_zh": detail_zh}
        super().__init__(detail, detail_zh, errors=[error])
