"""Who walks what after cells changed."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count, pairwise
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from server.cells.rules import Held, follow, joined

DAY = date(2026, 11, 20)
LI, WANG = UUID(int=1), UUID(int=2)
_ids = count(100)


def an_id() -> UUID:
    return UUID(int=next(_ids))


def held(who: UUID, code: str, starts: int = -30, ends: int | None = None) -> Held:
    """An assignment from a day to another, both counted from the day of the change."""
    last = None if ends is None else DAY + timedelta(days=ends)
    return Held(an_id(), who, code, DAY + timedelta(days=starts), last)


def test_who_walked_a_split_cell_walks_all_that_came_of_it() -> None:
    one = held(LI, "a")

    moves = follow([one], {"a": ["b", "c"]}, DAY, an_id)

    assert (moves.ended, moves.gone) == ((one,), ())
    assert [(made.user_id, made.code, made.valid_from, made.valid_to) for made in moves.made] == [
        (LI, "b", DAY, None),
        (LI, "c", DAY, None),
    ]


def test_who_walked_both_merged_cells_walks_the_new_one_once_and_as_long() -> None:
    moves = follow(
        [held(LI, "a", ends=5), held(LI, "b"), held(WANG, "b")], {"a": ["c"], "b": ["c"]}, DAY, an_id
    )

    assert [(made.user_id, made.valid_to) for made in moves.made] == [(LI, None), (WANG, None)]


def test_what_was_to_begin_later_begins_later_on_what_came_of_the_cell() -> None:
    later = held(LI, "a", starts=10, ends=20)

    moves = follow([later], {"a": ["b"]}, DAY, an_id)

    assert (moves.ended, moves.gone) == ((), (later,))
    assert [(made.valid_from, made.valid_to) for made in moves.made] == [(later.valid_from, later.valid_to)]


spans = st.lists(
    st.tuples(st.integers(0, 30), st.none() | st.integers(1, 10)).map(
        lambda given: (
            DAY + timedelta(days=given[0]),
            None if given[1] is None else DAY + timedelta(days=given[0] + given[1]),
        )
    ),
    min_size=1,
    max_size=6,
)


@given(spans)
def test_joined_spans_hold_the_same_days_and_never_touch(given_spans: list[tuple[date, date | None]]) -> None:
    def days(found: list[tuple[date, date | None]]) -> set[int]:
        return {
            n
            for n in range(60)
            for starts, ends in found
            if starts <= DAY + timedelta(days=n) and (ends is None or DAY + timedelta(days=n) < ends)
        }

    whole = joined(given_spans)

    assert days(whole) == days(given_spans)
    for (_, ends), (starts, _) in pairwise(whole):
        assert ends is not None
        assert ends < starts
