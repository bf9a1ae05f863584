"""What can stop a charging work."""

from __future__ import annotations

from collections.abc import Sequence

from server.problems import DomainError


class WorkStateForbids(DomainError):
    """The work's present state does not know this command."""

    def __init__(self, command: str, state: str) -> None:
        super().__init__(
            f"A work that is {state} does not take {command}. Read it anew, choose one of its commands.",
            f"该点位当前为“{state}”阶段，不能执行 {command}，请刷新后再操作。",
            extra={"state": state},
        )


class WorkMovedOn(DomainError):
    """The command was given on a version that is no longer the work's."""

    def __init__(self, given: int, version: int) -> None:
        super().__init__(
            f"The work is at version {version}, the command saw {given}. Look at what changed, decide anew.",
            f"该点位已是第 {version} 版，命令依据的是第 {given} 版，请查看变化后重新决定。",
            extra={"version": version},
        )


class SiteTaken(DomainError):
    """A site is worked on already, or stands."""

    def __init__(self, names: Sequence[str]) -> None:
        told = ", ".join(names[:5])
        super().__init__(
            f"Worked on already, or standing: {told}. Open its work instead.",
            f"点位已在办理或已建成：{told}，请打开已有的办理记录。",
            extra={"sites": list(names)},
        )


class VoteUnusable(DomainError):
    """A vote that is not of this community, or not counted yet."""

    def __init__(self) -> None:
        detail = "Name a counted vote or poll of the owners of the site's own community."
        zh = "请选择本小区已计票的业主表决或征求意见。"
        super().__init__(detail, zh, errors=[{"pointer": "/data/vote_id", "detail": detail, "detail_zh": zh}])
