"""What a file says about its coordinates: degrees or metres, and upon which datum."""

from __future__ import annotations

from typing import Any

from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from geo.boundary_io.errors import UnknownReference
from geo.datum import Datum
from geo.vertices import Step

_WGS84 = ("WGS 84", "WGS_1984", "World Geodetic System 1984")
_CGCS2000 = ("China 2000", "China_2000", "CGCS2000", "China Geodetic")


class Reference:
    """How a file's coordinates become degrees.

    Attributes:
        datum: what the file's own words prove: `cgcs2000`, or None. Files of Chinese maps call GCJ-02 and
            BD-09 "WGS 84", since these have no name of their own, so that one proves nothing.
        to_degrees: moves coordinates into degrees; None where they are degrees already.
    """

    def __init__(self, told: str | None) -> None:
        """Read a CRS as GDAL tells it.

        Raises:
            UnknownReference: it is neither upon WGS 84 nor upon CGCS2000.
        """
        self.datum: Datum | None = None
        self.to_degrees: Step | None = None
        if told is None:
            return
        try:
            crs = CRS.from_user_input(told)
        except CRSError as fault:
            raise UnknownReference(told) from fault
        base = crs.geodetic_crs
        name = f"{base.name} {base.datum.name if base.datum else ''}" if base is not None else crs.name
        if any(word in name for word in _CGCS2000):
            self.datum = "cgcs2000"
        elif not any(word in name for word in _WGS84):
            raise UnknownReference(crs.name)
        if crs.is_projected:
            self.to_degrees = _unprojected(crs, base)


def _unprojected(crs: CRS, base: Any) -> Step:
    return Transformer.from_crs(crs, base, always_xy=True).transform
