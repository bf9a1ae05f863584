"""What a picture of a plan is drawn upon: communities, buildings, ways, in metres."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from server.communities.service import local_day
from server.siting.ground import queries
from server.siting.ground.area import Home, Named, homes_of

Shapes = NDArray[np.object_]
AROUND_M = 150.0


@dataclass(frozen=True, slots=True)
class Backdrop:
    """Communities with their outlines, and what lies in and around them."""

    homes: tuple[Home, ...]
    buildings: Shapes
    lanes: Shapes
    ways: Shapes


def backdrop_of(session: Session, report: Mapping[str, Any]) -> Backdrop:
    """Return what a plan's pictures are drawn upon, as it stood when the plan was asked for."""
    day = local_day(datetime.fromisoformat(report["asked_at"]))
    ids = tuple(UUID(one["community_id"]) for one in report["communities"])
    homes = homes_of(session, Named(ids), day)
    names = [home.id for home in homes]
    things = queries.things_around(session, names, day, AROUND_M, [])
    none = np.empty(0, dtype=np.object_)
    return Backdrop(
        tuple(homes),
        things.get("building", none),
        things.get("fire_lane", none),
        queries.ways_around(session, names, day, AROUND_M),
    )
