"""All SQL about taking in a foreign ledger."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import or_, select, text
from sqlalchemy.orm import Session

from geo.tables import Community, GridCell, Neighbourhood, Subdistrict
from server.auth.tables import Unit
from server.ledger.sheets.judging import Ground, Home, Point
from server.ledger.sheets.planning import Batch
from server.ledger.sheets.tables import ImportedCase, SavedMapping
from server.programme.tables import Category
from server.sheets.columns import plain

_FOLDER = Path(__file__).parent
_TAKE_IN = text((_FOLDER / "take_in.sql").read_text(encoding="utf-8"))
_GROUNDS = text((_FOLDER / "grounds.sql").read_text(encoding="utf-8"))


def store(session: Session, batch: Batch) -> None:
    """Store cases, entries and words in one round trip."""
    session.execute(
        _TAKE_IN,
        {name: _json(getattr(batch, name)) for name in ("cases", "imported", "entries", "private")},
    )


def grounds(
    session: Session, points: Collection[Point], outline: BaseGeometry, day: date
) -> dict[Point, Ground]:
    """Return what lies at each of these points (WGS 84) on a day."""
    wanted = list(points)
    if not wanted:
        return {}
    lons, lats = [lon for lon, _ in wanted], [lat for _, lat in wanted]
    inside = shapely.contains_xy(outline, lons, lats)
    rows = session.execute(_GROUNDS, {"lons": lons, "lats": lats, "day": day})
    return {
        point: Ground(bool(within), row.code, row.community_id)
        for point, within, row in zip(wanted, inside, rows, strict=True)
    }


def homes(session: Session, day: date) -> dict[str, Sequence[Home]]:
    """Return the communities that hold on a day, by the plain form of name and id."""
    rows = session.execute(
        select(Community.community_id, Community.name, Neighbourhood.name_zh, Subdistrict.name_zh)
        .join(Neighbourhood, Neighbourhood.code == Community.neighbourhood_code)
        .join(Subdistrict, Subdistrict.code == Neighbourhood.subdistrict_code)
        .where(Community.valid_from <= day, or_(Community.valid_to.is_(None), Community.valid_to > day))
    )
    found: dict[str, list[Home]] = {}
    for community_id, name, neighbourhood, subdistrict in rows:
        home = Home(community_id, neighbourhood, subdistrict)
        for key in (plain(name), str(community_id)):
            found.setdefault(key, []).append(home)
    return dict(found)


def categories(session: Session) -> dict[str, str]:
    """Return the code of each category by the plain form of its code and labels."""
    rows = session.execute(select(Category.category, Category.label_zh, Category.label_en))
    return {plain(name): row.category for row in rows for name in row}


def units(session: Session) -> dict[str, str]:
    """Return the code of each unit by the plain form of its code and names."""
    rows = session.execute(select(Unit.code, Unit.name_zh, Unit.name_en))
    return {plain(name): row.code for row in rows for name in row}


def cells(session: Session) -> frozenset[str]:
    """Return the codes of all grid cells, retired ones too."""
    return frozenset(session.scalars(select(GridCell.code)))


def old_numbers(session: Session, ledger: str) -> set[str]:
    """Return the numbers taken in before from this ledger."""
    wanted = select(ImportedCase.old_number).where(ImportedCase.ledger == ledger)
    return {number for number in session.scalars(wanted) if number is not None}


def saved_mapping(session: Session, name: str) -> SavedMapping | None:
    """Return the mapping saved under a name."""
    return session.get(SavedMapping, name)


def saved_mappings(session: Session) -> list[SavedMapping]:
    """Return all saved mappings by name."""
    return list(session.scalars(select(SavedMapping).order_by(SavedMapping.name)))


def mapping_names(session: Session) -> list[str]:
    """Return the names of all saved mappings."""
    return list(session.scalars(select(SavedMapping.name).order_by(SavedMapping.name)))


def lock_ledger(session: Session, ledger: str) -> None:
    """Let no other import of this ledger run until the transaction ends."""
    session.execute(
        text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": f"ledger_import {ledger}"}
    )


def _json(value: Sequence[Mapping[str, Any]]) -> str:
    return orjson.dumps(value, default=_plain).decode()


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(type(value))
