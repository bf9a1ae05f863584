"""What can be wrong with a question to the map."""

from __future__ import annotations

from collections.abc import Iterable

from server.problems import DomainError, NotFound


class UnknownLayer(NotFound):
    """A layer that is not listed."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        listed = ", ".join(sorted(known))
        super().__init__(
            f"There is no layer {name[:40]!r}. Layers: {listed}.",
            f"没有图层 {name[:40]!r}。可用图层：{listed}。",
        )


class BadBbox(DomainError):
    """A bbox that is not four numbers, west, south, east, north, in degrees."""

    def __init__(self) -> None:
        detail = "bbox is west,south,east,north in degrees (WGS 84), for example 117,35.5,117.5,36."
        zh = "bbox 须为 西,南,东,北 四个经纬度数值（WGS 84），南小于北，例如 117,35.5,117.5,36。"
        super().__init__(detail, zh, errors=[{"pointer": "/query/bbox", "detail": detail, "detail_zh": zh}])
