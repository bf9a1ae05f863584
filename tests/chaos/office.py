"""What the office does in the middle of the storm: workers are moved, checklists published."""

from __future__ import annotations

import random
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from copy import deepcopy
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, ProgrammingError
from sqlalchemy.orm import Session

from checklists.catalog import catalog
from server.auth import enrolment
from server.auth import queries as people
from server.communities import service as communities
from server.db import Database
from server.programme import publishing
from tests.chaos.asking import ask

Done = TypeVar("Done")
CELLS_EACH = 3
TRIES = 60
CELLS = "SELECT DISTINCT grid_cell_code FROM geo.community_cell ORDER BY 1"
FAR = (
    "SELECT community_id FROM geo.community_cell GROUP BY 1"
    " HAVING NOT array_agg(grid_cell_code::text) && CAST(:cells AS text[]) ORDER BY 1"
)
# A few neighbouring cells, so that the workers meet in them.
GROUND = 14


class Office:
    """The office's hand on the database, through the product's own use cases.

    Attributes:
        walked: username → every set of cells that the worker was given.
        far: communities in which nobody walks.
    """

    def __init__(self, database: Database, draw: random.Random) -> None:
        self._database, self._draw = database, draw
        self.moves = self.publications = self.questions = 0
        self.walked: defaultdict[str, list[frozenset[str]]] = defaultdict(list)
        with database.snapshot() as session:
            self._cells: Sequence[str] = session.execute(text(CELLS)).scalars().all()[:GROUND]
            far = session.execute(text(FAR), {"cells": list(self._cells)}).scalars()
            self.far = [str(one) for one in far]

    def employ(self, username: str) -> str:
        """Make a worker with some cells and return a code for their tablet."""
        now = datetime.now(UTC)
        with self._database.transaction() as session:
            communities.create_person(
                session,
                username=username,
                role="grid_worker",
                unit_code=None,
                cells=self._given(username),
                password=f"{username} walks a long way",
                actor=None,
                now=now,
            )
            return enrolment.make_code(session, username=username, actor=None, now=now).enrolment_code

    def move(self, username: str) -> None:
        """Let a worker walk other cells from today on."""
        cells, now = self._given(username), datetime.now(UTC)

        def assign(session: Session) -> None:
            communities.assign(
                session,
                username=username,
                cells=cells,
                starts=communities.local_day(now),
                ends=None,
                actor=None,
                now=now,
            )

        self._surely(assign)
        self.moves += 1

    def publish(self) -> None:
        """Publish another version of a checklist; the one in force is retired."""
        self.publications += 1
        document = deepcopy(catalog().get(self._draw.choice(("T1", "T2"))).document)
        document["title_en"] = f"{document['title_en']} ({self.publications})"
        now = datetime.now(UTC)
        self._surely(
            lambda session: publishing.publish(session, document, file="chaos.json", actor=None, now=now)
        )

    def ask(self, username: str) -> None:
        """Ask a worker to verify what was told of their cells, unless a tablet is first."""
        self.questions += self._surely(lambda session: self._ask(session, username))

    def _ask(self, session: Session, username: str) -> bool:
        worker = people.user_by_name(session, username)
        assert worker is not None
        now = datetime.now(UTC)
        return ask(session, self._draw, worker.user_id, self.cells_of(username), now)

    def cells_of(self, username: str) -> list[str]:
        """Return the cells that a worker walks today."""
        now = datetime.now(UTC)
        with self._database.snapshot() as session:
            found = session.execute(
                text(
                    'SELECT grid_cell_code FROM server.assignment JOIN server."user" USING (user_id)'
                    " WHERE username = :username AND valid_from <= :day"
                    " AND (valid_to IS NULL OR valid_to > :day)"
                ),
                {"username": username, "day": communities.local_day(now)},
            )
            return sorted(found.scalars())

    def _given(self, username: str) -> list[str]:
        cells = self._draw.sample(self._cells, min(CELLS_EACH, len(self._cells)))
        self.walked[username].append(frozenset(cells))
        return cells

    def _surely(self, act: Callable[[Session], Done]) -> Done:
        """Do something although the database dies now and then: each of these acts may be repeated."""
        for _ in range(TRIES):
            try:
                with self._database.transaction() as session:
                    return act(session)
            except ProgrammingError:
                raise
            except DBAPIError:
                time.sleep(1)
        raise TimeoutError("the database did not come back")
