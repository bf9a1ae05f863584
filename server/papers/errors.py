"""What can stop a paper."""

from __future__ import annotations

from collections.abc import Sequence

from server.problems import DomainError

STATES_ZH = {
    "draft": "草稿",
    "reviewed": "已审核",
    "countersigned": "已会签",
    "issued": "已签发",
    "void": "已作废",
}
"""What pages call the states of a paper."""


class PaperStateForbids(DomainError):
    """The paper's present state does not know this command."""

    def __init__(self, command: str, state: str) -> None:
        super().__init__(
            f"A paper that is {state} does not take {command}. Read it anew, choose one of its commands.",
            f"公文当前为“{STATES_ZH.get(state, state)}”，不能执行此操作（{command}），请刷新后再操作。",
            extra={"state": state},
        )


class PaperMovedOn(DomainError):
    """The command was given on a version that is no longer the paper's."""

    def __init__(self, given: int, version: int) -> None:
        super().__init__(
            f"The paper is at version {version}, the command saw {given}. Look at what changed, decide anew.",
            f"公文已是第 {version} 版，命令依据的是第 {given} 版，请查看变化后重新决定。",
            extra={"version": version},
        )


class SamePerson(DomainError):
    """One who drafted may not review; one who drafted or reviewed may not issue."""

    def __init__(self) -> None:
        super().__init__(
            "Drafting, reviewing and issuing a paper are for different people.",
            "拟稿、审核、签发须由不同的人办理。",
        )


class FieldsMissing(DomainError):
    """Fields without which this kind of paper is not issued are empty; `errors` name them."""

    def __init__(self, missing: Sequence[tuple[str, str]]) -> None:
        named = ", ".join(name for name, _ in missing)
        labels = "、".join(label for _, label in missing)
        super().__init__(
            f"Fill in first: {named}. Send the paper back to its draft if need be.",
            f"请先填写：{labels}；必要时退回拟稿。",
            errors=[
                {"pointer": f"/fields/{name}", "detail": "must be filled in", "detail_zh": f"须填写{label}"}
                for name, label in missing
            ],
        )


class PrefixMissing(DomainError):
    """No document prefix is known for this body and kind of paper."""

    def __init__(self, body: str, kind: str) -> None:
        super().__init__(
            f"No prefix of numbers is set for {body} and {kind}: wangge papers prefix {body} {kind} 字号.",
            f"未设置 {body} 的 {kind} 文号前缀，请由管理员执行 wangge papers prefix {body} {kind} 字号。",
        )


class TemplateUnusable(DomainError):
    """A file cannot serve as the template of this kind of paper."""

    def __init__(self, detail: str, detail_zh: str) -> None:
        at = {"pointer": "/file", "detail": detail, "detail_zh": detail_zh}
        super().__init__(detail, detail_zh, errors=[at])


class NotAScan(DomainError):
    """The file is neither PDF nor JPEG nor PNG, or too large."""

    def __init__(self, most_bytes: int) -> None:
        detail = f"Send a PDF, JPEG or PNG of at most {most_bytes >> 20} MB as the body."
        zh = f"请上传不超过 {most_bytes >> 20} MB 的 PDF、JPEG 或 PNG 扫描件。"
        super().__init__(detail, zh, errors=[{"pointer": "/body", "detail": detail, "detail_zh": zh}])
