"""What came of a file of places, and the picture of what it changes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.datum import Datum
from geo.mending import Note
from server.communities.transfer.judging import Deed
from server.disk import replaced_whole
from server.sheets.faults import MOST_LISTED, Fault, reasons
from server.sheets.rows import CheckedRow


@dataclass(frozen=True, slots=True)
class Warned:
    """Something odd about a file as a whole that does not stop it."""

    code: str
    detail: str
    detail_zh: str

    def as_json(self) -> dict[str, str]:
        """Return code and words."""
        return {"code": self.code, "detail": self.detail, "detail_zh": self.detail_zh}


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of one file.

    Attributes:
        datum: upon which its coordinates were read; `inside` tells for each datum which share of them would
            lie in the county.
    """

    layer: str
    rows: int
    dry_run: bool
    deeds: Sequence[Deed]
    faults: Sequence[Fault]
    datum: Datum
    encoding: str
    inside: Mapping[Datum, float]
    warnings: Sequence[Warned]

    def count(self, what: str) -> int:
        """Return how many rows did this: `created`, `changed`, `unchanged`, `repeated`."""
        return sum(deed.what == what for deed in self.deeds)

    @property
    def mended(self) -> list[tuple[int, Note]]:
        """Return what was mended, by row."""
        return [(deed.row.row, note) for deed in self.deeds for note in deed.notes]

    def as_json(self) -> dict[str, Any]:
        """Return the numbers, the first of what was mended and refused, and what is odd about the file."""
        return {
            "layer": self.layer,
            "rows": self.rows,
            **{what: self.count(what) for what in ("created", "changed", "unchanged", "repeated")},
            "refused_rows": len({fault.row for fault in self.faults}),
            "reasons": reasons(self.faults),
            "errors": [fault.as_json() for fault in self.faults[:MOST_LISTED]],
            "dry_run": self.dry_run,
            "datum": self.datum,
            "encoding": self.encoding,
            "inside": {datum: round(share, 4) for datum, share in self.inside.items()},
            "warnings": [one.as_json() for one in self.warnings],
            "mended_rows": len({row for row, _ in self.mended}),
            "mended": [
                {"row": row, "detail": note.detail, "detail_zh": note.detail_zh}
                for row, note in self.mended[:MOST_LISTED]
            ],
        }


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that cannot be taken in, and where it lies (WGS 84)."""

    row: CheckedRow
    geometry: BaseGeometry


def draw(file: Path, deeds: Iterable[Deed], refused: Iterable[Refused] = ()) -> None:
    """Write what would be made, changed and refused as GeoJSON (WGS 84), each with its row and why.

    Raises:
        StorageFull: there is no room.
    """
    with replaced_whole(file) as part, part.open("w", encoding="utf-8") as out:
        out.write('{"type":"FeatureCollection","features":[')
        before = ""
        for feature in chain(map(_feature, deeds), map(_refusal, refused)):
            if feature is not None:
                out.write(before + json.dumps(feature, ensure_ascii=False))
                before = ",\n"
        out.write("]}\n")


def _feature(deed: Deed) -> dict[str, Any] | None:
    if deed.row.faults:
        return _refusal(Refused(deed.row, deed.geometry))
    if deed.what not in ("created", "changed"):
        return None
    told = {
        "row": deed.row.row,
        "what": deed.what,
        "key": deed.key,
        "name": deed.row.values.get("name"),
        "mended": "; ".join(note.detail for note in deed.notes) or None,
    }
    return {"type": "Feature", "properties": told, "geometry": json.loads(shapely.to_geojson(deed.geometry))}


def _refusal(one: Refused) -> dict[str, Any] | None:
    if not np.isfinite(shapely.get_coordinates(one.geometry)).all():
        return None
    told = {
        "row": one.row.row,
        "what": "refused",
        "name": one.row.values.get("name"),
        "faults": "; ".join(f"{fault.column} {fault.detail}".strip() for fault in one.row.faults),
        "faults_zh": "；".join(f"{fault.column} {fault.detail_zh}".strip() for fault in one.row.faults),
    }
    return {"type": "Feature", "properties": told, "geometry": json.loads(shapely.to_geojson(one.geometry))}
