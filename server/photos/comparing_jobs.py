"""What workers do with photos they have looked into: compare them with the records that name them."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from uuid import UUID

import structlog

from server.photos import comparing_queries as queries
from server.photos.comparing_queries import Odd, Uncompared
from server.photos.oddities import TWICE, Oddity
from server.photos.told import Tellings, Told
from server.work import Job, Work

log = structlog.get_logger()

EVERY_S = 30
AT_ONCE = 200
BUDGET_S = 60


def compare(tellings: Tellings) -> Job:
    """Return the job that warns of photos whose time or place disagrees, and of photos used twice."""

    def job(work: Work) -> None:
        """Compare what waits, for a minute at most."""
        ends = time.monotonic() + BUDGET_S
        while _compare_some(work, tellings) == AT_ONCE and time.monotonic() < ends:
            pass

    return job


def _compare_some(work: Work, tellings: Tellings) -> int:
    """Compare some claims in one transaction; return how many there were."""
    with work.database.transaction() as session:
        claims = queries.take_uncompared(session, AT_ONCE, work.now)
        odd: list[Odd] = []
        for entity in sorted({claim.entity for claim in claims} & tellings.keys()):
            mine = [claim for claim in claims if claim.entity == entity]
            others = queries.naming(session, entity, {claim.sha256 for claim in mine})
            ids = {claim.entity_id for claim in mine}.union(*others.values())
            told = tellings[entity](session, ids)
            odd += [one for claim in mine for one in _odd(claim, told, others[claim.sha256])]
        queries.note(session, odd, work.now)
    if odd:
        log.info("photos disagree", count=len(odd))
    return len(claims)


def _odd(claim: Uncompared, told: dict[UUID, Told], naming: Iterable[UUID]) -> list[Odd]:
    own = told.get(claim.entity_id)
    if own is None:
        return []
    found = [Odd(claim.entity, claim.entity_id, claim.sha256, one) for one in _disagreements(claim, own)]
    for other in sorted(naming):
        if other != claim.entity_id and _another_fact(own, told.get(other)):
            found += _twice(claim, other)
    return found


def _disagreements(claim: Uncompared, own: Told) -> Sequence[Oddity]:
    from server.photos import comparing  # web processes load no projections

    camera = None if claim.lon is None or claim.lat is None else (claim.lon, claim.lat)
    return [
        *comparing.odd_time(claim.camera_at, own.taken_at(claim.claimed_at)),
        *comparing.odd_place(camera, own.places),
    ]


def _another_fact(own: Told, other: Told | None) -> bool:
    return own.fact is not None and other is not None and other.fact != own.fact


def _twice(claim: Uncompared, other: UUID) -> list[Odd]:
    """Return the warnings on both: whichever is compared last is sure to see the other."""
    return [
        Odd(claim.entity, claim.entity_id, claim.sha256, Oddity(TWICE, other_id=other)),
        Odd(claim.entity, other, claim.sha256, Oddity(TWICE, other_id=claim.entity_id)),
    ]
