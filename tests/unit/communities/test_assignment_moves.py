"""What becomes of assignments when cells go to another worker for a while."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from server.communities.assignments.rules import Span, Wanted, moves

ANNA, BO = UUID(int=1), UUID(int=2)
FIRST = date(2026, 1, 1)
CELL = "370831001003001"


def day(n: int) -> date:
    return FIRST + timedelta(days=n)


def a_span(number: int, who: UUID, starts: int, ends: int | None) -> Span:
    return Span(UUID(int=100 + number), who, CELL, day(starts), None if ends is None else day(ends))


def walks(spans: list[Span], who: UUID, on: date) -> bool:
    return any(
        one.user_id == who and one.valid_from <= on and (one.valid_to is None or on < one.valid_to)
        for one in spans
    )


def carried_out(held: list[Span], wanted: Wanted) -> list[Span]:
    done = moves(held, wanted)
    touched = {one.assignment_id for one in (*done.ended, *done.gone)}
    return [one for one in held if one.assignment_id not in touched] + [*done.ended, *done.made]


def test_a_stand_in_gives_the_cell_back_when_the_while_is_over() -> None:
    held = [a_span(1, ANNA, 0, None)]

    after = carried_out(held, Wanted([CELL], BO, day(10), day(20)))

    assert [walks(after, ANNA, day(n)) for n in (9, 10, 19, 20)] == [True, False, False, True]
    assert [walks(after, BO, day(n)) for n in (9, 10, 19, 20)] == [False, True, True, False]


def test_who_walks_the_cell_already_keeps_it_untouched() -> None:
    done = moves([a_span(1, ANNA, 0, None)], Wanted([CELL], ANNA, day(3), None))

    assert (done.ended, done.gone, done.made) == ((), (), ())


def test_a_hand_over_takes_from_one_and_leaves_the_other() -> None:
    held = [a_span(1, ANNA, 0, None), a_span(2, BO, 0, None)]

    after = carried_out(held, Wanted([CELL], None, day(5), None, taken_from=ANNA))

    assert (walks(after, ANNA, day(5)), walks(after, BO, day(5))) == (False, True)


LENGTHS = st.tuples(st.integers(0, 40), st.one_of(st.none(), st.integers(1, 20)))


@given(held=st.tuples(LENGTHS, LENGTHS), wanted=LENGTHS, beside=st.booleans())
def test_within_the_while_the_cell_is_the_workers_and_beyond_it_nothing_changed(
    held: tuple[tuple[int, int | None], ...], wanted: tuple[int, int | None], beside: bool
) -> None:
    spans = [
        a_span(number, who, starts, None if length is None else starts + length)
        for number, (who, (starts, length)) in enumerate(zip((ANNA, BO), held, strict=True))
    ]
    starts, length = wanted
    ends = None if length is None else day(starts + length)

    after = carried_out(spans, Wanted([CELL], BO, day(starts), ends, beside=beside))

    for on in map(day, range(70)):
        within = day(starts) <= on and (ends is None or on < ends)
        assert walks(after, BO, on) == (within or walks(spans, BO, on))
        assert walks(after, ANNA, on) == (walks(spans, ANNA, on) and not (within and not beside))
    for who in (ANNA, BO):
        assert all(sum(walks([one], who, on) for one in after) <= 1 for on in map(day, range(70)))
