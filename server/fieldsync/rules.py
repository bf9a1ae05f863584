"""Which buckets a person's tablet follows, and when it should come again."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import datetime, timedelta

from server.auth.actor import Actor
from sync.entity import GLOBAL_BUCKET, cell_bucket, unit_bucket, user_bucket

PROTOCOL_VERSIONS = (1,)
# The name of the job that lets held items go on.
RELEASE = "release-held"
SOONEST_S, LATEST_S = 300, 900
WORKER = "grid_worker"


def scope_of(actor: Actor, cells: Iterable[str]) -> frozenset[str]:
    """Return the buckets of a tablet: the county's, the person's, the cells'; for other roles the unit's."""
    own = {GLOBAL_BUCKET, user_bucket(actor.user_id)}
    if actor.role != WORKER:
        own.add(unit_bucket(actor.unit_code))
    return frozenset(own | {cell_bucket(code) for code in cells})


def next_sync_after(now: datetime, draw: random.Random) -> datetime:
    """Return when a tablet should sync again; drawn, so that a whole shift does not come at once."""
    return now + timedelta(seconds=draw.randint(SOONEST_S, LATEST_S))
