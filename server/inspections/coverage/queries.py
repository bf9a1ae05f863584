"""All SQL about coverage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from server.communities.territory import Territory
from server.ledger.terms import midnight

By = Literal["community", "grid_cell", "subdistrict", "worker"]
# A street's width: who walks past the fence has been there.
NEAR_M = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Local days, both counted, and what is looked at in them."""

    first: date
    last: date
    subdistrict: str | None = None
    user_id: UUID | None = None

    def bound(self) -> dict[str, Any]:
        """Return the values as SQL parameters."""
        return {
            "first": self.first,
            "day": self.last,
            "since": midnight(self.first),
            "until": midnight(self.last + timedelta(days=1)),
            "subdistrict": self.subdistrict,
            "user_id": str(self.user_id) if self.user_id else None,
        }


def rows(
    session: Session, by: By, period: Period, seen: Territory, *, with_outline: bool
) -> list[dict[str, Any]]:
    """Return what was visited, by place or worker; places longest unvisited first."""
    given = {**seen.parameters(), **period.bound(), "with_outline": with_outline}
    return [dict(row) for row in session.execute(_visits(f"by_{by}"), given).mappings()]


def totals(session: Session, period: Period, seen: Territory) -> Mapping[str, int]:
    """Return how many communities and cells there are, how many were visited, and how often."""
    row = session.execute(_visits("totals"), {**seen.parameters(), **period.bound()}).mappings().one()
    return dict(row)


def patrols(session: Session, period: Period, division: str | None, limit: int) -> list[dict[str, Any]]:
    """Return what each worker of a division walked on each day, the latest day first."""
    given = {**period.bound(), "division": division, "near_m": NEAR_M, "limit": limit}
    return [dict(row) for row in session.execute(_sql("patrols"), given).mappings()]


@cache
def _visits(name: str) -> TextClause:
    return text(_read("visits") + _read(name))


@cache
def _sql(name: str) -> TextClause:
    return text(_read(name))


def _read(name: str) -> str:
    return Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8")
