"""Taking a file of points in as an analysis layer. Only jobs and commands load this."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import uuid6
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from geo.datum import to_wgs84
from geo.placeholders import Placeholder, placeholders
from server.maps.points import queries
from server.maps.points.description import Description
from server.maps.points.errors import AnalysisLayerStands, NoPoints
from server.maps.points.files import table_of
from server.maps.points.tables import AnalysisLayer
from server.sheets.columns import Column, Row
from server.sheets.errors import ColumnsMissing, TableFaulty, UnknownColumn
from server.sheets.faults import Fault, reasons
from server.sheets.reading import Table
from server.sheets.rows import CheckedRow, checked
from server.sheets.service import Progress

COLUMNS = {
    "lon": Column("lon", "经度", "Longitude", "decimal", required=True),
    "lat": Column("lat", "纬度", "Latitude", "decimal", required=True),
    "time": Column("time", "时间", "Time", "instant"),
    "category": Column("category", "类别", "Category", longest=200),
}
AT_ONCE = 20_000
UNIQUE_VIOLATION = "23505"


@dataclass(slots=True)
class Taken:
    """What came of a file: rows read, points stored, the window and the period, what was left out."""

    name: str
    dry_run: bool
    rows: int = 0
    faults: list[Fault] = field(default_factory=list)
    lon: list[float] = field(default_factory=list)
    lat: list[float] = field(default_factory=list)
    first_at: datetime | None = None
    last_at: datetime | None = None

    def window(self) -> dict[str, float]:
        """Return west, south, east, north of the points, degrees, WGS 84."""
        return {"west": min(self.lon), "south": min(self.lat), "east": max(self.lon), "north": max(self.lat)}

    def defaults(self) -> list[Placeholder]:
        """Return the positions that no real place explains."""
        return placeholders(np.array(self.lon), np.array(self.lat))

    def as_json(self) -> dict[str, Any]:
        """Return the figures of the report."""
        found = self.defaults()
        return {
            "name": self.name,
            "dry_run": self.dry_run,
            "rows": self.rows,
            "points": len(self.lon),
            "bbox": list(self.window().values()),
            "first_at": self.first_at.isoformat() if self.first_at else None,
            "last_at": self.last_at.isoformat() if self.last_at else None,
            "placeholder_count": sum(place.records for place in found),
            "placeholders": [{"lon": one.lon, "lat": one.lat, "records": one.records} for one in found],
            "refused_rows": len({fault.row for fault in self.faults}),
            "reasons": reasons(self.faults),
        }


def take_in(
    session: Session,
    file: Path,
    told: Description,
    *,
    file_name: str,
    owner_id: UUID | None,
    dry_run: bool,
    skip_refused: bool,
    now: datetime,
    tell: Progress = lambda done, total: None,
) -> Taken:
    """Store the points of a file (see `files.table_of`) as a layer; a dry run takes everything back.

    Args:
        skip_refused: take the good rows; otherwise one faulty row stops all.

    Raises:
        UnreadableTable, GeoError, UnknownColumn, ColumnsMissing, NoPoints: the file as a whole.
        TableFaulty: rows are faulty and `skip_refused` was not asked for; nothing was stored.
    """
    layer_id, zone = UUID(int=uuid6.uuid7().int), ZoneInfo(told.zone)
    taken, trial = Taken(told.name, dry_run), session.begin_nested()
    with table_of(file, file_name) as table:
        columns = _bound(told, table)
        for rows in _portions(table.rows):
            good = [_point(checked(row, columns, zone), taken) for row in rows]
            _store(session, layer_id, told, [point for point in good if point is not None], taken)
            taken.rows += len(rows)
            tell(taken.rows, None)
    stopped = bool(taken.faults) and not skip_refused
    if taken.lon and not stopped:
        _store_layer(session, layer_id, told, taken, file_name, owner_id, now)
    if stopped or dry_run or not taken.lon:
        trial.rollback()
    else:
        trial.commit()
    if stopped:
        raise TableFaulty(taken.faults, taken.rows)
    if not taken.lon:
        raise NoPoints
    return taken


def _bound(told: Description, table: Table) -> dict[str, Column]:
    """Return which column each title of the file means."""
    titles = table.titles
    for title in told.columns.values():
        if title not in titles:
            raise UnknownColumn(title, titles)
    wanted = {name: told.columns.get(name, name) for name in COLUMNS}
    missing = [COLUMNS[name].zh for name in ("lon", "lat") if wanted[name] not in titles]
    if missing:
        raise ColumnsMissing(missing, titles)
    return {title: COLUMNS[name] for name, title in wanted.items() if title in titles}


def _portions(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while portion := list(islice(rows, AT_ONCE)):
        yield portion


def _point(row: CheckedRow, taken: Taken) -> CheckedRow | None:
    """Return a row that can be stored; what is wrong with another is noted."""
    for name, most, zh in (("lon", 180, "经度"), ("lat", 90, "纬度")):
        if abs(row.values.get(name, 0)) > most:
            row.wrong(name, f"lies beyond ±{most}", f"{zh}超出 ±{most}")
    taken.faults += row.faults
    return None if row.faults else row


def _store(
    session: Session, layer_id: UUID, told: Description, rows: Sequence[CheckedRow], taken: Taken
) -> None:
    if not rows:
        return
    lon, lat = to_wgs84([row.values["lon"] for row in rows], [row.values["lat"] for row in rows], told.datum)
    moments = [row.values["time"] for row in rows if "time" in row.values]
    taken.lon += lon.tolist()
    taken.lat += lat.tolist()
    taken.first_at = min([*moments, *([taken.first_at] if taken.first_at else [])], default=None)
    taken.last_at = max([*moments, *([taken.last_at] if taken.last_at else [])], default=None)
    queries.copy_points(
        session,
        layer_id,
        (
            (row.row, x, y, row.values.get("time"), row.values.get("category"))
            for row, x, y in zip(rows, lon.tolist(), lat.tolist(), strict=True)
        ),
    )


def _store_layer(
    session: Session,
    layer_id: UUID,
    told: Description,
    taken: Taken,
    file_name: str,
    owner_id: UUID | None,
    now: datetime,
) -> None:
    session.add(
        AnalysisLayer(
            layer_id=layer_id,
            name=told.name,
            owner_id=owner_id,
            metric_srid=told.metric_srid,
            datum=told.datum,
            time_zone=told.zone,
            file_name=file_name,
            licence=told.licence,
            source=told.source,
            points=len(taken.lon),
            **taken.window(),
            first_at=taken.first_at,
            last_at=taken.last_at,
            created_at=now,
        )
    )
    try:
        session.flush()
    except IntegrityError as fault:
        if getattr(fault.orig, "pgcode", None) != UNIQUE_VIOLATION:
            raise
        raise AnalysisLayerStands(told.name) from fault
