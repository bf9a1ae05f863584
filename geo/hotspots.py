"""Where violations cluster more than chance would let them: local and global spatial statistics.

Everything takes values of n places and who lies beside whom; nothing knows of maps or databases.
Weights are binary. A place where the score is undefined (all others are its neighbours) scores nan.
"""

from __future__ import annotations

from math import erfc, sqrt

import numpy as np
from numpy.typing import NDArray

from geo.errors import GeoError
from geo.neighbours import Neighbours
from geo.vertices import Floats

Classes = NDArray[np.int8]

FALSE_DISCOVERY = (0.10, 0.05, 0.01)


class Constant(GeoError):
    """All places have the same value, so nothing can stand out."""

    def __init__(self) -> None:
        super().__init__(
            "All places have the same value, so no hot spot can be told. Choose a longer period.",
            "各处数值完全相同，无法判断热点。请选择更长的时间段。",
        )


def getis_ord_star(values: Floats, neighbours: Neighbours) -> Floats:
    """Return the Gi* z-score of every place, itself included in its neighbourhood.

    Args:
        values: (n,) zeros included.
        neighbours: of n places.

    Raises:
        Constant: all values are equal.

    Source: Ord and Getis 1995, Geographical Analysis 27, eq. 14 with w_ii = 1.
    """
    n, mean, spread = len(values), values.mean(), _spread(values)
    weight = neighbours.counts + 1.0
    around = neighbours.sums(values) + values
    with np.errstate(divide="ignore", invalid="ignore"):
        score: Floats = (around - mean * weight) / (spread * np.sqrt((n * weight - weight**2) / (n - 1)))
    return np.where(weight < n, score, np.nan)


def getis_ord(values: Floats, neighbours: Neighbours) -> Floats:
    """Return the Gi z-score of every place, itself left out of its neighbourhood and of the mean.

    Raises:
        Constant: all values are equal.

    Source: Ord and Getis 1995, eq. 14.
    """
    _spread(values)
    n, weight = len(values), neighbours.counts.astype(np.float64)
    others = n - 1
    mean = (values.sum() - values) / others
    variance = ((values**2).sum() - values**2) / others - mean**2
    with np.errstate(divide="ignore", invalid="ignore"):
        score: Floats = (neighbours.sums(values) - mean * weight) / np.sqrt(
            variance * (others * weight - weight**2) / (others - 1)
        )
    return np.where((weight > 0) & (weight < others), score, np.nan)


def moran(values: Floats, neighbours: Neighbours) -> float:
    """Return Moran's I with row-standardised weights; a place without neighbours counts as lag 0.

    Raises:
        Constant: all values are equal.

    Source: Cliff and Ord 1981, Spatial Processes, eq. 1.44.
    """
    z = values - values.mean()
    _spread(values)
    connected = int((neighbours.counts > 0).sum())
    return float(len(values) / connected * (z * _lag(z, neighbours)).sum() / (z**2).sum())


def local_moran(values: Floats, neighbours: Neighbours) -> Floats:
    """Return the local Moran's I of every place with row-standardised weights.

    Raises:
        Constant: all values are equal.

    Source: Anselin 1995, Geographical Analysis 27, eq. 12, scaled by n − 1 as esda does.
    """
    z = values - values.mean()
    _spread(values)
    found: Floats = (len(values) - 1) * z * _lag(z, neighbours) / (z**2).sum()
    return found


def geary(values: Floats, neighbours: Neighbours) -> float:
    """Return Geary's C with row-standardised weights: below 1 where neighbours are alike.

    Raises:
        Constant: all values are equal.

    Source: Geary 1954; Cliff and Ord 1981, eq. 1.45.
    """
    _spread(values)
    counts = neighbours.counts
    owners = np.repeat(np.arange(len(values)), counts)
    apart = (values[owners] - values[neighbours.others]) ** 2 / counts[owners]
    connected = int((counts > 0).sum())
    return float((len(values) - 1) * apart.sum() / (2 * connected * ((values - values.mean()) ** 2).sum()))


def two_sided(scores: Floats) -> Floats:
    """Return the two-sided normal probability of each z-score; nan stays nan."""
    return np.array([erfc(abs(score) / sqrt(2)) for score in scores.tolist()])


def classes(scores: Floats) -> Classes:
    """Return −3…3 for each place: cold or hot at a false discovery rate of 1 %, 5 %, 10 %; 0 for neither.

    Source: Benjamini and Hochberg 1995; Caldas de Castro and Singer 2006 for local statistics.
    """
    chance = np.where(np.isnan(scores), 1.0, two_sided(scores))
    found = np.zeros(len(scores), dtype=np.int8)
    for level, rate in enumerate(FALSE_DISCOVERY, start=1):
        found[chance <= _threshold(chance, rate)] = level
    return np.where(np.nan_to_num(scores) < 0, -found, found).astype(np.int8)


def _threshold(chance: Floats, rate: float) -> float:
    """Return the largest probability that still counts as a discovery; below zero when none does."""
    ordered = np.sort(chance)
    passed = np.flatnonzero(ordered <= rate * np.arange(1, len(ordered) + 1) / len(ordered))
    return float(ordered[passed[-1]]) if len(passed) else -1.0


def _lag(z: Floats, neighbours: Neighbours) -> Floats:
    return neighbours.sums(z) / np.maximum(neighbours.counts, 1)


def _spread(values: Floats) -> float:
    """Return the standard deviation over n."""
    spread = float(values.std()) if len(values) else 0.0
    if len(values) < 2 or values.min() == values.max():
        raise Constant
    return spread
