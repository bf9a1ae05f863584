"""A layer as files carry it: its columns, what tells its records apart, and what follows a change."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import DeclarativeBase, Session

from geo.layers import Layer
from geo.mending import Shape
from server.sheets.columns import Column
from server.sheets.rows import CheckedRow

Belongs = Literal["nothing", "community", "building"]
Known = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """A record as it stands: values by column as files tell them, its geometry in WGS 84."""

    key: str
    values: Mapping[str, Any]
    geometry: BaseGeometry | None


Check = Callable[[CheckedRow, BaseGeometry, Standing | None], None]
"""Notes faults of a row that is to become a record, or to change the one that stands."""


def nothing_more(row: CheckedRow, geometry: BaseGeometry, standing: Standing | None) -> None:
    """Find no fault."""


def checks_nothing(session: Session, day: date) -> Check:
    """Return a check for layers whose columns say it all."""
    return nothing_more


def nobody_is_told(session: Session, made: Sequence[str], moved: Sequence[str]) -> None:
    """Tell nobody: no tablet carries such records."""


def since_today(day: date, now: datetime) -> Known:
    """Return what a new record holds that has a validity and a version."""
    return {"origin": "imported", "version": 1, "valid_from": day}


@dataclass(frozen=True, slots=True)
class Kind:
    """A layer that files carry.

    Attributes:
        layer: where it is drawn; its name is that of the file's layer, too.
        key: the column of ids or codes.
        facts: the columns that are stored as they are told.
        belongs: to what a record belongs: named by id or name, or found by its position.
        alone: whether a record may stand in no community.
        named_by: the columns that tell records apart where no key is told; without a name the geometry does.
        needed: the facts without which no new record can be made.
        defaults: what new records hold where nothing is told.
        bounds: the least and the greatest value of numbers.
        stamp: what else new records hold.
        makes: whether a file may make new records.
        drawn_as: what is stored beside an outline that was changed.
        checks: makes the check of rows beyond their columns.
        follow: called with the keys of all changed records and of those that were made or moved.
    """

    layer: Layer
    shape: Shape
    table: type[DeclarativeBase]
    key: str
    facts: tuple[Column, ...]
    belongs: Belongs = "nothing"
    named_by: tuple[str, ...] = ()
    alone: bool = True
    needed: tuple[str, ...] = ()
    defaults: Mapping[str, Any] = field(default_factory=dict)
    bounds: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    stamp: Callable[[date, datetime], Known] = since_today
    makes: bool = True
    drawn_as: Mapping[str, Any] = field(default_factory=dict)
    checks: Callable[[Session, date], Check] = checks_nothing
    follow: Callable[[Session, Sequence[str], Sequence[str]], None] = nobody_is_told

    @property
    def name(self) -> str:
        """The name of the layer."""
        return self.layer.name

    @property
    def has_code(self) -> bool:
        """Whether records are told apart by an official code, which no file can leave out."""
        return self.key == "code"

    @property
    def columns(self) -> tuple[Column, ...]:
        """Every column that a file may have."""
        key = Column(self.key, "编码" if self.has_code else "标识", self.key, "code", required=self.has_code)
        return (key, *(one for one in _BELONGS[self.belongs] if one.name != self.key), *self.facts)


_COMMUNITY = (
    Column("community_id", "小区标识", "Community id", "code"),
    Column("community", "小区", "Community"),
)
_BELONGS: Mapping[Belongs, tuple[Column, ...]] = {
    "nothing": (),
    "community": _COMMUNITY,
    "building": (
        Column("building_id", "楼栋标识", "Building id", "code"),
        Column("building", "楼栋", "Building"),
        *_COMMUNITY,
    ),
}
