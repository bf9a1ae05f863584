"""Walking distances: what tiles find is what the whole network says."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.siting import network
from geo.siting.network import Footways, join, walks
from geo.siting.values import Floats


def a_street_grid(side: int, step_m: float, seed: int = 0, lost: float = 0.15) -> Footways:
    """A grid of streets with some missing."""
    random = np.random.default_rng(seed)
    at = np.arange(side * side).reshape(side, side)
    xy = np.column_stack([axis.ravel() for axis in np.meshgrid(np.arange(side), np.arange(side))]) * step_m
    ends = np.vstack(
        [
            np.column_stack([at[:, :-1].ravel(), at[:, 1:].ravel()]),
            np.column_stack([at[:-1].ravel(), at[1:].ravel()]),
        ]
    )
    kept = ends[random.random(len(ends)) > lost]
    jitter = random.uniform(-step_m / 5, step_m / 5, xy.shape)
    return Footways(xy + jitter, kept, np.full(len(kept), -1, dtype=np.int64))


def whole(footways: Footways, demand: Floats, sites: Floats, radius_m: float) -> Floats:
    """The same distances by one search over the whole network; inf beyond the radius."""
    joined = join(footways, np.vstack([demand, sites]), 100.0)
    size = len(joined.xy)
    metres = np.maximum(joined.metres, 1e-12)
    graph = csr_array((metres, (joined.ends[:, 0], joined.ends[:, 1])), shape=(size, size))
    found = dijkstra(graph, directed=False, indices=joined.node[: len(demand)])[:, joined.node[len(demand) :]]
    found = found + joined.off_m[: len(demand), None] + joined.off_m[None, len(demand) :]
    return np.where(found <= radius_m, found, np.inf)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("tile_m", [150.0, 400.0, 5000.0])
def test_tiles_with_a_halo_say_what_the_whole_network_says(
    monkeypatch: pytest.MonkeyPatch, seed: int, tile_m: float
) -> None:
    monkeypatch.setattr(network, "TILE_M", tile_m)
    streets, random = a_street_grid(16, 70.0, seed), np.random.default_rng(seed)
    demand, sites = random.uniform(-20, 1100, (90, 2)), random.uniform(-20, 1100, (40, 2))

    found = walks(streets, demand, sites, 300.0)

    table = np.full((90, 40), np.inf)
    table[found.demand, found.candidate] = found.metres
    expected = whole(streets, demand, sites, 300.0)
    assert np.isfinite(expected).sum() > 50
    assert (np.isfinite(table) == np.isfinite(expected)).all()
    assert np.allclose(table[np.isfinite(table)], expected[np.isfinite(table)], rtol=0, atol=1e-6)


def test_a_walk_goes_along_the_footway_and_straight_to_it() -> None:
    street = Footways(np.array([[0.0, 0.0], [100.0, 0.0]]), np.array([[0, 1]]), np.array([-1]))

    found = walks(street, np.array([[10.0, 3.0]]), np.array([[70.0, -4.0]]), 300.0)

    assert found.metres.tolist() == pytest.approx([3 + 60 + 4])


def test_no_walk_is_shorter_than_the_straight_line() -> None:
    streets, random = a_street_grid(12, 60.0), np.random.default_rng(1)
    demand, sites = random.uniform(0, 660, (60, 2)), random.uniform(0, 660, (60, 2))

    found = walks(streets, demand, sites, 300.0)

    straight = np.hypot(*(demand[found.demand] - sites[found.candidate]).T)
    assert (found.metres >= straight - 1e-9).all()


def test_a_gate_that_opens_shortens_the_way() -> None:
    xy = np.array([[0.0, 0.0], [0.0, 200.0], [20.0, 200.0], [20.0, 0.0]])
    ends = np.array([[0, 1], [1, 2], [2, 3], [0, 3]])
    compound = Footways(xy, ends, np.array([-1, -1, -1, 7]))
    home, shed = np.array([[0.0, 0.0]]), np.array([[20.0, 0.0]])

    shut = walks(compound.through(set()), home, shed, 500.0)
    opened = walks(compound.through({7}), home, shed, 500.0)

    assert shut.metres.tolist() == pytest.approx([420.0])
    assert opened.metres.tolist() == pytest.approx([20.0])


def test_what_lies_far_from_every_footway_walks_nowhere() -> None:
    street = Footways(np.array([[0.0, 0.0], [100.0, 0.0]]), np.array([[0, 1]]), np.array([-1]))

    found = walks(street, np.array([[50.0, 500.0], [50.0, 5.0]]), np.array([[60.0, 0.0]]), 900.0)

    assert found.demand.tolist() == [1]


def test_without_footways_there_are_no_walks() -> None:
    none = Footways(np.empty((0, 2)), np.empty((0, 2), np.int64), np.empty(0, np.int64))

    assert len(walks(none, np.zeros((1, 2)), np.zeros((1, 2)), 300.0).metres) == 0
