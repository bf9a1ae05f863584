"""What can stop a command on a complaint, or a resident's own."""

from __future__ import annotations

from typing import Any

from server.complaints.words import COMMANDS_ZH, STATES_ZH
from server.problems import DomainError


class ComplaintStateForbids(DomainError):
    """The complaint's present state does not know this command; `extra["current"]` is the complaint."""

    def __init__(self, command: str, state: str, current: dict[str, Any] | None = None) -> None:
        stands, wanted = STATES_ZH.get(state, state), COMMANDS_ZH.get(command, command)
        super().__init__(
            f"A complaint that is {state} does not take {command}. Read it anew, choose one of its commands.",
            f"投诉当前为“{stands}”，不能{wanted}，请刷新后再操作。",
            extra={"state": state, "current": current},
        )


class ComplaintMovedOn(DomainError):
    """The command was given on an older version; `extra["current"]` is the complaint."""

    def __init__(self, given: int, version: int, current: dict[str, Any] | None = None) -> None:
        super().__init__(
            f"The complaint is at version {version}, the command saw {given}. Look at what changed.",
            f"投诉已是第 {version} 版，命令依据的是第 {given} 版，请查看变化后重新决定。",
            extra={"version": version, "current": current},
        )


class ComplaintNotNow(DomainError):
    """The state would allow it, the complaint's past does not."""


class IdentityUnreadable(DomainError):
    """No key here opens what is kept of who complained, or it was altered."""

    def __init__(self) -> None:
        super().__init__(
            "None of the keys here opens it: give the earlier key in IDENTITY_KEY_BEFORE.",
            "现有密钥无法解密：请在 IDENTITY_KEY_BEFORE 中提供原密钥。",
        )


class TooManyReports(DomainError):
    """One address sent or asked too much; wait `retry_after_s` seconds."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(
            f"Too much came from your network. Wait {retry_after_s} seconds and try again.",
            f"您所在网络的提交过于频繁，请 {retry_after_s} 秒后再试。",
        )
        self.retry_after_s = retry_after_s
