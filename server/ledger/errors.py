"""What can stop a command on a case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from server.communities.errors import UnknownCommunity as UnknownCommunity
from server.ledger.words import command_zh, state_zh
from server.problems import DomainError


class StateForbids(DomainError):
    """The case's present state does not know this command; `extra["current"]` is the case."""

    def __init__(self, command: str, state: str, current: dict[str, Any] | None = None) -> None:
        super().__init__(
            f"A case that is {state} does not take {command}. Read it anew, choose one of its commands.",
            f"案卷当前为“{state_zh(state)}”，不能{command_zh(command)}，请刷新案卷后选择可执行的操作。",
            extra={"state": state, "current": current},
        )


class StaleVersion(DomainError):
    """The command was given on a version that is no longer the case's; `extra["current"]` is the case."""

    def __init__(self, given: int | None, version: int, current: dict[str, Any] | None = None) -> None:
        super().__init__(
            f"The case is at version {version}, the command saw {given}. Look at what changed, decide anew.",
            f"案卷已是第 {version} 版，命令依据的是第 {given} 版，请查看变化后重新决定。",
            extra={"version": version, "current": current},
        )


class NotNow(DomainError):
    """The case's state would allow it, its past does not: asked too late, too often, or after too long."""


class NothingAsked(DomainError):
    """No request with this id waits on the case."""

    def __init__(self, request_id: object) -> None:
        super().__init__(
            f"No request {request_id} waits here; it was decided already or never made. Read the case anew.",
            f"没有待审批的申请 {request_id}，可能已审批，请刷新案卷。",
            errors=[{"pointer": "/data/request_id", "detail": "no such request", "detail_zh": "没有此申请"}],
        )


class SamePerson(DomainError):
    """One who mended may not check, one who checked may not sign; nor may the mender's unit check."""


class EvidenceMissing(DomainError):
    """Photos that the rule asks for are not there yet; `extra["evidence"]` counts them."""


class UnknownCommand(DomainError):
    """No command of a case has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"There is no command {name!r} here.",
            f"没有名为 {name!r} 的命令。",
            errors=[{"pointer": "/type", "detail": "unknown command", "detail_zh": "未知命令"}],
        )


class UnknownCategory(DomainError):
    """No rule is in force for this category and severity on the day."""

    def __init__(self, category: str, severity: str) -> None:
        super().__init__(
            f"No rule is in force for category {category} at severity {severity}.",
            f"类别 {category}、等级 {severity} 没有有效的规则。",
            errors=[{"pointer": "/data/category", "detail": "unknown pair", "detail_zh": "未知组合"}],
        )


class UnknownRule(DomainError):
    """The ledger has no number of this name."""

    def __init__(self, name: str, names: Sequence[str]) -> None:
        super().__init__(
            f"There is no rule {name!r}. There are: {', '.join(names)}.",
            f"没有名为 {name!r} 的规则，可用：{'、'.join(names)}。",
        )


class RuleStands(DomainError):
    """Another value of the rule begins on that day or later."""

    def __init__(self, name: str, begins: date) -> None:
        super().__init__(
            f"A value of {name} begins on {begins} already; choose a later day.",
            f"{name} 已有自 {begins} 起的取值，请选择更晚的日期。",
        )


class FaultyHistory(Exception):
    """The first fault that `verify` found.

    Attributes:
        case_id: the case it was found on, None for the table of numbers.
        what: what is wrong, in words.
    """

    def __init__(self, case_id: object, seq: int | None, what: str) -> None:
        place = "numbers" if case_id is None else f"case {case_id}"
        super().__init__(f"{place}{'' if seq is None else f' entry {seq}'}: {what}")
        self.case_id = case_id
        self.what = what


class FaultyRoot(FaultyHistory):
    """The first signed root that `verify_roots` found wrong; `root` is its number, where it has one."""

    def __init__(self, root: int | None, what: str) -> None:
        super().__init__(None, None, what)
        self.args = (f"{'roots' if root is None else f'root {root}'}: {what}",)
        self.root = root
