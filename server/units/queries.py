"""All SQL about units as the county keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from server.auth.tables import Unit
from server.units.rules import MATTERS, PLACED

_REGISTER = text(Path(__file__).with_name("register.sql").read_text(encoding="utf-8"))
_RESPONSIBLE = text(Path(__file__).with_name("responsible_for.sql").read_text(encoding="utf-8"))
_MATTERS = text("SELECT matter, n FROM server.open_matters(:code, :day)")
_DIVISIONS = {
    "subdistrict": text("SELECT EXISTS (SELECT FROM geo.subdistrict WHERE code = :code)"),
    "neighbourhood": text("SELECT EXISTS (SELECT FROM geo.neighbourhood WHERE code = :code)"),
}
_ABOVE = text(
    "WITH RECURSIVE above AS (SELECT code, parent FROM server.unit WHERE code = :parent"
    " UNION SELECT u.code, u.parent FROM server.unit u JOIN above ON u.code = above.parent)"
    " SELECT EXISTS (SELECT FROM above WHERE code = :code)"
)


def register(
    session: Session, wanted: Mapping[str, Any], after: str | None, limit: int
) -> list[dict[str, Any]]:
    """Return units by code with their numbers.

    Args:
        wanted: `text`, `kind`, `parent`: text or None; `state`: working, closed or all.
    """
    closed = {"working": False, "closed": True, "all": None}[wanted["state"]]
    values = {**wanted, "text": _pattern(wanted["text"]), "closed": closed, "after": after, "limit": limit}
    return [dict(row) for row in session.execute(_REGISTER, values).mappings()]


def unit_for_update(session: Session, code: str) -> Unit | None:
    """Return a unit, locked until the transaction ends."""
    return session.scalar(select(Unit).where(Unit.code == code).with_for_update())


def children(session: Session, code: str) -> list[Unit]:
    """Return the units that stand under one, closed ones too, by code."""
    return list(session.scalars(select(Unit).where(Unit.parent == code).order_by(Unit.code)))


def open_matters(session: Session, code: str, day: date) -> dict[str, int]:
    """Return what would be orphaned if the unit closed on a day, in the order in which people are told."""
    session.flush()
    found = {row.matter: row.n for row in session.execute(_MATTERS, {"code": code, "day": day})}
    return {name: found[name] for name in MATTERS if name in found}


def responsible_for(session: Session, code: str, day: date) -> dict[str, Any]:
    """Return `measures`, `categories` and how many `communities` a unit answers for on a day."""
    return dict(session.execute(_RESPONSIBLE, {"code": code, "day": day}).mappings().one())


def division_known(session: Session, kind: str, division: str) -> bool:
    """Return whether there is such a subdistrict or neighbourhood."""
    assert kind in PLACED
    return bool(session.execute(_DIVISIONS[kind], {"code": division}).scalar_one())


def stands_above(session: Session, code: str, parent: str) -> bool:
    """Return whether a unit stands above what is to become its parent."""
    return bool(session.execute(_ABOVE, {"code": code, "parent": parent}).scalar_one())


def _pattern(wanted: str | None) -> str | None:
    if not wanted:
        return None
    plain = wanted.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return f"%{plain}%"
