"""What can be wrong with a place. Nothing here knows of HTTP: the server maps classes to answers."""

from collections.abc import Mapping, Sequence
from typing import Any


class GeoError(Exception):
    """A place or coordinate that cannot be accepted.

    Attributes:
        detail: what is wrong and how to mend it, in English.
        detail_zh: the same in Chinese.
        errors: one entry a faulty field, each with `pointer`, `detail` and `detail_zh`.
        extra: further facts for the answer, JSON values only.
    """

    def __init__(
        self,
        detail: str,
        detail_zh: str,
        *,
        pointers: Sequence[str] = (),
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.detail_zh = detail_zh
        self.errors = [{"pointer": pointer, "detail": detail, "detail_zh": detail_zh} for pointer in pointers]
        self.extra = dict(extra or {})


class OutsideCounty(GeoError):
    """A point (WGS 84) lies outside the county."""

    def __init__(self, lon: float, lat: float) -> None:
        super().__init__(
            f"The point {lon:.6f}, {lat:.6f} lies outside the county. Check the position and its datum.",
            f"点位({lon:.6f}, {lat:.6f})不在本县范围内，请核对位置和坐标系。",
            pointers=["/location"],
            extra={"lon": lon, "lat": lat},
        )


class OutsideEveryCommunity(GeoError):
    """A point (WGS 84) lies in no stored community."""

    def __init__(self, lon: float, lat: float) -> None:
        super().__init__(
            f"The point {lon:.6f}, {lat:.6f} lies in no stored community. Choose the community by hand.",
            f"点位({lon:.6f}, {lat:.6f})不在任何已登记的住宅小区内，请手工选择小区。",
            pointers=["/location"],
            extra={"lon": lon, "lat": lat},
        )


class SwappedAxes(GeoError):
    """Longitude and latitude were exchanged: the other way round the point lies in the county."""

    def __init__(self, lon: float, lat: float) -> None:
        super().__init__(
            f"Longitude and latitude are exchanged. Send lon {lat}, lat {lon}.",
            f"经度与纬度颠倒了，请改为 lon {lat}、lat {lon}。",
            pointers=["/location/lon", "/location/lat"],
            extra={"lon": lat, "lat": lon},
        )


class ImpossibleCoordinate(GeoError):
    """A number that no place on earth can have, or that is not a number at all."""

    def __init__(self, field: str, low: float, high: float) -> None:
        super().__init__(
            f"{field} must be a finite number from {low:g} to {high:g}.",
            f"{field} 必须是 {low:g} 到 {high:g} 之间的有限数值。",
            pointers=[f"/location/{field}"],
            extra={"field": field, "minimum": low, "maximum": high},
        )


class UnknownDatum(GeoError):
    """A datum that is not one of the four known ones."""

    def __init__(self, datum: object, known: Sequence[str]) -> None:
        super().__init__(
            f"Unknown datum {str(datum)[:40]!r}. Use one of {', '.join(known)}.",
            f"未知的坐标系 {str(datum)[:40]!r}，请使用 {'、'.join(known)} 之一。",
            pointers=["/location/datum"],
            extra={"known": list(known)},
        )


class TooManyCells(GeoError):
    """A neighbourhood with more cells than three digits can number."""

    def __init__(self, neighbourhood_code: str, count: int, most: int) -> None:
        super().__init__(
            f"Neighbourhood {neighbourhood_code} has {count} cells, at most {most} fit. Join small ones.",
            f"社区 {neighbourhood_code} 有 {count} 个网格，最多只能编 {most} 个，请合并较小的网格。",
            extra={"neighbourhood_code": neighbourhood_code, "count": count, "maximum": most},
        )


class CannotBeCut(GeoError):
    """A line or areas that do not cut a cell into pieces."""

    def __init__(self, detail: str, detail_zh: str, pointer: str) -> None:
        super().__init__(detail, detail_zh, pointers=[pointer])


class CannotBeJoined(GeoError):
    """Cells that do not lie side by side."""

    def __init__(self) -> None:
        super().__init__(
            "The cells must share edges, so that they become one piece.",
            "所选网格须彼此相邻，才能合并为一个地块。",
            pointers=["/codes"],
        )
