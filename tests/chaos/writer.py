"""One tablet in the storm: it works, hands in, pulls, jumps in time, crashes and starts again."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import requests
import uuid6

from server.simulation.worker import Worker
from sync.client import Client, Line
from sync.client.whole import Session
from tests.chaos.fieldwork import Fieldwork
from tests.chaos.proxy import Proxy

# One that joins no other case, so that each report makes a case of its own.
CATEGORY, SEVERITY = "lift_maintenance_inadequate", "B"
CRASHES = 0.03
PATIENCE_S = 120.0
LONGEST_JUMP_H = 72


class Crashed(BaseException):
    """The tablet's process ended here; nothing below may catch it."""


class CrashingHTTP(Session):
    """A session of HTTP in which the tablet dies now and then, before a request or after its answer."""

    def __init__(self, draw: random.Random, chance: float) -> None:
        super().__init__()
        self._draw, self.chance = draw, chance

    def request(self, *args: Any, **how: Any) -> requests.Response:
        """Send a request, unless the tablet dies first; die after it, now and then."""
        if self._draw.random() < self.chance / 2:
            raise Crashed
        answer = super().request(*args, **how)
        if self._draw.random() < self.chance / 2:
            answer.close()
            raise Crashed
        return answer


class Writer:
    """A tablet with its file and a line of its own.

    Attributes:
        crashes, jumps: how often the tablet died, and how often its clock was set.
    """

    def __init__(
        self,
        proxy: Proxy,
        file: Path,
        draw: random.Random,
        *,
        patience_s: float = PATIENCE_S,
        crashes: float = CRASHES,
        far: Sequence[str] = (),
    ) -> None:
        """Make the tablet's file.

        Args:
            patience_s: how long a call is tried.
            crashes: the chance that the tablet dies at a request.
            far: communities where nobody may work.
        """
        self.proxy, self.file, self.draw = proxy, file, draw
        self._patience_s = patience_s
        self._offset = timedelta()
        self.crashes = self.jumps = 0
        self._chance, self._far = crashes, far
        self.worker = self._start()

    @property
    def client(self) -> Client:
        """Return the tablet's present client."""
        return self.worker.client

    def enrol(self, code: str) -> None:
        """Enrol the tablet, whatever happens to it."""
        self.survive(lambda: self.client.enrol(code, platform="chaos"))

    def step(self) -> None:
        """Do one thing that a tablet does."""
        act = self.draw.choice(
            (
                self.inspect,
                self.inspect,
                self.report,
                self.note,
                self.work,
                self.work,
                self.work,
                self.hand_in,
                self.hand_in,
                self.pull,
                self.jump,
            )
        )
        self.survive(act)

    def progress(self) -> tuple[int, int]:
        """Return how many items the tablet has written and how many of them have an answer."""
        with closing(sqlite3.connect(self.file)) as db:
            written, done = db.execute("SELECT count(*), count(status) FROM item").fetchone()
        return written, done

    def survive(self, act: Any) -> None:
        """Do something until it is done; a tablet that dies is started again from its file."""
        while True:
            try:
                act()
                return
            except Crashed:
                self.crashes += 1
                self.client.close()
                self.worker = self._start()

    def inspect(self) -> None:
        """Write an inspection down, when there is a community to inspect."""
        if self.client.store.records("community"):
            self.worker.inspect(self.draw.choice((0, 0, 1, 2)))

    def report(self) -> None:
        """Write a report down."""
        communities = sorted(self.client.store.records("community"))
        if communities:
            data = {
                "category": CATEGORY,
                "severity": SEVERITY,
                "community_id": self.draw.choice(communities),
                "description": "电梯维保记录超期未张贴",
                "photos": [],
            }
            self.client.add("case.report", UUID(str(uuid6.uuid7())), data)

    def note(self) -> None:
        """Write a note to a case; each bears a mark of its own, by which it can be counted."""
        cases = self.client.store.records("case")
        if cases:
            case_id = self.draw.choice(sorted(cases))
            self.client.add(
                "case.note", case_id, {"text": str(uuid6.uuid7())}, base_version=cases[case_id].get("version")
            )

    def work(self) -> None:
        """Do one of the other things of a day."""
        self.fieldwork.some()

    def hand_in(self) -> None:
        """Push in batches of any size, and bring the photos."""
        self.worker.hand_in()

    def pull(self) -> None:
        """Pull to the end."""
        self.client.pull()

    def jump(self) -> None:
        """Set the tablet's clock somewhere else."""
        self.jumps += 1
        self._offset = timedelta(hours=self.draw.uniform(-LONGEST_JUMP_H, LONGEST_JUMP_H))

    def be_mortal(self, chance: float) -> None:
        """Let the tablet die at a request with this chance from now on."""
        self._chance = chance
        self.client.close()
        self.worker = self._start()

    def finish(self) -> None:
        """Hand everything in and pull; the line is calm by now."""
        self.be_mortal(0.0)
        self.client.push()
        self.client.upload()

    def _start(self) -> Worker:
        line = Line(self.proxy.url, patience_s=self._patience_s, draw=self.draw)
        line.http = CrashingHTTP(self.draw, self._chance)
        client = Client(self.proxy.url, self.file, line=line, clock=lambda: datetime.now(UTC) + self._offset)
        self.fieldwork = Fieldwork(client, self.draw, self._far)
        problems = self.worker.problems if hasattr(self, "worker") else {}
        return Worker(client, self.draw, problems=problems)
