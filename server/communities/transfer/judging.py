"""What each row of a file would do: make a record, change one, or nothing; and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import uuid6
from geoalchemy2.shape import from_shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geo.datum import Datum, geometry_to_wgs84
from geo.mending import Note, mended
from geo.tables import SRID
from server.communities.transfer import queries
from server.communities.transfer.kinds import Kind, Standing
from server.communities.transfer.matching import Matching, same_place
from server.communities.transfer.names import Names
from server.sheets.rows import CheckedRow


@dataclass(frozen=True, slots=True)
class Deed:
    """What one row does.

    Attributes:
        key: of the record.
        values: the columns to store, all of a new record or those that change.
        moved: whether the record is new or lies elsewhere than before.
        notes: what was mended of its geometry.
        around: the ground on which it should lie by what the row says, or by what stands of it.
    """

    row: CheckedRow
    what: Literal["created", "changed", "unchanged", "repeated"]
    key: str
    values: Mapping[str, Any]
    geometry: BaseGeometry
    moved: bool
    notes: tuple[Note, ...]
    around: BaseGeometry | None = None


class Judge:
    """Judges rows of one layer against what stands."""

    def __init__(self, session: Session, kind: Kind, day: date, now: datetime) -> None:
        self._kind, self._day, self._now = kind, day, now
        self._names = Names(session, day)
        self._matching = Matching(kind, standing(session, kind, day, self._names))
        self._check = kind.checks(session, day)

    def deed(
        self, row: CheckedRow, given: BaseGeometry | None, datum: Datum, *, turned_is_usual: bool
    ) -> Deed | None:
        """Return what a row does; None with the faults noted in the row.

        Args:
            given: its geometry in degrees upon `datum`.
        """
        moved = geometry_to_wgs84(given, datum) if given is not None else None
        made = mended(moved, self._kind.shape, turned_is_usual=turned_is_usual)
        if made.fault is not None or made.geometry is None:
            fault = made.fault or Note("has no geometry", "没有几何数据")
            row.wrong("", fault.detail, fault.detail_zh)
            return None
        belonging = self._names.belonging(self._kind, row, made.geometry)
        names = {**row.values, **self._named(belonging)}
        stands = self._matching.standing(row, names, made.geometry)
        earlier = self._matching.first_row(row, stands, names, made.geometry)
        if earlier is not None and not self._matching.is_named(row, names):
            return Deed(row, "repeated", "", {}, made.geometry, False, made.notes)
        if earlier is not None:
            row.wrong(
                self._kind.key, f"means the same record as row {earlier}", f"与第 {earlier} 行是同一记录"
            )
        self._check(row, made.geometry, stands)
        deed = self._deed(row, stands, belonging, made.geometry, made.notes)
        return None if row.faults else replace(deed, around=self._around(row, stands, belonging))

    def _around(
        self, row: CheckedRow, stands: Standing | None, belonging: Mapping[str, Any]
    ) -> BaseGeometry | None:
        home = self._names.home_said(row, belonging.get("community_id"))
        return stands.geometry if home is None and stands is not None else home

    def _deed(
        self,
        row: CheckedRow,
        stands: Standing | None,
        belonging: Mapping[str, Any],
        geometry: BaseGeometry,
        notes: tuple[Note, ...],
    ) -> Deed:
        facts = {one.name: row.values[one.name] for one in self._kind.facts if one.name in row.values}
        if stands is None:
            return self._making(row, {**facts, **belonging}, geometry, notes)
        differs = {name: value for name, value in facts.items() if stands.values.get(name) != value}
        # Only a row that says so takes a record to another community; by its position alone it stays.
        said = {f"{name}_id" for name in ("community", "building") if self._says(row, name)}
        for name in said & belonging.keys():
            if stands.values.get(name) != str(belonging[name]):
                differs[name] = belonging[name]
        moved = not same_place(stands.geometry, geometry)
        if moved:
            differs |= {"geom": from_shape(geometry, SRID), **self._kind.drawn_as}
        what: Literal["changed", "unchanged"] = "changed" if differs else "unchanged"
        return Deed(row, what, stands.key, differs, geometry, moved, notes)

    def _making(
        self, row: CheckedRow, told: Mapping[str, Any], geometry: BaseGeometry, notes: tuple[Note, ...]
    ) -> Deed:
        titles = {one.name: one.zh for one in self._kind.facts}
        for name in self._kind.needed:
            if name not in told:
                zh = f"新记录须填写{titles.get(name, name)}"
                row.wrong(name, f"{name} is needed for a new record", zh)
        if not self._kind.makes and not row.faults:
            row.wrong(self._kind.key, "stands for no record here", "没有对应的记录")
        key = row.values.get(self._kind.key) or str(UUID(int=uuid6.uuid7().int))
        stored = key if self._kind.has_code or row.faults else UUID(key)
        values = {
            **self._kind.defaults,
            **self._kind.stamp(self._day, self._now),
            **told,
            self._kind.key: stored,
            "geom": from_shape(geometry, SRID),
        }
        return Deed(row, "created", str(stored), values, geometry, True, notes)

    @staticmethod
    def _says(row: CheckedRow, name: str) -> bool:
        return bool({name, f"{name}_id"} & row.values.keys())

    @staticmethod
    def _named(belonging: Mapping[str, Any]) -> dict[str, Any]:
        """Return the ids by which records are told apart, of what a row belongs to."""
        return {name: str(value) if value else None for name, value in belonging.items()}


def standing(session: Session, kind: Kind, day: date, names: Names) -> list[Standing]:
    """Return the records of a layer that hold on a day, as files tell them."""
    return [
        Standing(
            str(getattr(record, kind.key)),
            {
                kind.key: str(getattr(record, kind.key)),
                **names.told_of(kind, record),
                **{one.name: getattr(record, one.name) for one in kind.facts},
            },
            geometry,
        )
        for record, geometry in queries.records(session, kind, day)
    ]
