"""What can be wrong with a place or an assignment."""

from __future__ import annotations

from collections.abc import Iterable

from server.problems import DomainError, NotFound
from sync.merge import Merged


class UnknownCell(DomainError):
    """Grid cells that do not exist, or no longer hold."""

    def __init__(self, codes: Iterable[str]) -> None:
        named = ", ".join(code[:20] for code in sorted(codes)[:5])
        detail = f"There is no grid cell {named}. GET /api/v1/grid-cells lists them (15 digits each)."
        zh = f"没有网格 {named}。网格清单见 GET /api/v1/grid-cells（编码为 15 位数字）。"
        super().__init__(detail, zh, errors=[{"pointer": "/cells", "detail": detail, "detail_zh": zh}])


class CellsRequired(DomainError):
    """A grid worker without a unit needs cells from which the unit follows."""

    def __init__(self) -> None:
        detail = "Name the cells (15 digits each) that the grid worker walks, or a unit."
        zh = "请填写网格员负责的网格（15 位编码），或选择单位。"
        super().__init__(detail, zh, errors=[{"pointer": "/cells", "detail": detail, "detail_zh": zh}])


class CellsForWorkersOnly(DomainError):
    """Only grid workers walk cells."""

    def __init__(self, role: str) -> None:
        detail = f"Only a grid_worker walks cells, a {role} does not; leave the cells out."
        zh = f"只有网格员负责网格，{role} 不能指定网格。"
        super().__init__(detail, zh, errors=[{"pointer": "/cells", "detail": detail, "detail_zh": zh}])


class EndBeforeStart(DomainError):
    """An assignment that would end before it begins."""

    def __init__(self) -> None:
        detail = "The first day without the assignment must come after its first day."
        zh = "结束日期必须晚于开始日期。"
        super().__init__(detail, zh, errors=[{"pointer": "/to", "detail": detail, "detail_zh": zh}])


class NoSuchRecord(NotFound):
    """The record that an edit names has not arrived."""

    def __init__(self) -> None:
        super().__init__("The record has not arrived yet.", "该记录尚未到达。")


class EditedMeanwhile(DomainError):
    """An edit of a shape that somebody else moved, or of a record that is gone."""

    def __init__(self, made: Merged) -> None:
        gone = any(one.kind == "deleted" for one in made.disputed)
        if gone:
            detail, zh = (
                "One side deleted the record, the other edited it.",
                "一方删除、另一方修改了该记录。",
            )
        else:
            detail, zh = "Somebody else moved the shape meanwhile.", "图形期间已被他人修改。"
        super().__init__(
            f"{detail} Nothing was changed; look at both and send a new edit.",
            f"{zh}未作任何更改，请核对后重新提交。",
            errors=[
                {"pointer": one.pointer, "detail": detail, "detail_zh": zh}
                for one in made.disputed
                if one.kind != "not_done"
            ],
        )


class PreconditionFailed(DomainError):
    """A write that means another version of the record than the one that stands."""

    def __init__(self) -> None:
        super().__init__(
            "Somebody changed it meanwhile. Read it anew, look at both, and send the change again.",
            "期间已被修改。请重新读取、核对后再次提交。",
        )


class UnknownCommunity(DomainError):
    """No community has this id."""

    def __init__(self, community_id: object) -> None:
        super().__init__(
            f"There is no community {community_id}. Pull anew and choose one.",
            f"没有编号为 {community_id} 的小区，请重新同步后选择。",
            errors=[
                {"pointer": "/data/community_id", "detail": "unknown community", "detail_zh": "未知小区"}
            ],
        )


class StillReferred(DomainError):
    """A record that others stand in or belong to cannot be taken away."""

    def __init__(self) -> None:
        super().__init__(
            "Other records belong to it (entrances, facilities). Take them away or move them first.",
            "还有其他记录属于它（单元出入口、设施），请先移除或改属。",
        )


class AlreadyThere(DomainError):
    """Another record stands under this id."""

    def __init__(self) -> None:
        super().__init__(
            "Another record is stored under this id. Send the new one under an id of its own.",
            "此编号已有记录，请使用新的编号提交。",
        )
