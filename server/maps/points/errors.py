"""What can be wrong with an analysis layer."""

from __future__ import annotations

from server.problems import DomainError, InvalidInput, NotFound


class UnknownAnalysisLayer(NotFound):
    """The caller has no analysis layer of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"You have no analysis layer {name[:63]!r}. GET /api/v1/analysis-layers lists yours.",
            f"您没有名为“{name[:63]}”的分析图层。",
        )


class AnalysisLayerStands(DomainError):
    """The owner has a layer of this name already."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"An analysis layer {name!r} stands already. Remove it first or choose another name.",
            f"分析图层“{name}”已存在，请先删除或另取名称。",
            errors=[{"pointer": "/name", "detail": "stands already", "detail_zh": "已存在"}],
        )


class Unusable(InvalidInput):
    """A property of a layer that cannot be used."""

    def __init__(self, name: str, detail: str, detail_zh: str) -> None:
        fault = {"pointer": f"/{name}", "detail": detail, "detail_zh": detail_zh}
        super().__init__(f"{name} {detail}.", f"{name} {detail_zh}。", errors=[fault])


class NoPoints(DomainError):
    """A file without a single usable point."""

    def __init__(self) -> None:
        super().__init__("The file holds no usable point.", "文件中没有可用的点位。")
