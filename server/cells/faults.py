"""Whether the cells fit together: faults as GeoJSON features."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import shapely
from shapely.geometry import mapping
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.topology import Cell, CellFault, cell_faults, overlaps
from server.cells.queries import metric_srid, outline_of

LEAST_M2 = 0.01
_CELLS = text(
    "SELECT g.code::text, g.neighbourhood_code::text, ST_AsBinary(g.geom),"
    " EXISTS (SELECT FROM geo.cell_lineage l WHERE l.successor = g.code) AS came_later FROM geo.grid_cell g"
    " WHERE daterange(g.valid_from, g.valid_to) @> CAST(:day AS date)"
    " AND (CAST(:within AS text) IS NULL OR starts_with(g.code::text, CAST(:within AS text))) ORDER BY 1"
)
_OUTLINES = text(
    "SELECT code::text, ST_AsBinary(geom) FROM geo.neighbourhood WHERE geom IS NOT NULL"
    " AND (CAST(:within AS text) IS NULL OR starts_with(code::text, CAST(:within AS text)))"
)


def faults(session: Session, within: str | None, day: date) -> dict[str, Any]:
    """Return overlaps, gaps, cells that reach outside and wrong numbers as a GeoJSON FeatureCollection.

    Args:
        within: the official code that the neighbourhoods begin with; None looks at all.
    """
    srid = metric_srid(session)
    cells: dict[str, list[Cell]] = {}
    later: set[str] = set()
    for code, home, wkb, came_later in session.execute(_CELLS, {"day": day, "within": within}):
        cells.setdefault(home, []).append(Cell(code, outline_of(wkb)))
        later |= {code} if came_later else set()
    rows = session.execute(_OUTLINES, {"within": within})
    outlines = {code: shapely.from_wkb(bytes(wkb)) for code, wkb in rows}
    found = [
        fault
        for home, own in cells.items()
        if home in outlines
        for fault in cell_faults(own, outlines[home], srid, LEAST_M2, later)
    ]
    everywhere = overlaps([cell for own in cells.values() for cell in own], srid)
    found += [one for one in everywhere if one.area_m2 > LEAST_M2 and _foreign(one, outlines)]
    return {
        "type": "FeatureCollection",
        "features": [_feature(one) for one in found],
        "checked": {"neighbourhoods": len(cells), "cells": sum(map(len, cells.values()))},
    }


def _foreign(fault: CellFault, outlines: Mapping[str, Any]) -> bool:
    """Return whether an overlap was not told of its own neighbourhood already."""
    homes = {code[:12] for code in fault.codes}
    return len(homes) > 1 or not homes <= outlines.keys()


def _feature(fault: CellFault) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": mapping(fault.where),
        "properties": {
            "kind": fault.kind,
            "codes": list(fault.codes),
            "neighbourhood_code": fault.codes[0][:12] if fault.codes else None,
            "area_m2": round(fault.area_m2, 2),
            "expected_code": fault.expected_code,
        },
    }
