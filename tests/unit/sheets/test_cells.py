from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.sheets.cells import CellFault, value_of, written
from server.sheets.columns import Column, column_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
STATE = Column(
    "state", "状态", "State", "choice", choices={"open": ("未销号",), "closed": ("已销号", "结案")}
)
DAY, MOMENT = Column("on", "日期", "Day", "day"), Column("at", "时间", "At", "instant")


@pytest.mark.parametrize(
    ("column", "held", "value"),
    [
        (Column("name", "名称", "Name"), " 锦绣花园 ", "锦绣花园"),
        (Column("name", "名称", "Name"), 13812345678.0, "13812345678"),
        (Column("n", "户数", "Households", "whole"), "1,024", 1024),
        (Column("n", "户数", "Households", "whole"), 12.0, 12),
        (Column("x", "经度", "Longitude", "decimal"), "117.27", 117.27),
        (DAY, "2026年9月3日", date(2026, 9, 3)),
        (DAY, "2026/9/3", date(2026, 9, 3)),
        (DAY, "2026.09.03", date(2026, 9, 3)),
        (DAY, datetime(2026, 9, 3, 8, tzinfo=SHANGHAI), date(2026, 9, 3)),
        (MOMENT, "2026-09-03 08:30", datetime(2026, 9, 3, 0, 30, tzinfo=UTC)),
        (MOMENT, "2026年9月3日 8时30分", datetime(2026, 9, 3, 0, 30, tzinfo=UTC)),
        (MOMENT, "2026-9-3 8:30", datetime(2026, 9, 3, 0, 30, tzinfo=UTC)),
        (MOMENT, "2026-09-03T08:30:00+00:00", datetime(2026, 9, 3, 8, 30, tzinfo=UTC)),
        (STATE, "结 案", "closed"),
        (STATE, "OPEN", "open"),
        (STATE, "", None),
    ],
)
def test_a_cell_is_read_as_its_column_means_it(column: Column, held: object, value: object) -> None:
    assert value_of(column, held, SHANGHAI) == value


@pytest.mark.parametrize(
    ("column", "held"),
    [
        (Column("name", "名称", "Name", required=True), "  "),
        (Column("name", "名称", "Name", longest=3), "abcd"),
        (Column("name", "名称", "Name"), "a\0b"),
        (Column("n", "户数", "Households", "whole"), 1.5),
        (Column("n", "户数", "Households", "whole"), "many"),
        (Column("n", "户数", "Households", "whole"), "nan"),
        (DAY, "2026-02-30"),
        (DAY, "soon"),
        (DAY, "0026-01-01"),
        (MOMENT, "2026-09-03 25:00"),
        (STATE, "perhaps"),
    ],
)
def test_what_a_cell_cannot_mean_is_told_in_two_languages(column: Column, held: object) -> None:
    with pytest.raises(CellFault) as told:
        value_of(column, held, SHANGHAI)

    assert told.value.detail
    assert any("一" <= letter <= "鿿" for letter in told.value.detail_zh)


@pytest.mark.parametrize("title", ["小区", " 小 区 ", "小区*", "Community", "community_name"])
def test_a_column_is_known_by_its_name_and_both_titles(title: str) -> None:
    column = Column("community_name", "小区", "Community")

    assert column_of([column], title) is column


@given(st.one_of(st.text(), st.floats(), st.integers(), st.dates(), st.datetimes(), st.booleans()))
def test_any_cell_is_a_value_or_a_fault_and_nothing_else(held: object) -> None:
    for column in (DAY, MOMENT, STATE, Column("n", "数", "N", "whole"), Column("t", "文", "T")):
        with suppress(CellFault):
            value_of(column, held, SHANGHAI)
    assert isinstance(written(held), str)
