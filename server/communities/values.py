"""Reading single values of records in the field: what comes out is JSON that can be compared and stored."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from geo.errors import GeoError
from geo.position import check_position, datums_that_fit

LONGEST_TEXT = 4000
DECIMALS = 7
MOST_VERTICES = 20_000
_CODE = re.compile(r"[a-z][a-z0-9_]{0,63}")
SHAPES = ("Polygon", "MultiPolygon")
# What shapely raises on coordinates that are none.
_UNREADABLE = (
    KeyError,
    TypeError,
    ValueError,
    IndexError,
    AttributeError,
    OverflowError,
    shapely.errors.ShapelyError,
)


class Unfit(Exception):
    """One value cannot be read; it says why in both languages, and where below the value."""

    def __init__(self, detail: str, detail_zh: str, pointer: str = "") -> None:
        super().__init__(detail)
        self.detail, self.detail_zh, self.pointer = detail, detail_zh, pointer


Reader = Callable[[Any], Any]


def words(least: int = 0, most: int = LONGEST_TEXT) -> Reader:
    """Return a reader of texts of so many characters, stripped."""

    def read(value: Any) -> str:
        if not isinstance(value, str) or len(value) > most or not _storable(value):
            raise Unfit(f"must be a text of at most {most} characters", f"须为不超过 {most} 字的文本")
        if len(value.strip()) < least:
            raise Unfit("must not be empty", "不能为空")
        return value.strip()

    return read


def _storable(value: str) -> bool:
    """Return whether PostgreSQL can keep a text: neither NUL nor half a character of JSON's."""
    return "\0" not in value and not any("\ud800" <= sign <= "\udfff" for sign in value)


def whole(lowest: int, highest: int) -> Reader:
    """Return a reader of whole numbers within a range, both ends included."""

    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
            raise Unfit(
                f"must be a whole number from {lowest} to {highest}", f"须为 {lowest} 至 {highest} 的整数"
            )
        return value

    return read


def one_of(*choices: str) -> Reader:
    """Return a reader of one of these words."""

    def read(value: Any) -> str:
        if not isinstance(value, str) or value not in choices:
            raise Unfit(f"must be one of {', '.join(choices)}", f"须为 {'、'.join(choices)} 之一")
        return value

    return read


def code(example: str) -> Reader:
    """Return a reader of words of small letters, digits and underscores."""

    def read(value: Any) -> str:
        if not isinstance(value, str) or not _CODE.fullmatch(value):
            raise Unfit(
                f"must be a word of small letters, digits and _, such as {example}",
                f"须为小写字母、数字和下划线组成的代码，如 {example}",
            )
        return value

    return read


def maybe(reader: Reader) -> Reader:
    """Return a reader that takes null, too."""
    return lambda value: None if value is None else reader(value)


def number(lowest: float, highest: float) -> Reader:
    """Return a reader of finite numbers within a range, both ends included."""

    def read(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not lowest <= value <= highest:
            raise Unfit(
                f"must be a number from {lowest:g} to {highest:g}", f"须为 {lowest:g} 至 {highest:g} 的数"
            )
        return float(value)

    return read


def flag(value: Any) -> bool:
    """Return true or false."""
    if not isinstance(value, bool):
        raise Unfit("must be true or false", "须为 true 或 false")
    return value


def day(value: Any) -> str:
    """Return a local date as ISO text."""
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise Unfit("must be a date like 2026-11-22", "须为日期，如 2026-11-22") from None


def attributes(value: Any) -> dict[str, Any]:
    """Return an object of texts, numbers, flags and nulls, at most 100 of them."""
    plain = (str, int, float, bool, type(None))
    if not isinstance(value, dict) or len(value) > 100:
        raise Unfit("must be an object of at most 100 values", "须为最多 100 项的对象")
    for name, one in value.items():
        told = f"{name}{one}"
        if not isinstance(one, plain) or not _storable(told) or len(told) > LONGEST_TEXT:
            raise Unfit(
                "must hold texts, numbers, true, false or null only", "只能包含文本、数字、布尔值或空值"
            )
    return dict(value)


def point(outline: BaseGeometry) -> Reader:
    """Return a reader of positions `{lon, lat, datum?}`: out comes `{lon, lat}` in WGS 84, seven decimals.

    Args:
        outline: the county in WGS 84, prepared; a point beyond it is refused.
    """

    def read(value: Any) -> dict[str, float]:
        if not isinstance(value, Mapping):
            raise Unfit("must be an object with lon and lat", "须为包含 lon、lat 的对象")
        try:
            found = check_position(
                value.get("lon"), value.get("lat"), value.get("datum", "wgs84"), None, outline
            )
        except GeoError as error:
            at = error.errors[0]["pointer"].removeprefix("/location") if error.errors else ""
            raise Unfit(error.detail, error.detail_zh, at) from error
        if not found.inside_county:
            raise Unfit(found.warnings[0].detail, found.warnings[0].detail_zh)
        return {"lon": round(found.lon, DECIMALS), "lat": round(found.lat, DECIMALS)}

    return read


def area(outline: BaseGeometry) -> Reader:
    """Return a reader of GeoJSON polygons in WGS 84: out comes a valid MultiPolygon, seven decimals.

    Args:
        outline: the county in WGS 84, prepared; an area beyond it is refused.
    """

    def read(value: Any) -> dict[str, Any]:
        shape = shapely.transform(_polygons(value), lambda xy: xy.round(DECIMALS))
        if not shape.is_valid or shape.is_empty:
            raise Unfit(
                "must be a valid polygon: rings closed, none crossing another",
                "须为有效多边形：环闭合且不自交",
            )
        _inside(shape, outline)
        parts = shape.geoms if isinstance(shape, shapely.MultiPolygon) else [shape]
        return {"type": "MultiPolygon", "coordinates": [_rings(part) for part in parts]}

    return read


def one_shape(kind: str, outline: BaseGeometry) -> Reader:
    """Return a reader of one GeoJSON `Polygon` or `LineString` in WGS 84, seven decimals, valid as it stands.

    A polygon's rings come out closed, the outer one anticlockwise; a multi-geometry of one part is that part.

    Args:
        outline: the county in WGS 84, prepared; a shape beyond it is refused, with the datum that would fit.
    """

    def read(value: Any) -> dict[str, Any]:
        shape = shapely.transform(_parts(value, (kind, f"Multi{kind}")), lambda xy: xy.round(DECIMALS))
        if len(parts := getattr(shape, "geoms", (shape,))) != 1:
            raise Unfit(f"must be one {kind}, not several", "须为单个图形，不能是多个")
        shape = parts[0]
        if not shape.is_valid or shape.is_empty or shape.length == 0:
            raise Unfit(
                f"must be a valid {kind}: closed rings, none crossing itself or another",
                "须为有效图形：环闭合且不自交",
            )
        _inside(shape, outline)
        told: dict[str, Any] = orjson.loads(shapely.to_geojson(shapely.orient_polygons(shape)))
        return told

    return read


def _inside(shape: BaseGeometry, outline: BaseGeometry) -> None:
    """Refuse a shape beyond the county, and say what would mend it."""
    if outline.intersects(shape):
        return
    if outline.intersects(shapely.transform(shape, lambda xy: xy[:, ::-1])):
        raise Unfit(
            "longitude and latitude are swapped; write [longitude, latitude]",
            "经纬度颠倒，应为 [经度, 纬度]",
        )
    lon, lat = (float(one) for one in shapely.get_coordinates(shape)[0])
    fitting = datums_that_fit(outline, lon, lat, "wgs84")
    if fitting:
        raise Unfit(
            f"lies outside the county as WGS 84, inside as {' or '.join(fitting)}; send WGS 84",
            f"按 WGS 84 在县域之外，按 {'、'.join(fitting)} 则在县域之内，请转换为 WGS 84 后提交",
        )
    raise Unfit("lies outside the county; send WGS 84", "在县域之外，请使用 WGS 84 坐标")


def _polygons(value: Any) -> BaseGeometry:
    return _parts(value, SHAPES)


def _parts(value: Any, kinds: tuple[str, ...]) -> BaseGeometry:
    if not isinstance(value, Mapping) or value.get("type") not in kinds:
        raise Unfit(f"must be a GeoJSON {' or '.join(kinds)}", f"须为 GeoJSON 的 {' 或 '.join(kinds)}")
    try:
        plain = {"type": value["type"], "coordinates": value["coordinates"]}
        shape: BaseGeometry = shapely.geometry.shape(plain)
        count = int(shapely.get_num_coordinates(shape))
    except _UNREADABLE:
        raise Unfit("its coordinates cannot be read", "坐标无法读取", "/coordinates") from None
    if count > MOST_VERTICES:
        raise Unfit(f"may have {MOST_VERTICES} points at most", f"最多 {MOST_VERTICES} 个点", "/coordinates")
    return shapely.force_2d(shape)


def _rings(part: Any) -> list[list[list[float]]]:
    return [[[float(x), float(y)] for x, y in ring.coords] for ring in (part.exterior, *part.interiors)]
