"""What stops a roster."""

from __future__ import annotations

from server.communities.rosters.columns import ROSTERS
from server.problems import DomainError


class CountyMissing(DomainError):
    """The county is not loaded, so no community can be placed in it."""

    def __init__(self) -> None:
        super().__init__("Load the county first: wangge load-county.", "请先载入县域：wangge load-county。")


class UnknownRoster(DomainError):
    """There is no roster of this name."""

    def __init__(self, kind: str) -> None:
        super().__init__(
            f"There is no roster {kind!r}. Known are: {', '.join(ROSTERS)}.",
            f"没有名为“{kind}”的名册。可用的有：{'、'.join(ROSTERS)}。",
        )
