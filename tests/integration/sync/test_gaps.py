"""A declared hole is read strictly, kept, and never mistaken."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from server.db import Database
from sync.errors import SeqGap
from tests.integration.sync.pushing import Tablet, an_item, rows, statuses

GOOD = {"from": 2, "to": 4, "reason": "storage damaged"}
BAD: list[tuple[dict[str, Any], str]] = [
    ({"from": "2"}, "/data/from"),
    ({"from": 0}, "/data/from"),
    ({"from": True}, "/data/from"),
    ({"from": None}, "/data/from"),
    ({"to": 6}, "/data/to"),
    ({"to": 1}, "/data/to"),
    ({"to": 4.0}, "/data/to"),
    ({"reason": "  "}, "/data/reason"),
    ({"reason": 7}, "/data/reason"),
    ({"reason": "x" * 501}, "/data/reason"),
]


def a_gap(seq: int = 5, **data: Any) -> dict[str, Any]:
    return an_item(seq, type="device.gap", data=GOOD | data)


def test_a_declared_gap_is_kept_with_its_reason(db: Database) -> None:
    tablet = Tablet(db)
    tablet.push([an_item(1)])

    tablet.push([a_gap()])
    tablet.push([a_gap(6)])

    assert rows(db, "SELECT from_seq, to_seq, reason FROM sync.gap") == [(2, 4, "storage damaged")]


@pytest.mark.parametrize(("data", "pointer"), BAD, ids=lambda value: str(value)[:40])
def test_a_gap_of_a_bad_shape_is_rejected_with_its_place(
    db: Database, data: dict[str, Any], pointer: str
) -> None:
    tablet = Tablet(db)

    answer = tablet.push([*(an_item(seq) for seq in range(1, 5)), a_gap(**data)])

    assert statuses(answer) == ["applied"] * 4 + ["rejected"]
    assert [fault["pointer"] for fault in answer["results"][-1]["problem"]["errors"]] == [pointer]
    assert rows(db, "SELECT 1 FROM sync.gap") == []


def test_a_bad_gap_closes_no_hole_and_is_told_why(db: Database) -> None:
    tablet = Tablet(db)
    tablet.push([an_item(1)])

    with pytest.raises(SeqGap) as refused:
        tablet.push([a_gap(reason="")])

    assert [fault["pointer"] for fault in refused.value.errors] == ["/first_seq", "/mutations/0/data/reason"]


@pytest.mark.parametrize("sql", ["UPDATE sync.gap SET reason = 'x'", "DELETE FROM sync.gap"])
def test_a_gap_cannot_be_changed(db: Database, sql: str) -> None:
    with pytest.raises(DBAPIError, match=r"permission denied|append-only"):
        rows(db, sql)
