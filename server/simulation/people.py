"""The people who carry the simulated tablets: demo workers with cells that hold communities."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from server.auth import enrolment
from server.auth import queries as people
from server.communities import queries, service
from server.communities.service import local_day
from server.communities.territory import Territory

COMMUNITIES_EACH = 4
WORKER = "grid_worker"


class NowhereToWalk(Exception):
    """No community is stored; load the county first."""


@dataclass(frozen=True, slots=True)
class Recruit:
    """A worker with a code for their tablet."""

    username: str
    enrolment_code: str


def recruit(session: Session, count: int, now: datetime) -> list[Recruit]:
    """Make workers sim1 to simN (or take those that are there), give them cells and a code each.

    Raises:
        NowhereToWalk: there is no community yet.
    """
    communities = queries.communities(session, Territory(None), {}, None, 1000)
    if not communities:
        raise NowhereToWalk("there are no communities: run `wangge load-county` first")
    return [
        _worker(session, f"sim{number}", _cells(communities, number), now) for number in range(1, count + 1)
    ]


def _cells(communities: Sequence[dict[str, Any]], number: int) -> list[str]:
    start = (number - 1) * COMMUNITIES_EACH
    chosen = [communities[(start + step) % len(communities)] for step in range(COMMUNITIES_EACH)]
    return sorted({code for community in chosen for code in community["grid_cell_codes"]})


def _worker(session: Session, username: str, cells: list[str], now: datetime) -> Recruit:
    if people.user_by_name(session, username) is None:
        service.create_person(
            session,
            username=username,
            role=WORKER,
            unit_code=None,
            cells=cells,
            password=secrets.token_urlsafe(24),
            display_name=f"模拟网格员{username.removeprefix('sim')}",
            origin="demo",
            actor=None,
            now=now,
        )
    else:
        service.assign(
            session, username=username, cells=cells, starts=local_day(now), ends=None, actor=None, now=now
        )
    code = enrolment.make_code(session, username=username, actor=None, now=now)
    return Recruit(username, code.enrolment_code)
