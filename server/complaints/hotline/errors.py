"""What stops a command on a work order."""

from __future__ import annotations

from server.problems import DomainError, NotFound


class UnknownOrder(NotFound):
    """There is no such work order, or it lies outside the caller's reach."""

    def __init__(self) -> None:
        super().__init__("There is no such work order within your reach.", "您的范围内没有该工单。")


class UnreadablePaste(DomainError):
    """A pasted text holds no work order that can be told."""

    def __init__(self) -> None:
        super().__init__(
            "No work order was found. Paste text that begins with 工单编号：…, or rows with their heading.",
            "未找到工单。请粘贴以“工单编号：…”开头的文本，或连同标题行一起复制的表格行。",
            errors=[{"pointer": "/text", "detail": "holds no work order", "detail_zh": "没有工单"}],
        )


class OrderMovedOn(DomainError):
    """The order was changed since the caller saw it."""

    def __init__(self, version: int) -> None:
        detail = f"The order is at version {version} by now: look at it again."
        super().__init__(detail, f"工单已更新至第 {version} 版，请刷新后再办理。", extra={"version": version})


class OrderStateForbids(DomainError):
    """The order's state, or its clock, does not allow the command."""
