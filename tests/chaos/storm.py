"""A storm over one product: tablets that work while lines break and processes die; then the proof."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from server.auth import queries as people
from server.db import Database
from server.fieldsync.rules import scope_of
from server.photos.store import PhotoStore
from tests.chaos.faults import Draw
from tests.chaos.model import Findings, Tablet, judge
from tests.chaos.office import Office
from tests.chaos.proxy import Proxy
from tests.chaos.truth import tablet_of, truth_of
from tests.chaos.writer import Writer

OFFICE_EVERY_S = 2.0
SETTLE_S = 90.0
TELL_EVERY_S = 10.0
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Weather:
    """How bad it gets. `rate` is the chance that a request meets a fault."""

    seed: int
    seconds: float
    writers: int = 12
    rate: float = 0.2


@dataclass
class Sums:
    """What came of it."""

    findings: Findings
    faults: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    crashes: int = 0
    jumps: int = 0
    moves: int = 0
    publications: int = 0
    questions: int = 0


class Storm:
    """Writers with their lines, and the office that moves them about."""

    def __init__(
        self, url: str, database: Database, photos: PhotoStore, folder: Path, weather: Weather
    ) -> None:
        self._database, self._photos, self._weather = database, photos, weather
        self._office = Office(database, self._draw("office"))
        self._lines = ExitStack()
        self._writers = [self._writer(url, folder, number) for number in range(weather.writers)]
        self._over = threading.Event()

    @contextmanager
    def open(self) -> Iterator[Storm]:
        """Keep the lines open within the block."""
        with self._lines:
            yield self
            for writer in self._writers:
                writer.client.close()

    def blow(self, tell: Tell) -> None:
        """Let everybody work for the time that was asked for."""
        names = [self._name(number) for number in range(len(self._writers))]
        for writer, name in zip(self._writers, names, strict=True):
            code = self._office.employ(name)
            writer.enrol(code)
        with ThreadPoolExecutor(len(self._writers) + 1) as pool:
            working = [pool.submit(self._work, writer) for writer in self._writers]
            working.append(pool.submit(self._rearrange, names))
            try:
                self._wait(working, tell)
            finally:
                self._over.set()
            for one in working:
                one.result()

    def settle(self) -> Sums:
        """Calm the lines, hand everything in, pull until nothing changes, and prove."""
        for writer in self._writers:
            writer.proxy.calm()
        with ThreadPoolExecutor(len(self._writers)) as pool:
            list(pool.map(Writer.finish, self._writers))
        return self._sums(self._proof())

    def _proof(self) -> Findings:
        """Return the findings; what still changes (photos are derived, levels raised) gets its time."""
        until = time.monotonic() + SETTLE_S
        while True:
            tablets = self._tablets()
            with self._database.snapshot() as session:
                findings = judge(tablets, truth_of(session))
            if findings.sound or time.monotonic() > until:
                return findings
            time.sleep(2)

    def _tablets(self) -> Sequence[Tablet]:
        for writer in self._writers:
            writer.client.pull()
        scopes = [self._scope(number) for number in range(len(self._writers))]
        return [
            tablet_of(
                writer.client, writer.file, scope, self._photos, self._office.walked[self._name(number)]
            )
            for number, (writer, scope) in enumerate(zip(self._writers, scopes, strict=True))
        ]

    def _scope(self, number: int) -> frozenset[str]:
        name = self._name(number)
        with self._database.snapshot() as session:
            user = people.user_by_name(session, name)
            assert user is not None
            actor = people.actor_by_id(session, user.user_id, None)
            assert actor is not None
            return scope_of(actor, self._office.cells_of(name))

    def _work(self, writer: Writer) -> None:
        while not self._over.is_set():
            writer.step()

    def _rearrange(self, names: Sequence[str]) -> None:
        draw = self._draw("moves")
        while not self._over.wait(draw.uniform(0.2, OFFICE_EVERY_S)):
            chance = draw.random()
            if chance < 0.5:
                self._office.move(draw.choice(names))
            elif chance < 0.9:
                self._office.ask(draw.choice(names))
            else:
                self._office.publish()

    def _wait(self, working: Sequence[Future[None]], tell: Tell) -> None:
        until = time.monotonic() + self._weather.seconds
        while (left := until - time.monotonic()) > 0:
            wait(working, min(TELL_EVERY_S, left), FIRST_EXCEPTION)
            if any(one.done() for one in working):
                return
            written, done = map(sum, zip(*(writer.progress() for writer in self._writers), strict=True))
            left = max(0.0, until - time.monotonic())
            tell(f"{written} mutations written, {done} acknowledged, {left:.0f} s to go")

    def _sums(self, findings: Findings) -> Sums:
        sums = Sums(findings, moves=self._office.moves, publications=self._office.publications)
        sums.questions = self._office.questions
        for writer in self._writers:
            sums.faults += writer.proxy.faults
            sums.requests += writer.proxy.requests
            sums.crashes += writer.crashes
            sums.jumps += writer.jumps
        return sums

    def _writer(self, url: str, folder: Path, number: int) -> Writer:
        draw = Draw(f"{self._weather.seed}/line/{number}", self._weather.rate)
        proxy = self._lines.enter_context(Proxy(url, draw))
        draw_work = self._draw(f"writer/{number}")
        return Writer(proxy, folder / f"{number}.db", draw_work, far=self._office.far)

    def _draw(self, what: str) -> random.Random:
        return random.Random(f"{self._weather.seed}/{what}")

    def _name(self, number: int) -> str:
        return f"storm{self._weather.seed}n{number}"
