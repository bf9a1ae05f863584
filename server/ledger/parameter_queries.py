"""The rows of the ledger's own numbers; days are local."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

_IN_FORCE = text(
    "SELECT name, value FROM server.ledger_rule WHERE daterange(valid_from, valid_to) @> CAST(:day AS date)"
)
_ALL = text(
    "SELECT name, value, unit, source, valid_from, valid_to FROM server.ledger_rule ORDER BY name, valid_from"
)
_STANDING = text(
    "SELECT name, value, unit, source, valid_from, valid_to FROM server.ledger_rule"
    " WHERE name = :name ORDER BY valid_from DESC LIMIT 1 FOR UPDATE"
)
_END = text("UPDATE server.ledger_rule SET valid_to = :day WHERE name = :name AND valid_to IS NULL")
_BEGIN = text(
    "INSERT INTO server.ledger_rule (name, value, unit, source, valid_from)"
    " VALUES (:name, :value, :unit, :source, :day)"
)


@dataclass(frozen=True, slots=True)
class Row:
    """One value of a rule; `valid_to` is the first day on which it no longer holds."""

    name: str
    value: Decimal
    unit: str
    source: str
    valid_from: date
    valid_to: date | None


_END_PART = text(
    "UPDATE server.community_unit SET valid_to = :day"
    " WHERE community_id = :community AND part = :part AND valid_to IS NULL AND valid_from < :day"
)
_BEGIN_PART = text(
    "INSERT INTO server.community_unit (community_id, part, unit_code, valid_from)"
    " VALUES (:community, :part, :unit, :day)"
    " ON CONFLICT (community_id, part, valid_from) DO UPDATE SET unit_code = excluded.unit_code"
)


def set_part(session: Session, community_id: UUID, part: str, unit_code: str, day: date) -> None:
    """Let a unit play a part in a community from a day on; who played it until then no longer does."""
    values = {"community": community_id, "part": part, "unit": unit_code, "day": day}
    session.execute(_END_PART, values)
    session.execute(_BEGIN_PART, values)


def in_force(session: Session, day: date) -> Mapping[str, Decimal]:
    """Return the value of each rule on a day."""
    return {row.name: row.value for row in session.execute(_IN_FORCE, {"day": day})}


def rows(session: Session) -> list[Row]:
    """Return every value with its validity, by name, oldest first."""
    return [Row(*row) for row in session.execute(_ALL)]


def newest(session: Session, name: str) -> Row:
    """Return the last value of a rule that exists, locked until the transaction ends."""
    return Row(*session.execute(_STANDING, {"name": name}).one())


def replace(session: Session, standing: Row, value: Decimal, day: date, source: str) -> None:
    """End the standing value on a day and let another hold from it on."""
    session.execute(_END, {"name": standing.name, "day": day})
    session.execute(
        _BEGIN,
        {"name": standing.name, "value": value, "unit": standing.unit, "source": source, "day": day},
    )
