"""Taking in a file of places, all of it or nothing. Only jobs and commands load this."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geo.boundary_io.model import Feature, Source
from geo.boundary_io.reading import opened
from geo.datum import Datum, from_wgs84, geometry_to_wgs84
from geo.datum_check import better_datum, lying_beside, shares_inside
from server.communities.rosters.outcome import By
from server.communities.service import local_day
from server.communities.transfer import queries
from server.communities.transfer.binding import bound, told
from server.communities.transfer.errors import DatumMissing, PlacesFaulty
from server.communities.transfer.judging import Deed, Judge
from server.communities.transfer.kinds import Kind
from server.communities.transfer.outcome import Refused, Taken, Warned, draw
from server.communities.transfer.storing import store, wait_for_turn
from server.disk import room_or_storage_full
from server.sheets.rows import CheckedRow

CORNERS = 40
# Two outlines of one border differ by so much (some 20 m).
BORDER_DEG = 0.0002
# Of fewer places that were moved on purpose nothing can be told.
FEWEST_GROUNDS = 3
TELL_EVERY = 500
Choose = Callable[[Feature], Mapping[str, object] | None]


def every_feature(feature: Feature) -> Mapping[str, object]:
    """Return the cells of a feature, whatever it is."""
    return feature.properties


@dataclass(frozen=True, slots=True)
class How:
    """How a file is read and what is done with it.

    Attributes:
        datum: upon which its coordinates are; None leaves it to the file.
        mapping: the layer's column that a field of the file means, by the field's name.
        table: which of several tables in it.
        dry_run: do everything and take it back.
        skip_refused: take the good rows; otherwise one faulty row stops all.
        drawing: where to write what would change and what is refused, as GeoJSON.
        choose: returns the cells of a feature, None where it belongs to another layer.
        titles: of the chosen cells, where these are not the file's own.
    """

    datum: Datum | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    table: str | None = None
    dry_run: bool = False
    skip_refused: bool = False
    drawing: Path | None = None
    choose: Choose = every_feature
    titles: Sequence[str] | None = None


def take_in(
    session: Session,
    kind: Kind,
    file: Path,
    how: How,
    *,
    file_name: str,
    by: By,
    tell: Callable[[int, int | None], None] = lambda done, total: None,
) -> Taken:
    """Take a file in; the same file again changes nothing.

    Args:
        tell: hears how many rows are done, of how many; judging and storing count half each.

    Raises:
        GeoError: the file as a whole, see `geo.boundary_io.errors`.
        DatumMissing, UnknownColumn, ColumnsMissing: as their names say.
        PlacesFaulty: rows are faulty and `skip_refused` was not asked for; nothing was changed.
        StorageFull: there is no room to unpack it.
    """
    wait_for_turn(session)
    trial = session.begin_nested()
    with room_or_storage_full(), opened(file, file_name, table=how.table) as source:
        datum = how.datum or source.datum
        if datum is None:
            raise DatumMissing
        rows, deeds, places, refused = _judged(session, kind, source, how, datum, by, tell)
        count, encoding, heights = len(rows), source.encoding, source.heights
    good = [deed for deed in deeds if not deed.row.faults]
    if how.skip_refused or len(good) == count:
        store(session, kind, good, lambda done: tell((count + done) // 2, count))
    faults = [fault for row in rows for fault in row.faults]
    if how.drawing is not None:
        draw(how.drawing, deeds, refused)
    stopped = bool(faults) and not how.skip_refused
    if stopped or how.dry_run:
        trial.rollback()
    else:
        trial.commit()
    inside, warned = _datum_found(session, datum, places)
    taken = Taken(
        kind.name,
        count,
        how.dry_run,
        [deed for deed in deeds if not deed.row.faults],
        faults,
        datum,
        encoding,
        inside,
        [*(warned or _grounds_found(datum, deeds)), *_heights(heights)],
    )
    if stopped and not how.dry_run:
        raise PlacesFaulty(faults, count)
    if not how.dry_run:
        by.note(session, "places.import", "layer", kind.name, file=file_name, **_brief(taken))
    return taken


def _judged(
    session: Session,
    kind: Kind,
    source: Source,
    how: How,
    datum: Datum,
    by: By,
    tell: Callable[[int, int | None], None],
) -> tuple[list[CheckedRow], list[Deed], list[tuple[float, float]], list[Refused]]:
    columns = bound(kind, how.titles or source.titles, how.mapping)
    judge = Judge(session, kind, local_day(by.now), by.now)
    rows: list[CheckedRow] = []
    deeds: list[Deed] = []
    places: list[tuple[float, float]] = []
    refused: list[Refused] = []
    for feature in source.features:
        cells = how.choose(feature)
        if cells is None:
            continue
        row = told(kind, feature.row, cells, columns)
        rows.append(row)
        if feature.unreadable:
            row.wrong("", f"its geometry cannot be read: {feature.unreadable}", "几何数据无法读取")
            continue
        places += _corners(feature.geometry)
        usual = source.format == "shapefile"
        deed = judge.deed(row, feature.geometry, datum, turned_is_usual=usual)
        if deed is not None:
            deeds.append(deed)
        elif feature.geometry is not None:
            refused.append(Refused(row, geometry_to_wgs84(feature.geometry, datum)))
        if len(rows) % TELL_EVERY == 0:
            tell(len(rows) // 2, source.count)
    return rows, deeds, places, refused


def _corners(geometry: BaseGeometry | None) -> list[tuple[float, float]]:
    """Return corners from all around a geometry: one says little of a place that reaches to the border."""
    corners = shapely.get_coordinates(geometry) if geometry is not None else np.empty((0, 2))
    chosen = corners[:: max(1, len(corners) // CORNERS)]
    found: list[tuple[float, float]] = list(map(tuple, chosen[np.isfinite(chosen).all(axis=1)].tolist()))
    return found


def _datum_found(
    session: Session, datum: Datum, places: list[tuple[float, float]]
) -> tuple[Mapping[Datum, float], list[Warned]]:
    """Return which share of the corners each datum puts into the county, and a warning where another fits."""
    outline = queries.county(session)
    if outline is None or not places:
        return {}, []
    lon, lat = np.asarray(places, dtype=np.float64).T
    outline = shapely.buffer(outline, BORDER_DEG)
    inside = shares_inside(lon, lat, outline)
    better = better_datum(datum, inside)
    if better is not None:
        return inside, [
            Warned(
                "datum-mismatch",
                f"As {datum} {inside[datum]:.0%} of the corners lie in the county, as {better}"
                f" {inside[better]:.0%}. Check the datum.",
                f"按 {datum} 计算有 {inside[datum]:.0%} 的角点在县域内，"
                f"按 {better} 则有 {inside[better]:.0%}，请核对坐标系。",
            )
        ]
    beside, outside = lying_beside(datum, lon, lat, outline), round((1 - inside[datum]) * len(lon))
    if not outside:
        return inside, []
    return inside, [
        Warned(
            "outside-county",
            f"{outside} of {len(lon)} corners lie outside the county; {beside} of them would lie inside upon"
            " another datum.",
            f"{len(lon)} 个角点中有 {outside} 个在县域之外，其中 {beside} 个按其他坐标系则在县域之内。",
        )
    ]


def _grounds_found(datum: Datum, deeds: Sequence[Deed]) -> list[Warned]:
    """Return a warning where places miss the ground they belong to, but would lie there upon another datum.

    GCJ-02 moves a place by some 500 m: within a county nearly all stay inside it.
    """
    known = [(deed.geometry, deed.around) for deed in deeds if deed.around is not None]
    if len(known) < FEWEST_GROUNDS:
        return []
    inner = shapely.point_on_surface([place for place, _ in known])
    lon, lat = from_wgs84(shapely.get_x(inner), shapely.get_y(inner), datum)
    grounds = shapely.buffer([around for _, around in known], BORDER_DEG)
    on_ground = shares_inside(lon, lat, grounds)
    better = better_datum(datum, on_ground)
    if better is None:
        return []
    return [
        Warned(
            "datum-mismatch",
            f"As {datum} {on_ground[datum]:.0%} of {len(known)} places lie on the ground they belong to (the"
            f" community named, or where they stand now), as {better} {on_ground[better]:.0%}."
            " Check the datum.",
            f"按 {datum} 计算，{len(known)} 个地物中有 {on_ground[datum]:.0%} 位于所属小区或现有位置，"
            f"按 {better} 则有 {on_ground[better]:.0%}，请核对坐标系。",
        )
    ]


def _heights(there: bool) -> list[Warned]:
    if not there:
        return []
    return [
        Warned(
            "heights-dropped", "Heights were left out: places are kept flat.", "已舍去高程，仅保留平面坐标。"
        )
    ]


def _brief(taken: Taken) -> dict[str, object]:
    told = taken.as_json()
    return {name: told[name] for name in ("rows", "created", "changed", "unchanged", "refused_rows", "datum")}
