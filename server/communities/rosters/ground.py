"""The ground that communities stand on: the county, its neighbourhoods, and who is there already."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import shapely
from geoalchemy2.shape import to_shape
from shapely.geometry import MultiPolygon, Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geo.tables import Community
from server.communities.rosters import outlines, queries
from server.communities.rosters.errors import CountyMissing
from server.sheets.cells import CellFault
from server.sheets.columns import plain
from server.sheets.rows import CheckedRow


class Ground:
    """Judges where a row places its community."""

    def __init__(self, session: Session, standing: Iterable[Community]) -> None:
        """Read the county.

        Raises:
            CountyMissing: it is not loaded yet.
        """
        found = queries.county(session)
        if found is None:
            raise CountyMissing
        self._county, self.metric_srid = found
        shapely.prepare(self._county)
        self._neighbourhoods = queries.neighbourhoods(session)
        self._outlines: dict[UUID, tuple[str, BaseGeometry]] = {
            home.community_id: (home.name, to_shape(home.geom)) for home in standing
        }

    def place(self, row: CheckedRow) -> Point | MultiPolygon | None:
        """Return where a row says that its community lies, None where it says nothing or is faulty."""
        told, datum = row.values, row.values.get("datum", "wgs84")
        name = "outline" if "outline" in told else "lon"
        try:
            if "outline" in told:
                return outlines.drawn(told["outline"], datum, self._county, self.metric_srid)
            if "lon" in told and "lat" in told:
                return outlines.position(told["lon"], told["lat"], datum, self._county)
        except CellFault as fault:
            row.wrong(name, fault.detail, fault.detail_zh)
            return None
        if "lon" in told or "lat" in told:
            row.wrong("lat" if "lon" in told else "lon", "must be filled in as well", "经度和纬度须同时填写")
        return None

    def neighbourhood(self, row: CheckedRow) -> str | None:
        """Return the code of the neighbourhood that a row names; None with the fault noted."""
        told = row.values.get("neighbourhood")
        if told is None:
            row.wrong("neighbourhood", "is needed for a new community", "新小区须填写社区")
            return None
        codes = self._neighbourhoods.get(plain(told), [])
        if len(codes) == 1:
            return codes[0]
        if codes:
            listed = ", ".join(codes[:5])
            row.wrong(
                "neighbourhood", f"is the name of several: give one of {listed}", f"有多个同名社区：{listed}"
            )
        else:
            row.wrong("neighbourhood", "is no neighbourhood here", "没有这个社区")
        return None

    def outline(
        self, row: CheckedRow, place: Point | MultiPolygon, own: UUID | None = None
    ) -> MultiPolygon | None:
        """Return the outline for a place; None with the fault noted where another community stands there.

        Args:
            own: the community itself, which is never in its own way.
        """
        near = self._near(place, own)
        if isinstance(place, MultiPolygon):
            for name, other in near:
                shared = outlines.shared_part(place, other)
                if shared > outlines.MOST_SHARED:
                    row.wrong("outline", f"shares {shared:.0%} with {name}", f"与 {name} 重叠 {shared:.0%}")
                    return None
            return place
        if near:
            row.wrong("lon", f"lies inside {near[0][0]}", f"位于 {near[0][0]} 内")
            return None
        others = [other for _, other in self._near(place.buffer(0.01), own)]
        return outlines.around(place, others, self.metric_srid)

    def settle(self, community_id: UUID, name: str, outline: MultiPolygon) -> None:
        """Let a community stand here from now on."""
        self._outlines[community_id] = (name, outline)

    def outline_of(self, community_id: UUID) -> BaseGeometry:
        """Return the outline (WGS 84) of a community that stands here."""
        return self._outlines[community_id][1]

    def _near(self, place: BaseGeometry, own: UUID | None) -> list[tuple[str, BaseGeometry]]:
        return [
            found
            for key, found in self._outlines.items()
            if key != own and shapely.intersects(found[1], place)
        ]
