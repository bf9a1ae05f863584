"""What can be wrong with a question to the map."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from server.problems import DomainError, InvalidInput, NotFound


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


class UnknownFilter(InvalidInput):
    """A filter with values that what is asked about does not have."""

    def __init__(self, name: str, values: Sequence[str]) -> None:
        told = ", ".join(value[:40] for value in values[:5])
        detail = f"{name}={told} cannot be asked here. Leave it out or choose another."
        zh = f"此处不能按 {name}={told} 查询，请去掉或另选。"
        super().__init__(
            detail, zh, errors=[{"pointer": f"/query/{name}", "detail": detail, "detail_zh": zh}]
        )
