"""What can be wrong with asking what came of a plan."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from server.problems import DomainError


class PlanOfAFile(DomainError):
    """A plan that was asked for with a problem file knows no places of the county."""

    def __init__(self) -> None:
        super().__init__(
            "This plan was made of a problem file, so no places of the county belong to it.",
            "该方案由问题文件生成，没有对应的小区和点位资料。",
        )


class PlanAdopted(DomainError):
    """A plan is adopted once; undo it before it is adopted again."""

    def __init__(self) -> None:
        super().__init__(
            "The plan is adopted already; undo that first.", "该方案已采纳，如需重新采纳请先撤销。"
        )


class PlanNotAdopted(DomainError):
    """There is nothing to undo."""

    def __init__(self) -> None:
        super().__init__("The plan is not adopted.", "该方案尚未采纳。")


class NothingToAdopt(DomainError):
    """A plan without new sites."""

    def __init__(self) -> None:
        super().__init__("The plan opens no new site.", "该方案没有新增点位。")


class SitesMovedOn(DomainError):
    """Sites of an adopted plan that somebody has worked on since."""

    def __init__(self, ids: Sequence[UUID]) -> None:
        super().__init__(
            f"{len(ids)} of its sites have been worked on since; they stay, so the plan cannot be undone.",
            f"其中 {len(ids)} 处点位已被修改或推进，不能撤销。",
            extra={"sites": [str(one) for one in ids]},
        )
