"""What somebody says of a set of points that they send, checked before a row is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from geo.datum import Datum
from server.maps.points.errors import Unusable

COLUMNS = ("lon", "lat", "time", "category")
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
COUNTY_ZONE = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class Description:
    """A set of points before it is read.

    Attributes:
        name: how it is asked for.
        columns: which column of the file holds `lon`, `lat`, `time`, `category`; those called so need none.
        metric_srid: the EPSG code of a projected CRS in metres for the region.
        datum: what longitudes and latitudes are in.
        zone: where moments without an offset were written down.
    """

    name: str
    metric_srid: int
    columns: Mapping[str, str] = field(default_factory=dict)
    datum: Datum = "wgs84"
    zone: str = COUNTY_ZONE
    licence: str = ""
    source: str = ""

    def check(self) -> None:
        """Raise what is wrong with it.

        Raises:
            Unusable: the name, the CRS, the zone or a column's name cannot be used.
        """
        if not NAME.fullmatch(self.name):
            raise Unusable("name", "is up to 63 of a-z 0-9 _ -", "须为 1 至 63 个小写字母、数字、_ 或 -")
        if not in_metres(self.metric_srid):
            raise Unusable(
                "srid",
                "is the EPSG code of a projected CRS in metres, such as 4548",
                "须为以米为单位的投影坐标系 EPSG 代码，例如 4548",
            )
        if not _known(self.zone):
            raise Unusable("zone", "is a time zone such as Asia/Shanghai", "须为时区名称，例如 Asia/Shanghai")
        unknown = [name for name in self.columns if name not in COLUMNS]
        if unknown:
            raise Unusable(
                "map", f"names {unknown[0][:40]!r}; known are {', '.join(COLUMNS)}", "含有未知的目标列"
            )


def columns_of(told: str) -> dict[str, str]:
    """Return the mapping that `lon=X,lat=Y,time=opened` tells.

    Raises:
        Unusable: a part is no `name=column`.
    """
    parts = [part.partition("=") for part in told.split(",") if part.strip()]
    if not all(equals and name.strip() and column.strip() for name, equals, column in parts):
        raise Unusable(
            "map", "is written lon=…,lat=…,time=…,category=…", "的写法为 lon=…,lat=…,time=…,category=…"
        )
    return {name.strip(): column.strip() for name, _, column in parts}


def in_metres(srid: int) -> bool:
    """Return whether an EPSG code is a projected CRS whose unit is the metre."""
    # Web processes check what they are told; they load PROJ with the first set of points.
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        crs = CRS.from_epsg(srid)
    except CRSError:
        return False
    return (
        crs.is_projected and 1024 <= srid <= 32767 and {axis.unit_name for axis in crs.axis_info} == {"metre"}
    )


def _known(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
