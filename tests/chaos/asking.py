"""The intake desk in the storm: residents call, and a worker is sent to see whether it is true.

What a worker reports was seen already and files itself, so only what others told is ever verified.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from server.auth import queries as people
from server.auth.actor import Actor
from server.communities import service as communities
from server.complaints import obeying
from server.complaints import service as complaints
from server.ledger import service as ledger
from server.ledger.errors import StaleVersion, StateForbids
from server.ledger.facts import Command
from server.ledger.turns import OUTSIDE_SOURCES
from tests.chaos.writer import CATEGORY, SEVERITY

CALLS = 0.5
# Cases that wait for somebody to look, with the subdistrict whose desk may ask.
REPORTED = (
    'SELECT case_id, "case".version, left(neighbourhood_code, 9) FROM server."case"'
    " JOIN geo.community USING (community_id)"
    " WHERE state = 'reported' AND source = ANY(:sources) AND grid_cell_code = ANY(:cells) ORDER BY 1"
)
PLACES = (
    "SELECT community_id, grid_cell_code, left(neighbourhood_code, 9) FROM geo.community_cell"
    " JOIN geo.community USING (community_id) WHERE grid_cell_code = ANY(:cells) ORDER BY 1, 2"
)
DESK = "SELECT code FROM server.unit WHERE kind = 'subdistrict' AND division_code = :division"


def ask(session: Session, draw: random.Random, worker_id: UUID, cells: Sequence[str], now: datetime) -> bool:
    """Ask a worker to verify what somebody told of these cells; False when a tablet was first.

    Where nothing waits, and often besides, a resident calls and the desk makes a case of it.
    """
    if draw.random() < CALLS or not _reported(session, cells):
        _hear(session, draw, cells, now)
    case_id, version, division = draw.choice(_reported(session, cells))
    command = Command("case.ask_verification", version, {"worker": str(worker_id)})
    try:
        ledger.obey(session, case_id=case_id, command=command, actor=_clerk(session, division, now), now=now)
    except (StaleVersion, StateForbids):
        return False
    return True


def _reported(session: Session, cells: Sequence[str]) -> Sequence[Any]:
    return session.execute(text(REPORTED), {"sources": list(OUTSIDE_SOURCES), "cells": list(cells)}).all()


def _hear(session: Session, draw: random.Random, cells: Sequence[str], now: datetime) -> None:
    """Take a call down, find it true by what was told, and hand it on as a case."""
    community_id, cell, division = draw.choice(session.execute(text(PLACES), {"cells": list(cells)}).all())
    clerk = _clerk(session, division, now)
    told = {"channel": "phone", "description": "电梯无维保记录", "grid_cell_code": cell}
    stands = complaints.register(session, {"community_id": str(community_id), **told}, actor=clerk, now=now)
    case = {"category": CATEGORY, "severity": SEVERITY, "description": "电梯无维保记录"}
    for command, data in (("complaint.verify", {"finding": "true"}), ("complaint.transfer", case)):
        stands = obeying.obey(
            session,
            UUID(stands["complaint_id"]),
            command=command,
            base_version=stands["version"],
            data=data,
            actor=clerk,
            now=now,
        )


def _clerk(session: Session, division: str, now: datetime) -> Actor:
    username = f"stormclerk{division}"
    if people.user_by_name(session, username) is None:
        communities.create_person(
            session,
            username=username,
            role="intake_clerk",
            unit_code=session.execute(text(DESK), {"division": division}).scalar_one(),
            cells=(),
            password=f"{username} asks whoever walks there",
            actor=None,
            now=now,
        )
    known = people.user_by_name(session, username)
    assert known is not None
    actor = people.actor_by_id(session, known.user_id, None)
    assert actor is not None
    return actor
