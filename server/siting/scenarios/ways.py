"""The footways and gates that a scenario's walks go by; without scipy, so that the web may read them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import shapely
from sqlalchemy.orm import Session

from geo.metric import to_metres
from geo.siting.errors import Conflict
from server.siting.ground import queries
from server.siting.ground.area import metric_srid
from server.siting.ground.gates import BEYOND_M
from server.siting.ground.ways import Ways
from server.siting.scenarios.asked import Asked


def ways_of(session: Session, asked: Asked, ids: Sequence[str], day: date) -> Ways:
    """Return what can be walked in and around communities, drawn ways and opened gates included.

    Raises:
        Conflict: a gate that is to be opened is not there.
    """
    srid, reach_m = metric_srid(session), asked.radius_m + BEYOND_M
    lines = queries.ways_around(session, ids, day, reach_m)
    drawn = [to_metres(shapely.LineString(way), srid) for way in asked.drawn_ways]
    gates = queries.gates_around(session, ids, day, reach_m)
    opened = frozenset(str(one) for one in asked.open_gates)
    unknown = sorted(opened - {gate["id"] for gate in gates})
    if unknown:
        raise Conflict(
            "no such gate in or near the area",
            "规划范围及附近没有这些出入口",
            [(one,) for one in unknown],
        )
    return Ways(np.concatenate([lines, np.array(drawn, dtype=np.object_)]), gates, opened)
