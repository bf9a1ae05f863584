"""CQL2, text and JSON, as SQL conditions upon the properties of a layer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

import cql2
import orjson

from server.maps.ogc.conditions import NUMERIC, Bound, Kind, Kinds, cast, literal
from server.maps.ogc.crs import Crs
from server.maps.ogc.errors import BadQuery
from server.maps.ogc.moments import Stretch, moment
from server.maps.ogc.shapes import shape_sql

LANGUAGES = ("cql2-text", "cql2-json")
LONGEST = 8000
DEEPEST = 40
GEOMETRY = ("geometry", "geom")
_ORDER = frozenset({"=", "<>", "<", ">", "<=", ">="})
_SPATIAL = {
    "s_intersects": "ST_Intersects",
    "s_equals": "ST_Equals",
    "s_disjoint": "ST_Disjoint",
    "s_touches": "ST_Touches",
    "s_within": "ST_Within",
    "s_overlaps": "ST_Overlaps",
    "s_crosses": "ST_Crosses",
    "s_contains": "ST_Contains",
}
_TEMPORAL: Mapping[str, str] = {
    "t_after": "{value} > {end}",
    "t_before": "{value} < {start}",
    "t_equals": "{value} = {start} AND {value} = {end}",
    "t_intersects": "{value} >= {start} AND {value} <= {end}",
    "t_disjoint": "NOT ({value} >= {start} AND {value} <= {end})",
    "t_during": "{value} > {start} AND {value} < {end}",
}


def condition_of(given: str, language: str, kinds: Kinds, crs: Crs, bound: Bound) -> str:
    """Return the SQL condition that a filter means; its values go to `bound`.

    Args:
        kinds: the properties that it may name.
        crs: the system of the coordinates in it.

    Raises:
        BadQuery: not CQL2, of an unknown language, or about properties that the layer does not have.
    """
    if language not in LANGUAGES:
        raise BadQuery(
            "filter-lang", f"must be one of {', '.join(LANGUAGES)}", f"须为 {'、'.join(LANGUAGES)} 之一"
        )
    if len(given) > LONGEST:
        _refuse(f"must have at most {LONGEST} characters", f"不得超过 {LONGEST} 个字符")
    return _Reading(kinds, crs, bound).condition(_parsed(given, language), 0)


def _parsed(given: str, language: str) -> Any:
    try:
        return orjson.loads(given) if language == "cql2-json" else cql2.parse_text(given).to_json()
    except (cql2.ParseError, ValueError) as error:
        said = " ".join(str(error).split())[:300]
        raise BadQuery("filter", f"cannot be read: {said}", f"无法读取：{said}") from error


def _refuse(detail: str, detail_zh: str) -> NoReturn:
    raise BadQuery("filter", detail, detail_zh)


def _odd(node: Any) -> NoReturn:
    operator = node.get("op") if isinstance(node, dict) else None
    shown = operator[:40] if isinstance(operator, str) else "a condition"
    _refuse(f"cannot judge {shown} with these arguments", f"无法判断 {shown} 及其参数")


class _Reading:
    """One filter on its way to SQL."""

    def __init__(self, kinds: Kinds, crs: Crs, bound: Bound) -> None:
        self.kinds, self.crs, self.bound = kinds, crs, bound

    def condition(self, node: Any, depth: int) -> str:
        if depth > DEEPEST:
            _refuse(f"is nested deeper than {DEEPEST} levels", f"嵌套超过 {DEEPEST} 层")
        if isinstance(node, bool):
            return "TRUE" if node else "FALSE"
        if not isinstance(node, dict):
            _odd(node)
        if "property" in node:
            return self.flag(node)
        operator, arguments = node.get("op"), node.get("args")
        if not isinstance(operator, str) or not isinstance(arguments, list):
            _odd(node)
        return self.operation(operator.lower(), arguments, node, depth)

    def operation(self, operator: str, arguments: list[Any], node: Any, depth: int) -> str:
        if operator in ("and", "or") and len(arguments) > 1:
            word = f" {operator.upper()} "
            return f"({word.join(self.condition(one, depth + 1) for one in arguments)})"
        if operator == "not" and len(arguments) == 1:
            return f"(NOT {self.condition(arguments[0], depth + 1)})"
        if operator == "isnull" and len(arguments) == 1:
            return f"({self.column(arguments[0])} IS NULL)"
        two: Callable[[str, Any, Any], str] | None = self.of_two(operator)
        if two is not None and len(arguments) == 2:
            return f"({two(operator, *arguments)})"
        if operator == "between" and len(arguments) == 3:
            return self.between(*arguments)
        return _odd(node)

    def of_two(self, operator: str) -> Callable[[str, Any, Any], str] | None:
        if operator in _ORDER:
            return self.comparison
        if operator in _SPATIAL:
            return self.spatial
        if operator in _TEMPORAL:
            return self.temporal
        return {"like": self.like, "in": self.among}.get(operator)

    def flag(self, node: Any) -> str:
        sql, kind = self.value(node)
        if kind is not Kind.FLAG:
            _refuse("a property that stands alone must be true or false", "单独出现的属性须为布尔型")
        return sql

    def comparison(self, operator: str, left: Any, right: Any) -> str:
        kind = self.kind(left) or self.kind(right)
        if kind is None:
            _refuse("a comparison needs a property", "比较须包含属性")
        return f"{self.sql(left, kind)} {operator} {self.sql(right, kind)}"

    def between(self, value: Any, low: Any, high: Any) -> str:
        sql, kind = self.value(value)
        return f"({sql} BETWEEN {self.sql(low, kind)} AND {self.sql(high, kind)})"

    def among(self, _: str, value: Any, listed: Any) -> str:
        sql, kind = self.value(value)
        if not isinstance(listed, list):
            _odd(listed)
        return f"{sql} IN ({', '.join(self.sql(one, kind) for one in listed)})" if listed else "FALSE"

    def like(self, _: str, value: Any, pattern: Any) -> str:
        sql, kind = self.value(value)
        if kind is not Kind.TEXT:
            _refuse("LIKE compares texts", "LIKE 只能比较文本")
        wanted = pattern["args"][0] if _is_casei(pattern) else pattern
        if isinstance(wanted, str) and (len(wanted) - len(wanted.rstrip("\\"))) % 2:
            _refuse("a pattern must not end in \\", "模式不得以 \\ 结尾")
        return f"{sql} LIKE {self.sql(pattern, Kind.TEXT)}"

    def spatial(self, operator: str, left: Any, right: Any) -> str:
        sides = [self.shape(side) for side in (left, right)]
        if sides.count("geom") != 1:
            _refuse("compares the property geometry with a shape", "空间运算须为属性 geometry 与一个图形")
        return f"{_SPATIAL[operator]}({', '.join(sides)})"

    def shape(self, node: Any) -> str:
        if isinstance(node, dict) and "property" in node:
            if node["property"] in GEOMETRY:
                return "geom"
            self.column(node)
            _refuse("a spatial comparison takes the property geometry", "空间运算只接受属性 geometry")
        return shape_sql(node, self.crs, self.bound, "filter")

    def temporal(self, operator: str, left: Any, right: Any) -> str:
        if self.kind(left) is None:
            left, right = right, left
            operator = {"t_after": "t_before", "t_before": "t_after"}.get(operator, operator)
            if operator == "t_during":
                _refuse("T_DURING takes the property first", "T_DURING 须先写属性")
        sql, kind = self.value(left)
        if kind not in (Kind.DAY, Kind.MOMENT):
            _refuse("a comparison of times needs a date or a moment", "时间运算须为日期或时刻属性")
        start, end = (self.bound.put(one, "timestamptz") for one in _interval(right))
        value = f"({sql}::timestamp AT TIME ZONE 'Asia/Shanghai')" if kind is Kind.DAY else sql
        return _TEMPORAL[operator].format(value=value, start=start, end=end)

    def kind(self, node: Any) -> Kind | None:
        """Return the kind of a property, None for a literal."""
        if _is_casei(node):
            if _is_casei(node["args"][0]):
                _refuse("CASEI takes a text", "CASEI 只接受文本")
            return self.kind(node["args"][0])
        if isinstance(node, dict) and "property" in node:
            self.column(node)
            return self.kinds.get(node["property"])
        return None

    def value(self, node: Any) -> tuple[str, Kind]:
        kind = self.kind(node)
        if kind is None:
            _refuse("the first argument must be a property", "第一个参数须为属性")
        return self.sql(node, kind), kind

    def sql(self, node: Any, kind: Kind) -> str:
        if _is_casei(node):
            if kind is not Kind.TEXT or _is_casei(node["args"][0]):
                _refuse("CASEI takes a text", "CASEI 只接受文本")
            return f"lower({self.sql(node['args'][0], kind)})"
        if isinstance(node, dict) and "property" in node:
            return self.compared(node, kind)
        return self.bound.put(literal(node, kind, "filter"), cast(kind))

    def compared(self, node: Any, kind: Kind) -> str:
        column = self.column(node)
        own = self.kinds.get(node["property"], Kind.OTHER)
        if own is Kind.OTHER or (own is not kind and not (own in NUMERIC and kind in NUMERIC)):
            _refuse("compares properties that cannot be compared", "所比较的属性不可比较")
        return column

    def column(self, node: Any) -> str:
        """Return the column of a listed property; only names that the code itself wrote come back."""
        name = node.get("property") if isinstance(node, dict) else None
        if name in GEOMETRY:
            return "geom"
        for known in self.kinds:
            if known == name:
                return f'"{known}"'
        listed = ", ".join((*self.kinds, "geometry"))
        shown = str(name)[:60]
        _refuse(f"there is no property {shown!r}; known are {listed}", f"没有属性 {shown!r}，可用：{listed}")


def _is_casei(node: Any) -> bool:
    if not isinstance(node, dict) or node.get("op") != "casei":
        return False
    arguments = node.get("args")
    return isinstance(arguments, list) and len(arguments) == 1


def _interval(node: Any) -> Sequence[Any]:
    if isinstance(node, dict) and isinstance(node.get("interval"), list) and len(node["interval"]) == 2:
        first, second = node["interval"]
        stretch = Stretch(_edge(first, last=False), _edge(second, last=True))
    else:
        given = node.get("timestamp", node.get("date")) if isinstance(node, dict) else node
        stretch = Stretch(moment(given, "filter"), moment(given, "filter", last=True))
    return (stretch.start or "-infinity", stretch.end or "infinity")


def _edge(given: Any, *, last: bool) -> Any:
    if isinstance(given, dict):
        given = given.get("timestamp", given.get("date"))
    return None if given == ".." else moment(given, "filter", last=last)
