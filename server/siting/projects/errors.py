"""What can stop a change of the register of projects."""

from __future__ import annotations

from server.problems import DomainError


class ProjectStands(DomainError):
    """A project of this name stands in the subdistrict already."""

    def __init__(self, name: str) -> None:
        detail, zh = f"{name} stands in this subdistrict already.", f"该街道已有项目“{name}”。"
        super().__init__(detail, zh, errors=[{"pointer": "/name", "detail": detail, "detail_zh": zh}])


class ProjectMovedOn(DomainError):
    """The project was changed meanwhile."""

    def __init__(self, given: int, version: int) -> None:
        super().__init__(
            f"The project is at version {version}, the change saw {given}. Look at it anew.",
            f"项目已是第 {version} 版，修改依据的是第 {given} 版，请刷新后再改。",
            extra={"version": version},
        )


class LetterNotIssued(DomainError):
    """A letter that is not issued yet, or that was answered, takes no answer."""

    def __init__(self) -> None:
        super().__init__("An issued letter is answered once.", "督促函签发后方可登记答复，且只能登记一次。")
