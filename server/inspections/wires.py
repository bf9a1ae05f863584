"""Inspections as tablets hold them, and the buckets they stand in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from geo import queries as places
from server.inspections import queries
from server.inspections.ageing import left_tablets
from server.inspections.view import InspectionView
from server.ledger.queries import cells_of_communities
from server.photos import service as photos
from server.photos.claims import Evidence
from sync import changes
from sync.entity import Wire, cell_bucket


def load_inspections(session: Session, ids: Sequence[str]) -> list[Wire]:
    """Return inspections as they are now, in the bucket of their cell, else of their community's cells.

    Those that came in long ago stand in no bucket.
    """
    found = queries.views(session, [UUID(inspection_id) for inspection_id in ids])
    evidence = photos.evidence(session, "inspection", [one.inspection_id for one in found])
    left = {str(one) for one in left_tablets(session, [one.inspection_id for one in found])}
    wires = _moved_on(session, found, _wires(session, found, evidence))
    return [replace(wire, buckets=frozenset()) if wire.entity_id in left else wire for wire in wires]


def _moved_on(session: Session, found: Sequence[InspectionView], wires: Sequence[Wire]) -> list[Wire]:
    """Return the wires in the buckets of the cells that came of those named in the field."""
    named = [(one.inspection_id, one.grid_cell_code, one.lon, one.lat) for one in found if one.grid_cell_code]
    heirs = places.cells_now(session, [(str(code), lon, lat) for _, code, lon, lat in named])
    cells = {str(one[0]): codes for one, codes in zip(named, heirs, strict=True)}
    return [
        replace(wire, buckets=frozenset(cell_bucket(code) for code in cells[wire.entity_id]))
        if wire.entity_id in cells
        else wire
        for wire in wires
    ]


def _wires(
    session: Session, found: Sequence[InspectionView], evidence: Mapping[UUID, Evidence]
) -> list[Wire]:
    nowhere = {one.community_id for one in found if one.grid_cell_code is None}
    cells = cells_of_communities(session, nowhere) if nowhere else {}
    return [
        Wire(
            str(one.inspection_id),
            one.version,
            _buckets(one, cells.get(one.community_id, [])),
            one.as_json(evidence.get(one.inspection_id, Evidence())),
            one.mid,
        )
        for one in found
    ]


def _buckets(one: InspectionView, cells: Sequence[str]) -> frozenset[str]:
    places = [one.grid_cell_code] if one.grid_cell_code else cells
    return frozenset(cell_bucket(code) for code in places)


def tell(session: Session, stored: Sequence[InspectionView], evidence: Mapping[UUID, Evidence]) -> None:
    """Tell the tablets of inspections that were just stored, each with the work that it came with."""
    changes.put(session, "inspection", _wires(session, stored, evidence))
