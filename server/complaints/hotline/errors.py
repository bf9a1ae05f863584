"""What stops a command on a work order."""

from __future__ import annotations

from server.problems import DomainError, NotFound


class UnknownOrder(NotFound):
    """There is no such work order, or it lies outside the caller's reach."""

    def __init__(self) -> None:
        super().__init__("There is no such work order within your reach.", "您的范围内没有该工单。")


class OrderMovedOn(DomainError):
    """The order was changed since the caller saw it."""

    def __init__(self, version: int) -> None:
        detail = f"The order is at version {version} by now: look at it again."
        super().__init__(detail, f"工单已更新至第 {version} 版，请刷新后再办理。", extra={"version": version})


class OrderStateForbids(DomainError):
    """The order's state, or its clock, does not allow the command."""
