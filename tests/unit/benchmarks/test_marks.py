import pytest

from tests.benchmarks.marks import MARKS, Mark, Row


@pytest.mark.parametrize(
    ("better", "value", "reached", "times"),
    [("more", 200.0, True, 4.0), ("more", 199.0, False, 3.98), ("less", 10.0, True, 5.0)],
)
def test_a_row_tells_whether_its_median_reaches_the_mark(
    better: str, value: float, reached: bool, times: float
) -> None:
    mark = Mark("x", "s", "more" if better == "more" else "less", "peer", 50, 200)

    row = Row("x", mark, [value, 1.0, 1e9])

    assert row.reached is reached
    assert row.times_better == pytest.approx(times)


def test_a_row_without_a_mark_is_neither_reached_nor_missed() -> None:
    assert Row("x", Mark("x", "s"), [1.0]).reached is None


def test_a_peers_figure_stands_in_words_where_it_stands_in_numbers() -> None:
    assert all(mark.peer for mark in MARKS.values() if mark.peer_value is not None)
