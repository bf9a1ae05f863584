"""Bodies that no honest tablet sends: a good one with any part of it replaced by something else."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import strategies as st

Path = tuple[str | int, ...]

ODD: st.SearchStrategy[Any] = st.sampled_from(
    [
        None,
        True,
        -1,
        0,
        2**31,
        2**63,
        2**64,
        10**400,
        1e308,
        -0.0,
        "",
        "\0",
        "\ud800",
        "0198",
        "x" * 70_000,
        "2026-02-30T25:61:00+99:99",
        "0000-00-00T00:00:00Z",
        "9999-12-31T23:59:59-23:59",
        "00000000-0000-0000-0000-000000000000",
        [],
        {},
        [[]],
        [None],
        [{}],
        {"": {}},
        {"value": {"value": []}},
        {"lon": 1e400, "lat": 91, "datum": 5},
        {"sha256": ["ab"]},
        {"instances": {"0": 1}},
    ]
)
JSON: st.SearchStrategy[Any] = st.recursive(
    ODD | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def paths(document: Any, at: Path = ()) -> Iterator[Path]:
    """Yield the path of every part of a document, the whole first."""
    yield at
    if isinstance(document, Mapping):
        for key, child in document.items():
            yield from paths(child, (*at, key))
    elif isinstance(document, list):
        for index, child in enumerate(document):
            yield from paths(child, (*at, index))


def replaced(document: Any, at: Path, part: Any) -> Any:
    """Return the document with the part at a path replaced."""
    if not at:
        return part
    changed = copy.copy(document)
    changed[at[0]] = replaced(document[at[0]], at[1:], part)
    return changed


@st.composite
def spoilt(draw: st.DrawFn, document: Any) -> Any:
    """Draw the document with one to three parts replaced."""
    for _ in range(draw(st.integers(1, 3))):
        document = replaced(document, draw(st.sampled_from(list(paths(document)))), draw(JSON))
    return document
