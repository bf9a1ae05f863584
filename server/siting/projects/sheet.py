"""The register of projects as an Excel table. Only jobs load this."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from server.auth.actor import Actor
from server.communities.service import SHANGHAI
from server.disk import replaced_whole
from server.problems import InvalidInput
from server.sheets.errors import TableFaulty
from server.sheets.layout import Layout
from server.sheets.reading import read_table
from server.sheets.rows import CheckedRow, bound, checked
from server.sheets.writing import SheetWriter
from server.siting.projects import queries, service
from server.siting.projects.columns import COLUMNS, STAGES


def take_in(
    session: Session, file: Path, name: str, *, dry_run: bool, actor: Actor, now: datetime
) -> dict[str, Any]:
    """Add or change the projects that rows name, by name and subdistrict; return how many of each.

    Raises:
        UnreadableTable, ColumnsMissing: the table as a whole.
        TableFaulty: rows are faulty; every fault is named and nothing was changed.
    """
    table = read_table(file, name)
    columns = bound(COLUMNS, table.titles)
    rows = [checked(row, columns, SHANGHAI) for row in table.rows]
    counts = {"created": 0, "changed": 0, "unchanged": 0}
    trial = session.begin_nested()
    seen: dict[tuple[Any, Any], int] = {}
    for row in rows:
        if not row.faults:
            counts[_take(session, row, seen, actor, now)] += 1
    faults = [fault for row in rows for fault in row.faults]
    if faults or dry_run:
        trial.rollback()
    else:
        trial.commit()
    if faults:
        raise TableFaulty(faults, len(rows))
    return {"rows": len(rows), **counts, "dry_run": dry_run}


def _take(
    session: Session, row: CheckedRow, seen: dict[tuple[Any, Any], int], actor: Actor, now: datetime
) -> str:
    try:
        told = service.read(session, row.values)
    except InvalidInput as wrong:
        for one in wrong.errors:
            row.wrong(one["pointer"].removeprefix("/"), one["detail"], one["detail_zh"])
        return "unchanged"
    key = (told["subdistrict_code"], told["name"])
    if key in seen:
        row.wrong("name", f"stands in row {seen[key]} already", f"与第 {seen[key]} 行重复")
        return "unchanged"
    seen[key] = row.row
    found = queries.named(session, *key)
    if found is None:
        service.store_new(session, told, actor=actor, now=now)
        return "created"
    # An empty cell changes nothing.
    told = {name: value for name, value in told.items() if name in row.values}
    if all(getattr(found, name) == value for name, value in told.items()):
        return "unchanged"
    service.store_changed(session, found.project_id, told, found.version + 1, actor=actor, now=now)
    return "changed"


def write(file: Path, projects: Sequence[Mapping[str, Any]]) -> int:
    """Write projects into a new file, none into an empty table to fill in; return how many lines it has.

    Raises:
        StorageFull: there is no room; nothing is left of the file.
    """
    choices = {"stage": [told[0] for told in STAGES.values()]}
    layout = Layout("充电设施项目登记", choices=choices)
    with replaced_whole(file) as part, SheetWriter(part, COLUMNS, layout) as sheet:
        for one in projects:
            told = {**one, "stage": STAGES[one["stage"]][0]}
            sheet.add(
                [
                    date.fromisoformat(told[column.name])
                    if column.kind == "day" and told[column.name]
                    else told[column.name]
                    for column in COLUMNS
                ]
            )
    return len(projects)
