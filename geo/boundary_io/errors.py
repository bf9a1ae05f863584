"""What stops a whole file of places."""

from __future__ import annotations

from collections.abc import Sequence

from geo.errors import GeoError


class UnreadablePlaces(GeoError):
    """The file is none of the known formats, is damaged, or unfolds to too much."""

    def __init__(self, name: str, why: str = "", why_zh: str = "") -> None:
        super().__init__(
            f"{name} is not a file of places that can be read{': ' + why if why else ''}."
            " Send GeoJSON, GeoPackage, a zipped Shapefile (.shp, .shx, .dbf together) or CSV.",
            f"{name} 无法读取{'：' + why_zh if why_zh else ''}。"
            "请使用 GeoJSON、GeoPackage、Shapefile 压缩包（含 .shp、.shx、.dbf）或 CSV。",
        )


class NoGeometry(GeoError):
    """The file has rows but says nowhere where they lie."""

    def __init__(self, name: str, titles: Sequence[str]) -> None:
        there = ", ".join(title[:40] for title in titles[:20]) or "-"
        super().__init__(
            f"{name} holds no geometry. Name columns lon and lat, or wkt. Its columns: {there}.",
            f"{name} 没有几何数据。请提供 lon、lat（经度、纬度）列或 wkt 列。现有列：{there}。",
        )


class SeveralTables(GeoError):
    """The file holds several tables, and none was named."""

    def __init__(self, name: str, tables: Sequence[str]) -> None:
        listed = ", ".join(tables[:20])
        super().__init__(
            f"{name} holds several tables: {listed}. Name one as `table`.",
            f"{name} 含有多个图层：{listed}。请用 table 指定其中一个。",
            pointers=["/table"],
            extra={"tables": list(tables[:100])},
        )


class UnknownReference(GeoError):
    """The file's coordinates are measured in a system that cannot be moved to WGS 84 without a survey."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The file's coordinate system is {name[:80]!r}. Convert it to CGCS2000 or WGS 84 first.",
            f"文件坐标系为“{name[:80]}”，请先转换为 CGCS2000 或 WGS 84。",
            extra={"reference": name[:80]},
        )


class TooManyFeatures(GeoError):
    """The file holds more features than one import takes."""

    def __init__(self, most: int) -> None:
        super().__init__(
            f"The file holds more than {most} features. Split it.",
            f"文件要素超过 {most} 个，请拆分后导入。",
            extra={"maximum": most},
        )
