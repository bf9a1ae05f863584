"""Writing a layer into a file, as far as somebody may see it. Only jobs and commands load this."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from geo.boundary_io.model import Format
from geo.boundary_io.writing import How, Placed, write
from geo.boundary_io.writing import Kind as Told
from geo.datum import Datum
from server.communities.territory import Territory
from server.communities.transfer import queries
from server.communities.transfer.judging import standing
from server.communities.transfer.kinds import Kind
from server.communities.transfer.names import Names
from server.disk import replaced_whole

_TOLD: dict[str, Told] = {"whole": "whole", "decimal": "decimal"}


def give_out(
    session: Session,
    kind: Kind,
    file: Path,
    *,
    form: Format,
    datum: Datum,
    encoding: str,
    seen: Territory,
    day: date,
) -> dict[str, Any]:
    """Write a layer's records that hold on a day; return `{rows, cut}`: values a Shapefile had to cut.

    Raises:
        StorageFull: there is no room.
    """
    keys = queries.keys_seen(session, kind, seen)
    rows = [
        Placed(one.values, one.geometry)
        for one in standing(session, kind, day, Names(session, day))
        if one.geometry is not None and one.key in keys
    ]
    titles = {column.name: _TOLD.get(column.kind, "text") for column in kind.columns}
    how = How(form, datum, kind.name.replace("-", "_"), kind.shape, encoding)
    with replaced_whole(file) as part:
        cut = write(part, rows, titles, how)
    return {"rows": len(rows), "cut": cut}
