"""What came of a roster, and finding the community that a row means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from geo.tables import Community
from server.auth import audit
from server.auth.actor import Actor
from server.sheets.columns import plain
from server.sheets.faults import Fault, reasons
from server.sheets.rows import CheckedRow


@dataclass(slots=True)
class Outcome:
    """How many records were made, changed, or stood already as the rows say."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0

    def as_json(self) -> dict[str, int]:
        """Return the numbers."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of one table: rows read, what became of the good ones, what was wrong with the others."""

    rows: int
    dry_run: bool
    outcome: Outcome
    faults: Sequence[Fault] = ()

    def as_json(self) -> dict[str, Any]:
        """Return `{rows, created, changed, unchanged, refused_rows, reasons, dry_run}`."""
        return {
            "rows": self.rows,
            **self.outcome.as_json(),
            "refused_rows": len({fault.row for fault in self.faults}),
            "reasons": reasons(self.faults),
            "dry_run": self.dry_run,
        }


@dataclass(frozen=True, slots=True)
class By:
    """Who sends a roster and when; None is the command line."""

    actor: Actor | None
    now: datetime

    def note(self, session: Session, action: str, entity: str, entity_id: object, **facts: Any) -> None:
        """Write down that a roster changed a record."""
        audit.write(session, self.actor, action, entity, entity_id, facts, self.now)


Homes = Mapping[str, Sequence[tuple[Community, str]]]
"""Communities with the name of their neighbourhood, by the plain form of their own name."""


def fitting(row: CheckedRow, known: Homes) -> list[Community]:
    """Return the communities that a row can mean by its name and its neighbourhood (name or code)."""
    name, neighbourhood = row.values.get("community"), row.values.get("neighbourhood")
    return [
        community
        for community, place in known.get(plain(name or ""), ())
        if neighbourhood is None or plain(neighbourhood) in (plain(place), community.neighbourhood_code)
    ]


def community_of(row: CheckedRow, known: Homes) -> Community | None:
    """Return the community that a row names; None, with the fault noted, where that is none or several."""
    name = row.values.get("community")
    if name is None:
        return None
    found = fitting(row, known)
    if len(found) == 1:
        return found[0]
    if not known.get(plain(name)):
        row.wrong(
            "community",
            "is no community here; the roster of communities makes one from a position or outline",
            "没有这个小区；请在小区名册中填写其位置或边界以新建",
        )
    elif not found:
        row.wrong("neighbourhood", "has no such community", "该社区没有这个小区")
    else:
        row.wrong(
            "community", "is the name of several: fill in the neighbourhood", "有多个同名小区，请填写社区"
        )
    return None


def repeated(rows: Sequence[CheckedRow], *names: str) -> None:
    """Note every row that stands for the same record as one before it."""
    seen: dict[tuple[object, ...], int] = {}
    for row in rows:
        key = tuple(row.values.get(name) for name in names)
        if None in key[:1]:
            continue
        if key in seen:
            row.wrong(names[0], f"stands in row {seen[key]} already", f"与第 {seen[key]} 行重复")
        seen.setdefault(key, row.row)
