"""Pages of a layer that a process holds whole: each is a slice of one long text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_BYTES_A_KEY = 180


@dataclass(frozen=True, slots=True)
class WholeLayer:
    """n features in the order of their keys.

    Attributes:
        places: which of them a key is.
        keys: (n,) theirs.
        ends: (n + 1,) where a feature and the comma behind it end in `features`, 0 first.
        features: GeoJSON texts with commas between, UTF-8.
    """

    places: Mapping[str, int]
    keys: Sequence[str]
    ends: NDArray[np.int64]
    features: bytes

    @property
    def size(self) -> int:
        """Return about how many bytes of memory these take."""
        return len(self.features) + (_BYTES_A_KEY + 8) * len(self.keys)

    def page(self, after: str | None, limit: int) -> Slice | None:
        """Return up to `limit` features after the one of this key; None where there is none of this key."""
        first = 0 if after is None else self.places.get(after, -1) + 1
        if after is not None and not first:
            return None
        last = min(first + limit, len(self.keys))
        text = self.features[self.ends[first] : self.ends[last]]
        more = last < len(self.keys)
        return Slice(text.removesuffix(b","), last - first, self.keys[last - 1] if more else None)


@dataclass(frozen=True, slots=True)
class Slice:
    """A page; `last_key` is that of its last feature where others follow."""

    features: bytes
    shown: int
    last_key: str | None


def whole_layer(keys: Sequence[str], sizes: Sequence[int], features: bytes) -> WholeLayer:
    """Return features whose texts have so many bytes each, with a comma between any two."""
    ends = np.concatenate([[0], np.cumsum(np.asarray(sizes, dtype=np.int64) + 1)])
    return WholeLayer({key: place for place, key in enumerate(keys)}, keys, ends, features)
