"""To what a row belongs: the community or building that it names, or that its position lies in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from server.communities.transfer import queries
from server.communities.transfer.kinds import Kind
from server.sheets.columns import plain
from server.sheets.rows import CheckedRow


class _Places:
    """Things with an id, a name and an outline."""

    def __init__(self, rows: Sequence[tuple[UUID, str, BaseGeometry]]) -> None:
        self.names = {key: name for key, name, _ in rows}
        self.outlines = {key: outline for key, _, outline in rows}
        self._ids = [key for key, _, _ in rows]
        self._by_name: dict[str, list[UUID]] = {}
        for key, name, _ in rows:
            self._by_name.setdefault(plain(name), []).append(key)
        self._tree = shapely.STRtree(np.asarray([outline for _, _, outline in rows], dtype=object))

    def named(self, name: str) -> list[UUID]:
        return self._by_name.get(plain(name), [])

    def holding(self, geometry: BaseGeometry) -> list[UUID]:
        """Return what holds the inner point of a geometry, by id."""
        found = self._tree.query(shapely.point_on_surface(geometry), predicate="intersects")
        return sorted(self._ids[int(at)] for at in found)


class Names:
    """Communities and buildings as they stand."""

    def __init__(self, session: Session, day: date) -> None:
        homes = queries.communities(session, day)
        houses = queries.buildings(session)
        self._homes = _Places([(key, name, outline) for key, name, _, outline in homes])
        self._houses = _Places([(key, name, outline) for key, name, _, outline in houses])
        self._home_of = {key: home for key, _, home, _ in houses}

    def told_of(self, kind: Kind, record: Any) -> dict[str, Any]:
        """Return the columns that say to what a record belongs."""
        if kind.belongs == "nothing":
            return {}
        told: dict[str, Any] = {}
        home = getattr(record, "community_id", None)
        if kind.belongs == "building":
            told = {
                "building_id": str(record.building_id),
                "building": self._houses.names[record.building_id],
            }
            home = self._home_of[record.building_id]
        name = self._homes.names.get(home) if home else None
        return {**told, "community_id": str(home) if home else None, "community": name}

    def belonging(self, kind: Kind, row: CheckedRow, geometry: BaseGeometry) -> Mapping[str, Any]:
        """Return the columns to store that say to what a row belongs; faults are noted in the row."""
        if kind.belongs == "nothing":
            return {}
        home = self._community(row, geometry)
        if kind.belongs == "community":
            if home is None and not kind.alone and kind.key not in row.values:
                self._needed(row, "community", "小区")
            return {"community_id": home}
        house = self._building(row, geometry, home)
        if house is None and kind.key not in row.values:
            self._needed(row, "building", "楼栋")
        return {"building_id": house}

    def home_said(self, row: CheckedRow, home: UUID | None) -> BaseGeometry | None:
        """Return the outline of its community if the row itself says which that is."""
        says = {"community", "community_id"} & row.values.keys()
        return self._homes.outlines.get(home) if says and home is not None else None

    def _community(self, row: CheckedRow, geometry: BaseGeometry) -> UUID | None:
        told = row.values.get("community_id")
        if told is not None:
            return self._by_id(row, "community_id", told, self._homes)
        name = row.values.get("community")
        around = self._homes.holding(geometry)
        if name is None:
            return around[0] if around else None
        return self._chosen(row, "community", self._homes.named(name), around)

    def _building(self, row: CheckedRow, geometry: BaseGeometry, home: UUID | None) -> UUID | None:
        told = row.values.get("building_id")
        if told is not None:
            return self._by_id(row, "building_id", told, self._houses)
        name = row.values.get("building")
        around = self._houses.holding(geometry)
        if name is None:
            return around[0] if around else None
        named = self._houses.named(name)
        within = [house for house in named if home is None or self._home_of[house] == home]
        return self._chosen(row, "building", within, around)

    @staticmethod
    def _by_id(row: CheckedRow, name: str, told: str, known: _Places) -> UUID | None:
        try:
            found = UUID(told)
        except ValueError:
            found = None
        if found is None or found not in known.names:
            row.wrong(name, "is not known here", "没有这个标识")
            return None
        return found

    @staticmethod
    def _chosen(row: CheckedRow, name: str, named: Sequence[UUID], around: Sequence[UUID]) -> UUID | None:
        """Return the one that is named; of several of one name the one around the position."""
        fitting = named if len(named) == 1 else [one for one in named if one in around]
        if len(fitting) == 1:
            return fitting[0]
        if named:
            row.wrong(name, "is the name of several: give the id", "有多个同名，请填写标识")
        else:
            row.wrong(name, "is not known here", "没有这个名称")
        return None

    @staticmethod
    def _needed(row: CheckedRow, name: str, zh: str) -> None:
        if not row.faults:
            row.wrong(
                name, f"is needed: the position lies in no known {name}", f"须填写{zh}：点位不在任何{zh}内"
            )
