"""Orders out of a pasted text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from server.complaints.hotline.errors import UnreadablePaste
from server.complaints.hotline.fields import FIELDS, field_of, guessed
from server.complaints.hotline.pasted import read_pasted
from server.sheets.columns import Column


@pytest.mark.parametrize(
    "text",
    [
        "工单编号：A1\n来电时间：2026-11-19 09:00\n诉求内容：停水",
        "工单编号：A1 来电时间：2026-11-19 09:00 诉求内容：停水",
        "【工单编号】：A1；【来电时间】：2026-11-19 09:00；【诉求内容】：停水；",
        "工单号: A1\r\n受理时间: 2026-11-19 09:00\r\n反映内容: 停水\r\n",
        "您好，请办理：\n工单编号：A1\n来电时间：2026-11-19 09:00\n诉求内容：停水\n\n",
    ],
)
def test_a_block_is_read_however_it_is_laid_out(text: str) -> None:
    [row] = read_pasted(text).rows

    held = {field.name: value for title, value in row.cells.items() if (field := field_of(title))}
    assert held == {"order_no": "A1", "called_at": "2026-11-19 09:00", "content": "停水"}


def test_what_a_caller_said_is_not_cut_at_words_that_look_like_titles() -> None:
    said = "市民反映，地址：3号楼东。\n地址：在楼后，电话：打不通。时限：越快越好"

    [row] = read_pasted(f"工单编号：A1\n诉求地址：泗河家园\n诉求内容：{said}").rows

    assert row.cells["诉求内容"] == said


def test_an_order_whose_number_is_empty_is_no_part_of_the_one_before_nor_lost() -> None:
    first, second = read_pasted("工单编号：A1\n诉求内容：停水\n\n工单编号：\n诉求内容：停电\n").rows

    assert first.cells == {"工单编号": "A1", "诉求内容": "停水"}
    assert second.cells == {"工单编号": "", "诉求内容": "停电"}


def test_an_order_begins_at_its_number_and_knows_its_line() -> None:
    found = read_pasted("工单编号：A1\n诉求内容：甲\n\n工单编号：A2\n诉求内容：乙\n丙")

    assert [(row.number, row.cells["诉求内容"]) for row in found.rows] == [(1, "甲"), (4, "乙\n丙")]


@given(some.lists(some.text("甲乙丙1：:\t\n ", max_size=30), max_size=5))
def test_any_text_is_orders_or_refused(parts: list[str]) -> None:
    text = "工单编号：".join(parts)
    try:
        rows = read_pasted(text).rows
    except UnreadablePaste:
        return
    assert rows


@pytest.mark.parametrize("column", FIELDS, ids=lambda one: one.name)
def test_a_field_is_known_by_its_own_titles(column: Column) -> None:
    for told in (column.zh, column.en, f" {column.zh}* ", f"{column.zh}："):
        assert field_of(told) == column


def test_a_field_goes_to_the_first_title_that_means_it() -> None:
    assert guessed(["工单编号", "编号", "颜色"]) == {"工单编号": "order_no"}
