"""What can be wrong with an inspection as a whole."""

from __future__ import annotations

from server.problems import DomainError


class UnknownChecklist(DomainError):
    """No published checklist has this version; the item waits for it."""

    def __init__(self, version: str) -> None:
        super().__init__(
            f"No checklist has the version {version[:80]}. The item waits until it is published.",
            f"没有版本为 {version[:80]} 的检查表，待发布后处理。",
            errors=[
                {
                    "pointer": "/data/checklist_version",
                    "detail": "unknown version",
                    "detail_zh": "未知版本",
                }
            ],
        )


class InvalidAnswers(DomainError):
    """The answers cannot be read; `errors` name each item and its mend."""


class AlreadyStored(DomainError):
    """Another inspection stands under this id; evidence is never replaced."""

    def __init__(self) -> None:
        super().__init__(
            "Another inspection is stored under this id. Send the new one under an id of its own.",
            "此编号已有检查记录，请使用新的编号提交。",
        )
