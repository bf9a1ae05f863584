"""Whatever is written as a filter becomes SQL of our own words, or is refused."""

from __future__ import annotations

from contextlib import suppress

import orjson
from hypothesis import given
from hypothesis import strategies as st

from server.maps.ogc.conditions import Bound, Kind
from server.maps.ogc.cql import condition_of
from server.maps.ogc.crs import CRS84
from server.maps.ogc.errors import BadQuery

KINDS = {
    "name": Kind.TEXT,
    "households": Kind.WHOLE,
    "valid_from": Kind.DAY,
    "flag": Kind.FLAG,
    "attributes": Kind.OTHER,
}
WORDS = st.sampled_from(
    [
        "name",
        "households",
        "flag",
        "geometry",
        "valid_from",
        "attributes",
        "AND",
        "OR",
        "NOT",
        "LIKE",
        "IN",
        "BETWEEN",
        "IS",
        "NULL",
        "TRUE",
        "=",
        "<>",
        "+",
        "(",
        ")",
        ",",
        "'",
        '"',
        "'x'",
        "5",
        "-1e9",
        "CASEI(",
        "BBOX(1,2,3,4)",
        "S_INTERSECTS(",
        "DATE('2026-01-01')",
        "T_AFTER(",
        "INTERVAL('..','2026-01-01')",
        "A_EQUALS(",
    ]
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.floats(allow_nan=False)
    | st.sampled_from(["name", "x", "2026-01-01", "flag"])
)
KEYS = st.sampled_from(
    ["op", "args", "property", "date", "timestamp", "interval", "bbox", "type", "coordinates"]
)
OPERATORS = st.sampled_from(
    ["and", "or", "not", "=", "like", "in", "between", "isNull", "casei", "s_within", "t_after"]
)
NODES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(KEYS, inner, max_size=3)
        | st.fixed_dictionaries({"op": OPERATORS, "args": st.lists(inner, max_size=3)})
        | st.fixed_dictionaries({"property": st.sampled_from([*KINDS, "geometry", "other"])})
    ),
    max_leaves=12,
)


@given(st.lists(WORDS, max_size=12).map(" ".join) | st.text(max_size=60))
def test_a_text_is_understood_or_refused(written: str) -> None:
    with suppress(BadQuery):
        condition_of(written, "cql2-text", KINDS, CRS84, Bound())


@given(NODES)
def test_a_json_is_understood_or_refused(node: object) -> None:
    with suppress(BadQuery):
        condition_of(orjson.dumps(node).decode(), "cql2-json", KINDS, CRS84, Bound())


@given(st.text(min_size=4, max_size=40).filter(lambda value: "\0" not in value))
def test_what_a_caller_writes_is_bound_and_never_part_of_the_sql(value: str) -> None:
    bound = Bound()
    quoted = value.replace("'", "''")

    with suppress(BadQuery):
        sql = condition_of(f"name = '{quoted}'", "cql2-text", KINDS, CRS84, bound)

        assert sql == '("name" = CAST(:given_0 AS text))'
        assert bound.values == {"given_0": value}
