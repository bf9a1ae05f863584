"""The life of a case: who does the next thing and when, decided by the ledger's own rules."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from server.auth.actor import Actor
from server.ledger import history, lifecycle
from server.ledger.facts import CaseFacts, Command, Known, PastEntry, Person
from server.ledger.history import SYSTEM, Author, Head
from server.ledger.terms import local_day
from server.simulation.history.book import Book
from server.simulation.history.ground import Ground, fix
from server.simulation.history.people import Staff
from server.simulation.history.pictures import Album, slot_after
from server.simulation.history.words import CHECKED, DEMANDS, DONE, NOTES, PAYERS, REASONS, REFUSALS

LATE, STUCK, FAILS, REFUSES, NOTED = 0.12, 0.07, 0.08, 0.04, 0.06
STUCK_DAYS = (30, 300)
# The job that raises levels looks every minute.
JOB_LAG = timedelta(minutes=1)
Step = Callable[[datetime], None]


@dataclass(slots=True)
class Agenda:
    """What is going to happen, in order of time; things of one moment in the order they were planned."""

    heap: list[tuple[datetime, int, Step]] = field(default_factory=list)
    planned: int = 0

    def at(self, moment: datetime, step: Step) -> None:
        """Plan a step."""
        self.planned += 1
        heapq.heappush(self.heap, (moment, self.planned, step))

    def run(self, until: datetime) -> None:
        """Take every step that is due before a moment."""
        while self.heap and self.heap[0][0] < until:
            moment, _, step = heapq.heappop(self.heap)
            step(moment)


@dataclass(slots=True)
class World:
    """What every case shares."""

    ground: Ground
    staff: Staff
    album: Album
    book: Book
    agenda: Agenda
    draw: Random
    closed: Callable[[UUID], None] = lambda case_id: None


@dataclass(slots=True)
class Life:
    """One case from its filing on; `stays` is one that nobody gets done for months."""

    world: World
    facts: CaseFacts
    head: Head
    street: str
    category: str
    due_at: datetime
    yellow_at: datetime
    stays: bool = False
    checker: Actor | None = None

    def begin(self, now: datetime) -> None:
        """Plan what follows the filing."""
        draw = self.world.draw
        self.stays = draw.random() < STUCK
        self._watch_clock(now)
        self._after(now, 0.02, 0.15 if self._urgent else 1.5, self._dispatch)
        if draw.random() < NOTED:
            self._after(now, 1.0, 20.0, self._note)

    def refuse(self, now: datetime, actor: Actor, photo: str, note: str) -> None:
        """Record that the unit refuses."""
        if self.facts.state != "closed":
            self._order("case.record_refusal", {"note": note, "photos": (photo,)}, actor, now)

    @property
    def _urgent(self) -> bool:
        return self.facts.limit_unit == "uh"

    def _after(self, now: datetime, least_h: float, most_h: float, step: Step) -> None:
        """Plan a step some working hours ahead."""
        span = timedelta(hours=self.world.draw.uniform(least_h, most_h))
        self.world.agenda.at(self.world.ground.clock.calendar.add_work(now, span), step)

    def _dispatch(self, now: datetime) -> None:
        actor = self._desk("dispatcher")
        demand = self.world.draw.choice(DEMANDS)
        data = {"unit": self.facts.unit_code, "due_at": None, "demand": demand}
        self._order("case.dispatch", data, actor, now)
        self._after(now, 0.02, 0.15 if self._urgent else 2.0, self._accept)

    def _accept(self, now: datetime) -> None:
        self._order("case.accept", {}, self._hand(), now)
        if self.world.draw.random() < REFUSES:
            self._after(now, 2.0, 16.0, self._refusal)
        self._plan_fix(now)

    def _plan_fix(self, now: datetime) -> None:
        """Most are done in time for the check and the signature, some late, a few after months."""
        draw, calendar = self.world.draw, self.world.ground.clock.calendar
        late = self.stays or draw.random() < LATE
        share = draw.uniform(1.1, 2.2) if late else draw.uniform(0.05, 0.5)
        wanted = now + max(self.due_at - now, timedelta(hours=1)) * share
        if self.stays:
            wanted += timedelta(days=draw.uniform(*STUCK_DAYS))
        soon = timedelta(hours=draw.uniform(0.15, 0.5))
        at_once = self._urgent and not late
        self.world.agenda.at(now + soon if at_once else calendar.add_work(wanted, soon), self._claim_fixed)

    def _refusal(self, now: datetime) -> None:
        draw = self.world.draw
        worker = self._worker(now)
        self.refuse(now, worker, self.world.album.any("paper", draw), draw.choice(REFUSALS))

    def _note(self, now: datetime) -> None:
        if self.facts.state != "closed":
            data = {"text": self.world.draw.choice(NOTES), "photos": ()}
            self._order("case.note", data, self._worker(now), now)

    def _claim_fixed(self, now: datetime) -> None:
        draw = self.world.draw
        photo = self.world.album.any("after", draw)
        data = {"done": draw.choice(DONE), "paid_by": draw.choice(PAYERS), "photos": (photo,)}
        self._order("case.claim_fixed", data | self._here(), self._hand(), now)
        self._after(now, 0.02, 0.1 if self._urgent else 1.0, self._assign_check)

    def _assign_check(self, now: datetime) -> None:
        self.checker = checker = self._checker(now)
        person = Person(checker.user_id, checker.unit_code, True)
        data = {"checker": checker.user_id}
        self._order("case.assign_check", data, self._desk("dispatcher"), now, checker=person)
        # A check shows what was first photographed after the claim.
        claim = self.facts.last("case.claim_fixed")
        assert claim is not None
        begin = max(now, slot_after(claim.recorded_at))
        self._after(begin, 0.02, 0.15 if self._urgent else 2.0, self._check)

    def _check(self, now: datetime) -> None:
        draw, checker = self.world.draw, self.checker
        assert checker is not None
        passed = draw.random() >= FAILS
        photo = self.world.album.at(now)
        data = {"passed": passed, "reason": draw.choice(CHECKED if passed else REASONS), "photos": (photo,)}
        self._order("case.check", data | self._here(), checker, now)
        if passed:
            self._after(now, 0.02, 0.2 if self._urgent else 1.5, self._close)
        else:
            self._watch_clock(now)
            self._plan_fix(now)

    def _close(self, now: datetime) -> None:
        grave = self.facts.severity == "A"
        signer = (
            self.world.draw.choice(self.world.staff.headquarters) if grave else self._desk("shift_leader")
        )
        self._order("case.close", {}, signer, now)
        self.world.closed(self.facts.case_id)

    def _watch_clock(self, now: datetime) -> None:
        for moment in (self.yellow_at, self.due_at):
            self.world.agenda.at(max(now, moment) + JOB_LAG, self._raise_level)
        if self.facts.rework_count:
            self.world.agenda.at(now + JOB_LAG, self._raise_level)

    def _raise_level(self, now: datetime) -> None:
        level = 2 if self.due_at < now or self.facts.rework_count else int(self.yellow_at < now)
        if self.facts.state == "closed" or level <= self.head.level:
            return
        second = "deadline_passed" if self.due_at < now else "failed_check"
        facts = {"level": level, "why": second if level == 2 else "share_used"}
        self._write("case.raise_level", self.facts.state, SYSTEM, now, facts, {}, {}, level)

    def _order(
        self,
        name: str,
        data: Mapping[str, Any],
        actor: Actor,
        now: datetime,
        checker: Person | None = None,
    ) -> None:
        clock = self.world.ground.clock
        known = Known(clock.deadline, clock.until, checker=checker)
        command = Command(name, self.facts.version, data)
        decision = lifecycle.decide(self.facts, command, data, actor, now, known)
        author = Author(actor.user_id, actor.unit_code)
        self._write(
            name, decision.to_state, author, now, decision.facts, decision.words, decision.columns, None
        )
        for digest, role in decision.photos:
            self.world.book.claim("case", self.facts.case_id, digest, role, self.head.seq, actor.user_id, now)

    def _write(
        self,
        name: str,
        to_state: str,
        author: Author,
        now: datetime,
        facts: Mapping[str, Any],
        words: Mapping[str, str],
        columns: Mapping[str, Any],
        level: int | None,
    ) -> None:
        salt = self.world.draw.randbytes(history.SALT_BYTES)
        written = history.write(
            self.head, name, to_state, author=author, at=now, salt=salt, facts=facts, words=words, level=level
        )
        self.world.book.write(written, columns)
        self.head = head = written.head
        past = PastEntry(head.seq, head.version, name, to_state, author.user_id, author.unit_code, now)
        known = {name: value for name, value in columns.items() if name in _FACTS}
        self.facts = replace(
            self.facts,
            state=to_state,
            version=head.version,
            level=head.level,
            past=(*self.facts.past, past),
            **known,
        )
        self.due_at = columns.get("due_at", self.due_at)
        self.yellow_at = columns.get("yellow_at", self.yellow_at)

    def _here(self) -> dict[str, Any]:
        place = self.facts.place
        return {} if place is None else {"location": fix(place.lon, place.lat, self.world.draw)}

    def _desk(self, role: str) -> Actor:
        return self.world.draw.choice(self.world.staff.desks[self.street, role])

    def _hand(self) -> Actor:
        assert self.facts.unit_code is not None
        return self.world.draw.choice(self.world.staff.hands[self.facts.unit_code])

    def _worker(self, now: datetime) -> Actor:
        assert self.facts.grid_cell_code is not None
        return self.world.staff.worker(self.facts.grid_cell_code, local_day(now))

    def _checker(self, now: datetime) -> Actor:
        """The worker of the cell; where their own unit repaired, one of the other street."""
        worker = self._worker(now)
        if worker.unit_code != self.facts.unit_code:
            return worker
        others = [street for street in self.world.staff.workers if street != self.street]
        return self.world.draw.choice(self.world.staff.workers[others[0]])


_FACTS = frozenset(("unit_code", "checker_id", "rework_count", "refused_count"))
