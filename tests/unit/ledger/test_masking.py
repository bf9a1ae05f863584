"""Nobody can be told from what is kept of who did it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.ledger.masking import masked

COVERED = [
    ("张三", "张某"),
    ("王小明", "王某某"),
    ("欧阳小明", "欧某某"),
    ("13812345678", "138****5678"),
    ("张三 13812345678", "张某 138****5678"),
    ("鲁H12345", "鲁H1***5"),
    ("车主（张三）", "车某（张某）"),
    ("370831199001011234", "37***4"),
    ("张某", "张某"),
    ("某物业服务有限公司", "某物业服务有限公司"),
    ("幸福物业", "幸福物业"),
    ("  ", ""),
]


@pytest.mark.parametrize(("told", "kept"), COVERED)
def test_persons_and_their_numbers_are_covered(told: str, kept: str) -> None:
    assert masked(told) == kept


@given(st.from_regex(r"1[3-9]\d{9}", fullmatch=True), st.text(max_size=50))
def test_no_telephone_number_ever_stays(number: str, words: str) -> None:
    assert number not in masked(f"{words} {number} {words}")


@given(st.text(max_size=300))
def test_what_is_kept_is_short_and_covering_twice_changes_nothing_for_the_column(words: str) -> None:
    assert len(masked(words)) <= 100
