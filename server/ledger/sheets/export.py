"""Writing the ledger as Excel: row by row, in bounded memory, within the reader's reach."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import ColumnElement, true
from sqlalchemy.orm import Session

from server.auth.actor import Actor
from server.auth.rules import reach
from server.disk import replaced_whole
from server.ledger import visibility
from server.ledger.lists import Filter
from server.ledger.sheets import queries
from server.ledger.sheets.columns import KINDS, PHOTO_COLUMNS
from server.ledger.sheets.errors import TooManyPictures
from server.ledger.sheets.lines import Details, values_of
from server.ledger.terms import local_day
from server.ledger.view import CaseView
from server.photos import service as photos
from server.photos.claims import EvidencePhoto
from server.photos.store import PhotoStore
from server.sheets.layout import Link, Pictures
from server.sheets.writing import SheetWriter

THUMBNAIL_PX = 240
# Excel keeps every picture of a sheet in memory; beyond this nobody can open the file.
MOST_ROWS_WITH_PICTURES = 5000
MOST_PICTURES_IN_A_CELL = 3


@dataclass(frozen=True, slots=True)
class Look:
    """How an export looks.

    Attributes:
        kind: one of `columns.KINDS`.
        address: where the product's pages are, so that lines can lead to their cases; empty for no links.
        thumbnails: the store whose small pictures are shown; None shows how many photos there are.
    """

    kind: str = "ledger"
    address: str = ""
    thumbnails: PhotoStore | None = None


def export(
    session: Session,
    file: Path,
    wanted: Filter,
    look: Look,
    *,
    actor: Actor | None,
    now: datetime,
    tell: Callable[[int], None] = lambda rows: None,
) -> int:
    """Write the cases that pass the filter into a new file; return how many lines it has.

    Args:
        session: a snapshot, so that all lines tell of one moment.
        actor: sees only what lies within their reach; None is the command line and sees all.

    Raises:
        NotYours: the role may not read the ledger.
        TooManyPictures: more lines than can show pictures.
        StorageFull: there is no room; nothing is left of the file.
    """
    kind = KINDS[look.kind]
    units = queries.responsible_units(session)
    written = 0
    with replaced_whole(file) as part, SheetWriter(part, kind.columns, kind.layout) as sheet:
        for cases in queries.pages(session, wanted, _visible(actor, now), now):
            if look.thumbnails is not None and written + len(cases) > MOST_ROWS_WITH_PICTURES:
                raise TooManyPictures(MOST_ROWS_WITH_PICTURES)
            known = queries.details(session, cases, units)
            shown = photos.photos_of(session, "case", [case.case_id for case in cases])
            for case in cases:
                written += 1
                line = _line(case, known[case.case_id], shown[case.case_id], look, now)
                sheet.add([{**line, "row_no": written}.get(column.name) for column in kind.columns])
            tell(written)
    return written


def _visible(actor: Actor | None, now: datetime) -> ColumnElement[bool]:
    if actor is None:
        return true()
    return visibility.within(actor, reach(actor, "cases.list"), local_day(now))


def _line(
    case: CaseView, more: Details, shown: Sequence[EvidencePhoto], look: Look, now: datetime
) -> Mapping[str, object]:
    line = values_of(case, more, now)
    for name, role in PHOTO_COLUMNS.items():
        line[name] = _pictures([photo for photo in shown if photo.role == role], look) or line.get(name)
    if look.address:
        line["number"] = Link(str(line.get("number") or "—"), _address(look.address, case.case_id))
    return line


def _address(address: str, case_id: UUID) -> str:
    return f"{address.rstrip('/')}/cases/{case_id}"


def _pictures(shown: Sequence[EvidencePhoto], look: Look) -> Pictures | None:
    if not shown:
        return None
    text = f"{len(shown)} 张"
    if look.thumbnails is None:
        return Pictures(text, ())
    store = look.thumbnails
    small = (store.thumbnail(bytes.fromhex(photo.sha256), THUMBNAIL_PX) for photo in shown if photo.received)
    return Pictures(text, tuple(file for file in small if file.is_file())[:MOST_PICTURES_IN_A_CELL])
