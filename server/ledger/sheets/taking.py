"""Taking in an existing ledger: read, judged, and stored in one transaction, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import file_digest
from itertools import islice
from pathlib import Path
from secrets import token_bytes
from typing import Any

import uuid6
from sqlalchemy.orm import Session

from server.auth import audit
from server.auth.actor import Actor
from server.communities.queries import communities_by_id
from server.ledger import history, queries, wires
from server.ledger.history import SYSTEM, Author
from server.ledger.outline import county_outline
from server.ledger.rulebook import clock_of
from server.ledger.sheets import import_queries
from server.ledger.sheets.errors import MappingFaulty
from server.ledger.sheets.judging import Judged, Known, judge, point_of
from server.ledger.sheets.mapping import LedgerMapping
from server.ledger.sheets.planning import Import, Rules, batch_of
from server.ledger.sheets.reading import Reader
from server.ledger.sheets.tables import LedgerImport
from server.ledger.terms import local_day
from server.programme import queries as programme
from server.sheets.cells import CellFault
from server.sheets.columns import Row
from server.sheets.errors import TableFaulty
from server.sheets.faults import Fault, reasons
from server.sheets.reading import read_table
from server.sheets.rows import CheckedRow

AT_ONCE = 2000


@dataclass(slots=True)
class Taken:
    """What came of an import: rows read, cases that stay open, cases closed on paper, what was refused."""

    rows: int = 0
    open_cases: int = 0
    closed_cases: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def refused_rows(self) -> int:
        """Return how many rows were refused."""
        return len({fault.row for fault in self.faults})

    def as_json(self) -> dict[str, Any]:
        """Return the numbers, and how often each thing was wrong."""
        return {
            "rows": self.rows,
            "open_cases": self.open_cases,
            "closed_cases": self.closed_cases,
            "refused_rows": self.refused_rows,
            "reasons": reasons(self.faults),
        }


@dataclass(frozen=True, slots=True)
class How:
    """How to take in: try only, or leave out what is refused instead of taking nothing."""

    dry_run: bool = False
    skip_refused: bool = False


def take_in(
    session: Session,
    file: Path,
    mapping: LedgerMapping,
    how: How,
    *,
    file_name: str,
    actor: Actor | None,
    now: datetime,
    tell: Callable[[int], None] = lambda rows: None,
) -> Taken:
    """Take the rows of a table into the ledger; open ones are filed and numbered when this is committed.

    Raises:
        UnreadableTable, ColumnsMissing, MappingFaulty: the table or the mapping as a whole.
        TableFaulty: rows are faulty and `how.skip_refused` was not asked for; roll back.
    """
    import_queries.lock_ledger(session, mapping.name)
    table = read_table(file, file_name)
    try:
        reader = Reader(mapping, table.titles)
    except CellFault as fault:
        raise MappingFaulty("defaults that fit their fields") from fault
    known, rules = _known(session, mapping, now), _rules(session, now)
    made_by = _begin(session, file, file_name, mapping, actor, now, how)
    taken = Taken()
    for rows in _some(table.rows):
        judged = _judged(session, [reader.read(row) for row in rows], known, taken, now)
        stopped = taken.faults and not how.skip_refused
        if not how.dry_run and not stopped:
            _store(session, judged, rules, made_by)
        taken.rows += len(rows)
        taken.open_cases += sum(row.is_open for row in judged)
        taken.closed_cases += sum(not row.is_open for row in judged)
        tell(taken.rows)
    if taken.faults and not how.skip_refused and not how.dry_run:
        raise TableFaulty(taken.faults, taken.rows)
    if not how.dry_run:
        facts = {"file": file_name, "ledger": mapping.name, **taken.as_json()}
        audit.write(session, actor, "ledger.import", "ledger_import", made_by.import_id, facts, now)
    return taken


def _some(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while some := list(islice(rows, AT_ONCE)):
        yield some


def _judged(
    session: Session, rows: list[CheckedRow], known: Known, taken: Taken, now: datetime
) -> list[Judged]:
    points = {point for told in rows if (point := point_of(told, known.placeholders)) is not None}
    grounds = import_queries.grounds(session, points, county_outline(session), local_day(now))
    judged = [judge(told, known, grounds) for told in rows]
    for told in rows:
        taken.faults += told.faults
    return [row for row in judged if row is not None]


def _store(session: Session, judged: list[Judged], rules: Rules, made_by: Import) -> None:
    if not judged:
        return
    batch = batch_of(judged, rules, made_by, lambda: token_bytes(history.SALT_BYTES))
    import_queries.store(session, batch)
    # Tablets are told of what is left to do; what was closed on paper long ago is for the office.
    wires.tell(session, batch.open_ids)


def _begin(
    session: Session,
    file: Path,
    file_name: str,
    mapping: LedgerMapping,
    actor: Actor | None,
    now: datetime,
    how: How,
) -> Import:
    author = Author(actor.user_id, actor.unit_code) if actor else SYSTEM
    made_by = Import(uuid6.uuid7(), mapping.name, author, now)
    if not how.dry_run:
        with file.open("rb") as content:
            digest = file_digest(content, "sha256").digest()
        session.add(
            LedgerImport(
                import_id=made_by.import_id,
                ledger=mapping.name,
                file_name=file_name,
                file_sha256=digest,
                imported_by=actor.user_id if actor else None,
                imported_at=now,
            )
        )
        session.flush()
    return made_by


def _known(session: Session, mapping: LedgerMapping, now: datetime) -> Known:
    day = local_day(now)
    return Known(
        now=now,
        categories=import_queries.categories(session),
        pairs=frozenset((rule.category, rule.severity) for rule in programme.rules_on(session, day)),
        homes=import_queries.homes(session, day),
        units=import_queries.units(session),
        cells=import_queries.cells(session),
        placeholders=frozenset((lon, lat) for lon, lat in mapping.placeholders),
        numbers=import_queries.old_numbers(session, mapping.name),
    )


def _rules(session: Session, now: datetime) -> Rules:
    day = local_day(now)
    homes = import_queries.homes(session, day).values()
    facts = communities_by_id(session, {home.community_id for some in homes for home in some}, day)
    divisions = {
        code for place in facts.values() for code in (place.neighbourhood_code, place.subdistrict_code)
    }
    return Rules(
        by_pair={(rule.category, rule.severity): rule for rule in programme.rules_on(session, day)},
        communities=facts,
        units=queries.units_of_divisions(session, divisions),
        clock=clock_of(session, now),
    )
