"""What stops a file of places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from geo.datum import DATUMS
from server.problems import DomainError
from server.sheets.faults import MOST_LISTED, Fault


class DatumMissing(DomainError):
    """Nobody said upon which datum the file's coordinates were written down, and the file proves none."""

    def __init__(self) -> None:
        listed = ", ".join(DATUMS)
        detail = (
            f"Say upon which datum the coordinates are: {listed}. Maps of Gaode and Tencent are gcj02,"
            " those of Baidu bd09, GPS and OpenStreetMap wgs84, the land survey cgcs2000."
        )
        zh = (
            f"请注明坐标系（datum）：{listed}。高德、腾讯地图为 gcj02，百度地图为 bd09，"
            "GPS、OpenStreetMap 为 wgs84，国土测绘成果为 cgcs2000。"
        )
        super().__init__(detail, zh, errors=[{"pointer": "/datum", "detail": detail, "detail_zh": zh}])


class UnknownPlaceLayer(DomainError):
    """There is no layer of this name that can be taken in or written out."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        listed = ", ".join(known)
        super().__init__(
            f"There is no layer {name[:40]!r}. Layers: {listed}.",
            f"没有图层“{name[:40]}”。可用图层：{listed}。",
        )


class PlacesFaulty(DomainError):
    """Rows of a file of places are faulty, so nothing of it was taken; `errors` name the first of them."""

    def __init__(self, faults: Sequence[Fault], rows: int) -> None:
        bad = len({fault.row for fault in faults})
        super().__init__(
            f"{bad} of {rows} rows are faulty; nothing was changed. Mend them and send the file again.",
            f"共 {rows} 行，其中 {bad} 行有误，未作任何更改。请修改后重新导入。",
            errors=[fault.as_json() for fault in faults[:MOST_LISTED]],
        )
        self.faults = faults
