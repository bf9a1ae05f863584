"""Which buckets a person's tablet follows, and when it should come again."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from server.auth.actor import Actor
from sync.entity import GLOBAL_BUCKET, cell_bucket, unit_bucket, user_bucket

PROTOCOL_VERSIONS = (1,)
# The name of the job that lets held items go on.
RELEASE = "release-held"
SOONEST_S, LATEST_S = 300, 900
WOBBLE_S = 30
WORKER = "grid_worker"


def scope_of(actor: Actor, cells: Iterable[str]) -> frozenset[str]:
    """Return the buckets of a tablet: the county's, the person's, the cells'; for other roles the unit's."""
    own = {GLOBAL_BUCKET, user_bucket(actor.user_id)}
    if actor.role != WORKER:
        own.add(unit_bucket(actor.unit_code))
    return frozenset(own | {cell_bucket(code) for code in cells})


def next_sync_after(now: datetime, device_id: UUID, draw: random.Random) -> datetime:
    """Return when a tablet should sync again: within 5 to 15 minutes, at a place in time of its own.

    The places spread the tablets evenly whenever they ask; the draw keeps two of one place from meeting.
    """
    span_s = LATEST_S - SOONEST_S - WOBBLE_S
    soonest = now.timestamp() + SOONEST_S
    place_s = int.from_bytes(hashlib.sha256(device_id.bytes).digest()[:8]) / 2**64 * span_s
    wait_s = (place_s - soonest) % span_s
    return now + timedelta(seconds=SOONEST_S + wait_s + draw.uniform(0, WOBBLE_S))
