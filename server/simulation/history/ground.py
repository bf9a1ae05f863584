"""The demo places as a walk through them needs them, and the rules that hold there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from checklists.catalog import template_from_document
from checklists.categories import Pairs
from checklists.model import Template
from server.communities.queries import CommunityFacts
from server.ledger.clocks import Clock
from server.ledger.facts import Place
from server.ledger.queries import units_of_divisions
from server.ledger.terms import local_day
from server.programme import queries as programme
from server.programme.tables import CategoryRule, ChecklistVersion

_SITES = text(Path(__file__).with_name("ground.sql").read_text(encoding="utf-8"))
LOCAL_KINDS = ("subdistrict", "neighbourhood")
ACCURACIES_M = (4.0, 5.0, 6.0, 8.0, 12.0)


@dataclass(frozen=True, slots=True)
class Contract:
    """Who serves a community from a day on; `ends_on` is the first day on which nobody does any more."""

    unit_code: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Site:
    """One community: its facts whatever the day, spots inside it with their cells, its facilities by kind."""

    community: Mapping[str, Any]
    contracts: Sequence[Contract]
    spots: Sequence[tuple[float, float, str]]
    facilities: Mapping[str, Sequence[str]]

    @property
    def community_id(self) -> UUID:
        """The id of the community."""
        found: UUID = self.community["community_id"]
        return found

    @property
    def street(self) -> str:
        """The code of its subdistrict."""
        return str(self.community["subdistrict_code"])

    def facts(self, day: date) -> CommunityFacts:
        """Return what rules need to know of it on a day."""
        company = next((one.unit_code for one in self.contracts if _holds(one, day)), None)
        return CommunityFacts(company_unit=company, holds=True, **self.community)

    def place(self, draw: Random) -> tuple[Place, str]:
        """Return a fix somewhere inside it, and the cell that holds it."""
        lon, lat, cell = draw.choice(self.spots)
        return fix(lon, lat, draw), cell


@dataclass(frozen=True, slots=True)
class Ground:
    """Where everything happens and by which rules; `units` answer for divisions, `kinds` are theirs."""

    sites: Sequence[Site]
    units: Mapping[str, str]
    kinds: Mapping[str, str]
    clock: Clock
    rules: Mapping[tuple[str, str], CategoryRule]
    pairs: Pairs
    templates: Mapping[str, Template]

    def acting(self) -> list[str]:
        """Return the units that can have to do with these communities, in order."""
        local = set(self.units.values())
        return sorted(code for code, kind in self.kinds.items() if kind not in LOCAL_KINDS or code in local)

    def severities(self) -> dict[str, list[str]]:
        """Return the severities of each category, the gravest first."""
        return {category: sorted(known) for category, known in self.pairs.items()}


def survey(session: Session, now: datetime) -> Ground:
    """Read the demo places and the rules in force."""
    sites = [_site(dict(row)) for row in session.execute(_SITES).mappings()]
    rules = {(rule.category, rule.severity): rule for rule in programme.rules_on(session, local_day(now))}
    pairs: dict[str, frozenset[str]] = {}
    for category, severity in rules:
        pairs[category] = pairs.get(category, frozenset()) | {severity}
    divisions = {site.street for site in sites} | {site.community["neighbourhood_code"] for site in sites}
    return Ground(
        sites=sites,
        units=units_of_divisions(session, divisions),
        kinds={row.code: row.kind for row in session.execute(text("SELECT code, kind FROM server.unit"))},
        clock=Clock(programme.calendar(session)),
        rules=rules,
        pairs=pairs,
        templates=_templates(session),
    )


def fix(lon: float, lat: float, draw: Random) -> Place:
    """Return a position as a tablet sends it, some metres off."""
    lon, lat = round(lon + draw.uniform(-3e-5, 3e-5), 7), round(lat + draw.uniform(-3e-5, 3e-5), 7)
    accuracy = draw.choice(ACCURACIES_M)
    return Place(lon, lat, accuracy, {"lon": lon, "lat": lat, "accuracy_m": accuracy, "datum": "wgs84"})


def _templates(session: Session) -> dict[str, Template]:
    wanted = select(ChecklistVersion).where(ChecklistVersion.retired_at.is_(None))
    return {row.code: template_from_document(row.document) for row in session.scalars(wanted)}


def _site(row: dict[str, Any]) -> Site:
    contracts = [
        Contract(unit, date.fromisoformat(start), date.fromisoformat(end) if end else None)
        for unit, start, end in row.pop("contracts")
    ]
    spots = [(float(lon), float(lat), cell) for lon, lat, cell in row.pop("spots")]
    facilities = row.pop("facilities")
    return Site({**row, "grid_cell_codes": tuple(row["grid_cell_codes"])}, contracts, spots, facilities)


def _holds(contract: Contract, day: date) -> bool:
    return contract.starts_on <= day and (contract.ends_on is None or day < contract.ends_on)
