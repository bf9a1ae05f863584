"""The compounds: blocks of one to four squares of the street net, set back from the streets."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from random import Random

import shapely
from shapely.geometry import Polygon

from geo.demo_county.model import CommunityKind
from geo.demo_county.streets import Square, Streets

# Half a street with its pavement.
SETBACK_M = 8.0
# Height and width of a block in squares; single squares are the most frequent.
SHAPES = ((1, 1), (1, 1), (1, 1), (1, 2), (2, 1), (2, 2))
KINDS: tuple[CommunityKind, ...] = ("commodity", "commodity", "commodity", "old_estate", "work_unit_compound")


@dataclass(frozen=True)
class Compound:
    """A compound before it has a name: the squares it reaches over and its outline in metres."""

    neighbourhood_code: str
    number: int
    squares: tuple[Square, ...]
    outline: Polygon
    kind: CommunityKind
    built_year: int


def share_of(total: int, room: Sequence[int]) -> list[int]:
    """Return whole numbers in proportion to `room` that sum to `total`, by largest remainders."""
    exact = [total * part / sum(room) for part in room]
    shares = [int(part) for part in exact]
    by_remainder = sorted(range(len(room)), key=lambda i: (shares[i] - exact[i], i))
    for i in by_remainder[: total - sum(shares)]:
        shares[i] += 1
    return shares


def place_compounds(
    random: Random, streets: Streets, neighbourhood_code: str, squares: Collection[Square], count: int
) -> Iterator[Compound]:
    """Yield `count` compounds on free squares of one neighbourhood, no two on the same square.

    Raises:
        ValueError: fewer squares than compounds.
    """
    free = set(squares)
    if count > len(free):
        raise ValueError(f"{count} communities do not fit on the {len(free)} cells of {neighbourhood_code}")
    for number in range(1, count + 1):
        block = _free_block(random, free, spare=len(free) - (count - number))
        free -= set(block)
        kind = random.choice(KINDS)
        yield Compound(
            neighbourhood_code, number, block, _outline(streets, block), kind, _built_year(random, kind)
        )


def _free_block(random: Random, free: set[Square], spare: int) -> tuple[Square, ...]:
    row, column = random.choice(sorted(free))
    height, width = random.choice(SHAPES)
    block = tuple((row + down, column + along) for down in range(height) for along in range(width))
    return block if len(block) <= spare and free.issuperset(block) else ((row, column),)


def _outline(streets: Streets, block: tuple[Square, ...]) -> Polygon:
    whole = shapely.coverage_union_all([streets.square(square) for square in block])
    inset = whole.buffer(-SETBACK_M, join_style="mitre")
    if not isinstance(inset, Polygon):
        raise ValueError("a compound's squares must touch one another")
    return inset


def _built_year(random: Random, kind: CommunityKind) -> int:
    first, last = {"commodity": (2003, 2024), "old_estate": (1986, 2002), "work_unit_compound": (1980, 1999)}[
        kind
    ]
    return random.randint(first, last)
