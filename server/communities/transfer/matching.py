"""Which record a row means: by its key, by its names, or by where it lies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from server.communities.transfer.kinds import Kind, Standing
from server.sheets.columns import plain
from server.sheets.rows import CheckedRow

# Degrees, a tenth of a millimetre: more than any file format rounds away.
SAME = 1e-9


def same_place(one: BaseGeometry | None, other: BaseGeometry | None) -> bool:
    """Return whether two geometries are the same but for rounding, wherever their rings begin."""
    if one is None or other is None:
        return one is other
    if one.geom_type != other.geom_type or not np.allclose(one.bounds, other.bounds, rtol=0, atol=SAME):
        return False
    if shapely.get_num_coordinates(one) != shapely.get_num_coordinates(other):
        return False
    return bool(shapely.hausdorff_distance(one, other) <= 2 * SAME)


class Matching:
    """The records of a layer as rows may mean them."""

    def __init__(self, kind: Kind, standing: Sequence[Standing]) -> None:
        self._kind = kind
        self._by_key = {one.key: one for one in standing}
        self._by_name: dict[tuple[str, ...], list[Standing]] = {}
        for one in standing:
            named = self._named(one.values)
            if named is not None:
                self._by_name.setdefault(named, []).append(one)
        self._drawn = [one for one in standing if one.geometry is not None]
        self._tree = shapely.STRtree(np.asarray([one.geometry for one in self._drawn], dtype=object))
        self._taken: dict[object, int] = {}

    def standing(self, row: CheckedRow, names: Mapping[str, Any], geometry: BaseGeometry) -> Standing | None:
        """Return the record that a row means, None for a new one; a key that cannot be is a fault.

        Args:
            names: the row's values with the names of what it belongs to.
        """
        key = row.values.get(self._kind.key)
        if key is not None:
            return self._by_key.get(key if self._kind.has_code else self._id(row, key))
        named = self._named(names)
        if named is None:
            return self._lying_at(geometry)
        found = self._by_name.get(named, [])
        if len(found) > 1:
            row.wrong(
                self._kind.named_by[-1], "is the name of several: give the id", "有多个同名，请填写标识"
            )
        return found[0] if found else None

    def first_row(
        self, row: CheckedRow, standing: Standing | None, names: Mapping[str, Any], geometry: BaseGeometry
    ) -> int | None:
        """Return the earlier row that means the same record, None for the first one."""
        told = standing.key if standing else row.values.get(self._kind.key) or self._named(names)
        mark = told or shapely.to_wkb(shapely.transform(geometry, lambda xy: xy.round(9)).normalize())
        earlier = self._taken.setdefault(mark, row.row)
        return None if earlier == row.row else earlier

    def is_named(self, row: CheckedRow, names: Mapping[str, Any]) -> bool:
        """Return whether a row is told apart by more than where it lies."""
        return row.values.get(self._kind.key) is not None or self._named(names) is not None

    def _named(self, values: Mapping[str, Any]) -> tuple[str, ...] | None:
        told = [values.get(name) for name in self._kind.named_by]
        return tuple(plain(str(one)) for one in told) if told and all(told) else None

    def _lying_at(self, geometry: BaseGeometry) -> Standing | None:
        near = [self._drawn[int(at)] for at in sorted(self._tree.query(geometry))]
        return next((one for one in near if same_place(one.geometry, geometry)), None)

    def _id(self, row: CheckedRow, key: str) -> str:
        try:
            return str(UUID(key))
        except ValueError:
            row.wrong(self._kind.key, "is no id; leave it empty for a new record", "不是标识，新记录请留空")
            return ""
