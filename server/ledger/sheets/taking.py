"""Taking in an existing ledger: read, judged, and stored in one transaction, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
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
from server.ledger.rulebook import clock_of, parameters_of
from server.ledger.sheets import import_queries
from server.ledger.sheets.errors import MappingFaulty
from server.ledger.sheets.judging import Judged, Known, judge, point_of
from server.ledger.sheets.mapping import LedgerMapping
from server.ledger.sheets.photographed import Photographs, Shown
from server.ledger.sheets.pictures import Pictures
from server.ledger.sheets.planning import Import, Rules, batch_of
from server.ledger.sheets.reading import Reader
from server.ledger.sheets.tables import LedgerImport
from server.ledger.terms import local_day
from server.photos import service as photos
from server.photos.store import PhotoStore
from server.programme import queries as programme
from server.sheets.cells import CellFault
from server.sheets.columns import Row
from server.sheets.errors import TableFaulty
from server.sheets.faults import Fault, reasons
from server.sheets.reading import read_table
from server.sheets.rows import CheckedRow

AT_ONCE = 2000
PHOTOS_AT_ONCE = 100


@dataclass(slots=True)
class Taken:
    """What came of an import: rows read, cases that stay open, cases closed on paper, what was refused."""

    rows: int = 0
    open_cases: int = 0
    closed_cases: int = 0
    photos: int = 0
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
            "photos": self.photos,
            "refused_rows": self.refused_rows,
            "reasons": reasons(self.faults),
        }


@dataclass(frozen=True, slots=True)
class How:
    """How to take in: try only, or leave out what is refused instead of taking nothing."""

    dry_run: bool = False
    skip_refused: bool = False


@dataclass(frozen=True, slots=True)
class Beside:
    """Where photos come from and go to.

    Attributes:
        files: a zip or a folder that rows name files of; None where there is none.
        most_bytes: of one photo.
    """

    store: PhotoStore
    most_bytes: int
    files: Path | None = None


def take_in(
    session: Session,
    file: Path,
    mapping: LedgerMapping,
    how: How,
    *,
    file_name: str,
    actor: Actor | None,
    now: datetime,
    beside: Beside,
    tell: Callable[[int], None] = lambda rows: None,
) -> Taken:
    """Take the rows of a table into the ledger; open ones are filed and numbered when this is committed.

    After the commit, whoever calls wakes the job that looks into photos.

    Raises:
        UnreadableTable, ColumnsMissing, MappingFaulty: the table or the mapping as a whole.
        TableFaulty: rows are faulty and `how.skip_refused` was not asked for; roll back.
        StorageFull: there is no room for a photo; roll back.
    """
    import_queries.lock_ledger(session, mapping.name)
    with Pictures(file, beside.files, most_bytes=beside.most_bytes, store=beside.store) as pictures:
        walk = _Walk(session, file, file_name, mapping, pictures, beside.store, actor, now)
        trial = how.dry_run or (pictures.any and not how.skip_refused)
        if trial:
            # Photos are kept only when every row is known to be good: a rollback does not bring files back.
            tried = walk.through(how, tell, store=False)
            if how.dry_run or tried.faults:
                return _finished(tried, how)
        taken = _finished(walk.through(how, tell, store=True), how)
    facts = {"file": file_name, "ledger": mapping.name, **taken.as_json()}
    audit.write(session, actor, "ledger.import", "ledger_import", walk.import_id, facts, now)
    return taken


def _finished(taken: Taken, how: How) -> Taken:
    if taken.faults and not how.skip_refused and not how.dry_run:
        raise TableFaulty(taken.faults, taken.rows)
    return taken


class _Walk:
    """Walks through the rows of one table, to try them or to store them."""

    def __init__(
        self,
        session: Session,
        file: Path,
        file_name: str,
        mapping: LedgerMapping,
        pictures: Pictures,
        photo_store: PhotoStore,
        actor: Actor | None,
        now: datetime,
    ) -> None:
        self._session, self._file, self._file_name, self._mapping = session, file, file_name, mapping
        self._pictures, self._photo_store, self._actor, self._now = pictures, photo_store, actor, now
        self.import_id = uuid6.uuid7()

    def through(self, how: How, tell: Callable[[int], None], *, store: bool) -> Taken:
        """Read and judge every row, and store the good ones where asked to."""
        table = read_table(self._file, self._file_name)
        try:
            reader = Reader(self._mapping, table.titles)
        except CellFault as fault:
            raise MappingFaulty("defaults that fit their fields") from fault
        known, rules = _known(self._session, self._mapping, self._now), _rules(self._session, self._now)
        looked = Photographs(self._pictures, table.heading)
        taken = Taken()
        if store:
            self._begin()
        for rows in _some(table.rows):
            judged = _judged(
                self._session, [reader.read(row) for row in rows], known, taken, self._now, looked
            )
            stopped = taken.faults and not how.skip_refused
            if store and not stopped:
                self._store(judged, rules)
            taken.rows += len(rows)
            taken.open_cases += sum(row.is_open for row in judged)
            taken.closed_cases += sum(not row.is_open for row in judged)
            taken.photos += sum(len(row.photos) for row in judged)
            tell(taken.rows)
        return taken

    def _begin(self) -> None:
        with self._file.open("rb") as content:
            digest = file_digest(content, "sha256").digest()
        self._session.add(
            LedgerImport(
                import_id=self.import_id,
                ledger=self._mapping.name,
                file_name=self._file_name,
                file_sha256=digest,
                imported_by=self._actor.user_id if self._actor else None,
                imported_at=self._now,
            )
        )
        self._session.flush()

    def _store(self, judged: list[Judged], rules: Rules) -> None:
        if not judged:
            return
        author = Author(self._actor.user_id, self._actor.unit_code) if self._actor else SYSTEM
        made_by = Import(self.import_id, self._mapping.name, author, self._now)
        batch = batch_of(judged, rules, made_by, lambda: token_bytes(history.SALT_BYTES))
        self._keep([photo for row in judged for photo in row.photos])
        import_queries.store(self._session, batch)
        user_id = self._actor.user_id if self._actor else None
        photos.claim_all(self._session, batch.claims, user_id=user_id, now=self._now)
        # Tablets are told of what is left to do; what was closed on paper long ago is for the office.
        wires.tell(self._session, batch.open_ids)

    def _keep(self, shown: Sequence[Shown]) -> None:
        """Store photos before any case names them, so that no tablet hears of a case closed long ago."""
        for some in _batched(shown, PHOTOS_AT_ONCE):
            with ExitStack() as left:
                arrivals = []
                for photo in some:
                    arrivals.append(self._pictures.bring(photo.picture, photo.sha256))
                    left.callback(arrivals[-1].discard)
                photos.take(self._session, self._photo_store, arrivals, now=self._now)


def _batched(shown: Sequence[Shown], size: int) -> Iterator[Sequence[Shown]]:
    for begin in range(0, len(shown), size):
        yield shown[begin : begin + size]


def _some(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while some := list(islice(rows, AT_ONCE)):
        yield some


def _judged(
    session: Session, rows: list[CheckedRow], known: Known, taken: Taken, now: datetime, looked: Photographs
) -> list[Judged]:
    points = {point for told in rows if (point := point_of(told, known.placeholders)) is not None}
    grounds = import_queries.grounds(session, points, county_outline(session), local_day(now))
    judged = []
    for told in rows:
        shown = looked.of_row(told)
        row = judge(told, known, grounds)
        taken.faults += told.faults
        if row is not None:
            judged.append(replace(row, photos=shown))
    return judged


def _known(session: Session, mapping: LedgerMapping, now: datetime) -> Known:
    day = local_day(now)
    return Known(
        now=now,
        categories=import_queries.categories(session),
        measures={(rule.category, rule.severity): rule.measures for rule in programme.rules_on(session, day)},
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
        parts=queries.parts_of_communities(session, day),
        numbers=parameters_of(session, now),
    )
