"""From judged rows to what is stored: case rows, entries and the words beside them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import uuid6

from server.communities.queries import CommunityFacts
from server.ledger import history
from server.ledger.clocks import Clock
from server.ledger.facts import Deadline, Filing, Place, deadline_facts, moment, place_facts
from server.ledger.guards import copies, tasks_due
from server.ledger.history import SYSTEM, Author, Head
from server.ledger.parameters import Parameters
from server.ledger.sheets.fields import NAMELESS, OF_THE_CASE
from server.ledger.sheets.judging import Judged
from server.ledger.terms import terms
from server.photos.claims import Claim, ClaimedPhoto
from server.programme.tables import CategoryRule


@dataclass(frozen=True, slots=True)
class Import:
    """One import: whose, of which file's ledger, when."""

    import_id: UUID
    ledger: str
    author: Author
    now: datetime


@dataclass(slots=True)
class Batch:
    """What has to be stored for some rows."""

    cases: list[dict[str, Any]] = field(default_factory=list)
    imported: list[dict[str, Any]] = field(default_factory=list)
    entries: list[Mapping[str, Any]] = field(default_factory=list)
    private: list[Mapping[str, Any]] = field(default_factory=list)
    open_ids: list[UUID] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules in force on the day of the import, and the places that they look at."""

    by_pair: Mapping[tuple[str, str], CategoryRule]
    communities: Mapping[UUID, CommunityFacts]
    units: Mapping[str, str]
    clock: Clock
    parts: Mapping[UUID, Mapping[str, str]]
    numbers: Parameters


def batch_of(rows: Sequence[Judged], rules: Rules, made_by: Import, salt: Callable[[], bytes]) -> Batch:
    """Return what these rows become; open ones are filed at once, so that they get a number of ours."""
    batch = Batch()
    for row in rows:
        _add(batch, row, rules, made_by, salt)
    return batch


def _add(batch: Batch, row: Judged, rules: Rules, made_by: Import, salt: Callable[[], bytes]) -> None:
    case_id = UUID(int=uuid6.uuid7().int)
    rule = rules.by_pair[row.category, row.severity]
    filing = _filing(row, rule, rules, made_by.now) if row.is_open else _closed(row)
    case = {**_case(case_id, row), **filing}
    words = _words(row)
    taken = history.write(
        history.begin(case_id),
        "case.import",
        "reported" if row.is_open else "closed",
        author=made_by.author,
        at=made_by.now,
        salt=salt(),
        facts=_facts(row, case, made_by),
        words=words,
    )
    batch.cases.append(case)
    batch.entries.append(taken.row)
    if taken.private is not None:
        batch.private.append(taken.private)
    batch.claims += [
        Claim("case", case_id, ClaimedPhoto(photo.sha256, photo.role, entry_seq=1)) for photo in row.photos
    ]
    batch.imported.append(
        {
            "case_id": case_id,
            "import_id": made_by.import_id,
            "ledger": made_by.ledger,
            "old_number": row.told.values.get("number"),
            "row_no": row.told.row,
        }
    )
    if row.is_open:
        batch.open_ids.append(case_id)
        batch.entries += _filed(taken.head, _ours(row, rule, rules, made_by.now), case, made_by.now)


def _case(case_id: UUID, row: Judged) -> dict[str, Any]:
    lon, lat = row.point or (None, None)
    told = row.told.values
    return {
        "case_id": case_id,
        "category": row.category,
        "severity": row.severity,
        "measure": row.measure,
        "source": told.get("source") or "report",
        "community_id": row.community_id,
        "grid_cell_code": row.grid_cell,
        "lon": lon,
        "lat": lat,
        "description": told.get("description") or "",
        "reported_at": told["found_at"].astimezone(UTC),
    }


def _filing(row: Judged, rule: CategoryRule, rules: Rules, now: datetime) -> dict[str, Any]:
    """Return the terms of an open case; a deadline told counts from the finding, one of ours from today."""
    ours = _ours(row, rule, rules, now)
    told: datetime | None = row.told.values.get("due_at")
    begun: datetime = row.told.values["found_at"] if told else now
    deadline = rules.clock.until(begun, told) if told else ours.deadline
    return {
        "filed_at": begun.astimezone(UTC),
        "limit_amount": ours.limit_amount,
        "limit_unit": ours.limit_unit,
        "lead_unit": ours.lead_unit,
        "unit_code": ours.unit_code,
        "urging_unit": ours.urging_unit,
        "investigating_units": list(ours.investigating),
        **_due(deadline),
    }


def _ours(row: Judged, rule: CategoryRule, rules: Rules, now: datetime) -> Filing:
    """Return the terms by the duties; the unit that the old ledger names acts and needs no task besides."""
    community = rules.communities[row.community_id]
    parts = rules.parts.get(row.community_id)
    ours = terms(rule, community, rules.units, rules.clock, now, parts=parts, numbers=rules.numbers).filing
    assert ours is not None
    if row.unit is None:
        return ours
    return replace(
        ours,
        unit_code=row.unit,
        urging_unit=None if ours.urging_unit == row.unit else ours.urging_unit,
        own_duty=tuple(code for code in ours.own_duty if code != row.unit),
        copied=tuple(code for code in ours.copied if code != row.unit),
    )


def _closed(row: Judged) -> dict[str, Any]:
    told: datetime | None = row.told.values.get("due_at")
    found: datetime = row.told.values["found_at"]
    due = _due(Deadline(told, found + (told - found) * 0.8)) if told else {}
    return {"filed_at": found.astimezone(UTC), "unit_code": row.unit, **due}


def _due(deadline: Deadline) -> dict[str, Any]:
    due, yellow = deadline.due_at.astimezone(UTC), deadline.yellow_at.astimezone(UTC)
    return {"first_due_at": due, "due_at": due, "yellow_at": yellow}


def _facts(row: Judged, case: Mapping[str, Any], made_by: Import) -> dict[str, Any]:
    place = Place(row.point[0], row.point[1], None) if row.point else None
    facts: dict[str, Any] = {
        "import": str(made_by.import_id),
        "row": row.told.row,
        "category": row.category,
        "severity": row.severity,
        "measure": case["measure"],
        "community": str(row.community_id),
        "reported_at": moment(case["reported_at"]),
        "told": {name: _plain(value) for name, value in _told(row) if name in NAMELESS},
        **place_facts(place),
    }
    if row.photos:
        facts["photos"] = list(dict.fromkeys(photo.sha256.hex() for photo in row.photos))
    if row.grid_cell:
        facts["grid_cell"] = row.grid_cell
    if not row.is_open:
        facts["closed_at"] = moment(row.told.values["closed_at"])
        facts |= {"unit": row.unit} if row.unit else {}
        facts |= _told_deadline(case) if "due_at" in case else {}
    return facts


def _filed(head: Head, ours: Filing, case: Mapping[str, Any], now: datetime) -> list[Mapping[str, Any]]:
    """Return the entry of the filing, and the one that copies what is grave to the departments."""
    facts = {
        "category": case["category"],
        "severity": case["severity"],
        "measure": case["measure"],
        "lead_unit": case["lead_unit"],
        "unit": case["unit_code"],
        **_told_deadline(case),
        "urging_unit": case["urging_unit"],
        "investigating_units": case["investigating_units"],
        "own_duty": list(ours.own_duty),
        **tasks_due(ours.departments_due_at),
    }
    written = history.write(head, "case.file", "filed", author=SYSTEM, at=now, salt=b"", facts=facts)
    rows = [written.row]
    for name, told in copies(ours):
        written = history.write(written.head, name, "filed", author=SYSTEM, at=now, salt=b"", facts=told)
        rows.append(written.row)
    return rows


def _told_deadline(case: Mapping[str, Any]) -> dict[str, str]:
    return deadline_facts(Deadline(case["due_at"], case["yellow_at"]))


def _words(row: Judged) -> dict[str, str]:
    return {name: _plain(value) for name, value in _told(row) if name not in NAMELESS}


def _told(row: Judged) -> list[tuple[str, Any]]:
    return [(name, value) for name, value in row.told.values.items() if name not in OF_THE_CASE]


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes").removesuffix("+08:00")
    return str(value)
