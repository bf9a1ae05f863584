"""Taking in a roster, all of it or nothing, and writing its template. Only jobs and commands load this."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from server.communities.rosters import companies, contracts, places, walks, workers
from server.communities.rosters.columns import ROSTERS
from server.communities.rosters.outcome import By, Outcome, Taken
from server.communities.service import SHANGHAI
from server.disk import replaced_whole
from server.sheets.errors import TableFaulty
from server.sheets.layout import Layout
from server.sheets.reading import read_table
from server.sheets.rows import CheckedRow, bound, checked
from server.sheets.writing import SheetWriter

Take = Callable[[Session, Sequence[CheckedRow], By], Outcome]
TAKE: Mapping[str, Take] = {
    "workers": workers.take,
    "companies": companies.take,
    "contracts": contracts.take,
    "communities": places.take,
    "assignments": walks.take,
}


def take_in(
    session: Session,
    kind: str,
    file: Path,
    *,
    file_name: str,
    dry_run: bool,
    by: By,
    skip_refused: bool = False,
) -> Taken:
    """Take a roster in; the same table again changes nothing. A dry run does everything and takes it back.

    Args:
        skip_refused: take the good rows; otherwise one faulty row stops all.

    Returns:
        What was read and done, and the faults of the rows that were left out.

    Raises:
        UnreadableTable, ColumnsMissing: the table as a whole.
        TableFaulty: rows are faulty and `skip_refused` was not asked for; nothing was changed.
    """
    table = read_table(file, file_name)
    columns = bound(ROSTERS[kind].columns, table.titles)
    rows = [checked(row, columns, SHANGHAI) for row in table.rows]
    trial = session.begin_nested()
    outcome = TAKE[kind](session, rows, by)
    faults = [fault for row in rows for fault in row.faults]
    stopped = bool(faults) and not skip_refused
    if stopped or dry_run:
        trial.rollback()
    else:
        trial.commit()
    if stopped:
        raise TableFaulty(faults, len(rows))
    taken = Taken(len(rows), dry_run, outcome, faults)
    if not dry_run:
        by.note(session, "roster.import", "roster", kind, file=file_name, **taken.as_json())
    return taken


def write_template(kind: str, file: Path) -> None:
    """Write an empty roster with its heading, lists to choose from, and an example beside each title.

    Raises:
        StorageFull: there is no room.
    """
    roster = ROSTERS[kind]
    words = {
        column.name: [told[0] for told in column.choices.values()]
        for column in roster.columns
        if column.choices
    }
    examples = {
        column.name: str(told)
        for column, told in zip(roster.columns, roster.example, strict=True)
        if told is not None
    }
    layout = Layout(roster.title, choices=words, examples=examples)
    with replaced_whole(file) as part, SheetWriter(part, roster.columns, layout):
        pass
