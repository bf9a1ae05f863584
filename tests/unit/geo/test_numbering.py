"""Numbers of cells: rows from north to south, in each row from west to east."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import affinity
from shapely.geometry import Polygon, box

from geo.errors import TooManyCells
from geo.numbering import cell_codes, cell_numbers


def lattice(rows: int, columns: int) -> list[Polygon]:
    """Unit squares in reading order: the first is the north-western one."""
    return [box(column, -row - 1, column + 1, -row) for row in range(rows) for column in range(columns)]


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (1, 7), (7, 1), (5, 5), (3, 8)])
def test_a_lattice_is_numbered_in_reading_order(rows: int, columns: int) -> None:
    assert cell_numbers(lattice(rows, columns)) == list(range(1, rows * columns + 1))


@pytest.mark.parametrize(
    ("given_cells", "numbers"),
    [
        pytest.param([box(0, 0, 1, 1), box(0, 1, 1, 2)], [2, 1], id="south and north"),
        pytest.param([box(1, 0, 2, 1), box(0, 0, 1, 1)], [2, 1], id="east and west"),
        pytest.param(
            [box(0, 0, 1, 1), box(5, 0.3, 6, 1.3)], [1, 2], id="one row, the eastern a little north"
        ),
        pytest.param([box(0, 0, 1, 1), box(5, 0.6, 6, 1.6)], [2, 1], id="more than half a height: two rows"),
        pytest.param(
            [box(1, 0, 2, 2), box(0, 1, 1, 2), box(0, 0, 1, 1)], [2, 1, 3], id="a high cell by two low"
        ),
        pytest.param([], [], id="no cell"),
    ],
)
def test_rows_are_told_by_centroids(given_cells: list[Polygon], numbers: list[int]) -> None:
    assert cell_numbers(given_cells) == numbers


@given(st.permutations(lattice(4, 5)))
def test_numbers_do_not_depend_on_the_order_given(shuffled: list[Polygon]) -> None:
    by_number = [cell for _, cell in sorted(zip(cell_numbers(shuffled), shuffled, strict=True))]

    assert by_number == lattice(4, 5)


@given(st.floats(-4, 4), st.floats(0.001, 1000), st.floats(-180, 180))
def test_streets_a_few_degrees_off_north_number_alike(degrees: float, scale: float, shift: float) -> None:
    turned = [affinity.rotate(cell, degrees, origin=(0, 0)) for cell in lattice(5, 5)]
    moved = [affinity.translate(affinity.scale(cell, scale, scale, origin=(0, 0)), shift) for cell in turned]

    assert cell_numbers(moved) == list(range(1, 26))


@given(
    st.lists(
        st.builds(
            lambda x, y, w, h: box(x, y, x + w, y + h), *[st.integers(0, 50)] * 2, *[st.integers(1, 9)] * 2
        )
    )
)
def test_every_number_is_given_once(cells: list[Polygon]) -> None:
    assert sorted(cell_numbers(cells)) == list(range(1, len(cells) + 1))


def test_codes_are_the_neighbourhoods_digits_and_three_more() -> None:
    assert cell_codes("370831001003", lattice(1, 2)) == ["370831001003001", "370831001003002"]


def test_a_thousand_cells_cannot_be_numbered() -> None:
    assert cell_codes("370831001003", lattice(27, 37))[-1] == "370831001003999"
    with pytest.raises(TooManyCells) as caught:
        cell_codes("370831001003", lattice(25, 40))
    assert caught.value.extra["maximum"] == 999
