"""What can stop a vote."""

from __future__ import annotations

from server.problems import DomainError


class VoteStateForbids(DomainError):
    """The vote's present state does not know this command."""

    def __init__(self, command: str, state: str) -> None:
        super().__init__(
            f"A vote that is {state} does not take {command}. Read it anew, choose one of its commands.",
            f"表决当前为“{state}”状态，不能执行 {command}，请刷新后再操作。",
            extra={"state": state},
        )


class VoteMovedOn(DomainError):
    """The command was given on a version that is no longer the vote's."""

    def __init__(self, given: int, version: int) -> None:
        super().__init__(
            f"The vote is at version {version}, the command saw {given}. Look at what changed, decide anew.",
            f"表决已是第 {version} 版，命令依据的是第 {given} 版，请查看变化后重新决定。",
            extra={"version": version},
        )


class VoteNotNow(DomainError):
    """Something has to be there, or to be over, before this can be done."""


class NoVoteRule(DomainError):
    """No rule of law is known for this matter on this day."""

    def __init__(self, matter: str, on: str) -> None:
        super().__init__(
            f"No rule set is in force for {matter} on {on}. Open the vote on another day.",
            f"{on} 没有适用于“{matter}”事项的表决规则，请更换表决日期。",
        )


class SameClerk(DomainError):
    """A ballot is entered twice, by two people."""

    def __init__(self, owner_no: str) -> None:
        super().__init__(
            f"You entered the ballot of {owner_no} already; somebody else must enter it the second time.",
            f"业主 {owner_no} 的表决票已由您录入，另一次须由他人录入。",
        )
