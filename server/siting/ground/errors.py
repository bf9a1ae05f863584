"""What can be wrong with the places that a scenario names."""

from __future__ import annotations

from collections.abc import Sequence

from server.problems import DomainError


class NoCommunities(DomainError):
    """The area that was named holds no community."""

    def __init__(self) -> None:
        detail = "Name communities, neighbourhoods or subdistricts in which communities stand today."
        zh = "请指定现有小区，或含有小区的社区、街道。"
        error = {"pointer": "/communities", "detail": detail, "detail_zh": zh}
        super().__init__(detail, zh, errors=[error])


class CommunitiesUnknown(DomainError):
    """Communities that do not stand today; `errors` name each."""

    def __init__(self, at: Sequence[tuple[int, str]]) -> None:
        errors = [
            {
                "pointer": f"/communities/{place}",
                "detail": f"there is no community {one}",
                "detail_zh": f"没有小区 {one}",
            }
            for place, one in at[:20]
        ]
        super().__init__(f"{len(at)} communities are unknown.", f"有 {len(at)} 个小区不存在。", errors=errors)
