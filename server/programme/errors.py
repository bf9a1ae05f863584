"""What can be wrong with the county's own data."""

from __future__ import annotations

from server.problems import DomainError


class NoDemoPlaces(DomainError):
    """There are no demo places to remove."""

    def __init__(self) -> None:
        super().__init__(
            "There are no demo places here; nothing was removed.", "没有演示小区，未删除任何数据。"
        )
