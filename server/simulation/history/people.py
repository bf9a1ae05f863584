"""The demo people: workers with cells, desks of the streets, hands of every unit that repairs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from geo.tables import GridCell
from server.auth.actor import Actor
from server.auth.tables import Unit, User
from server.communities.tables import Assignment
from server.simulation.history.ids import Ids

CELLS_EACH = 12
# One worker in this many left after a year or so, and another took over.
LEAVES = 8
SURNAMES = "孔王李张刘孟颜曾冯陈杨赵黄周吴徐孙朱马胡"
GIVEN = "伟芳娜敏静强磊军洋勇艳杰涛明超霞平刚桂英建华志文秀兰玉梅红玲"
DESKS = {"dispatcher": 2, "shift_leader": 2, "intake_clerk": 1, "subdistrict": 1}
HANDS: Mapping[str, str] = {
    "property_company": "property_company",
    "neighbourhood": "neighbourhood",
    "department": "department",
    "utility": "utility",
    "developer": "developer",
    "lift_maintainer": "lift_maintainer",
}
COUNTY_UNIT = "construction_hq"
# They have no part in the history, but somebody who looks around wants to sign in as them.
BESIDES = ("planner", "admin")


@dataclass(slots=True)
class Staff:
    """Everybody who acts: workers by cell and day, desks by street, hands by unit, headquarters."""

    everybody: list[Actor] = field(default_factory=list)
    walks: dict[str, list[tuple[date, date | None, Actor]]] = field(default_factory=dict)
    workers: dict[str, list[Actor]] = field(default_factory=dict)
    desks: dict[tuple[str, str], list[Actor]] = field(default_factory=dict)
    hands: dict[str, list[Actor]] = field(default_factory=dict)
    headquarters: list[Actor] = field(default_factory=list)

    def worker(self, cell: str, day: date) -> Actor:
        """Return who walks a cell on a day."""
        walked = self.walks[cell]
        return next((who for since, until, who in walked if until is None or day < until), walked[-1][2])


@dataclass(slots=True)
class Hiring:
    """Makes the people; all share one password."""

    session: Session
    ids: Ids
    draw: Random
    since: datetime
    until: date
    password_hash: str
    staff: Staff = field(default_factory=Staff)
    assignments: list[dict[str, Any]] = field(default_factory=list)
    number: int = 0

    def hire(self, units: Sequence[str]) -> Staff:
        """Store people for the county, both streets and these units; return them."""
        known = {unit.code: unit for unit in self.session.scalars(select(Unit))}
        streets = [unit for code in units if (unit := known[code]).kind == "subdistrict"]
        for street in streets:
            self._desks(street)
            self._workers(street)
        for code in units:
            if (role := HANDS.get(known[code].kind)) is not None:
                self.staff.hands[code] = [self._person(role, known[code]) for _ in range(2)]
        for street in streets:
            self.staff.hands[street.code] = self.staff.desks[street.division_code or "", "subdistrict"]
        self.staff.headquarters = [self._person("headquarters", known[COUNTY_UNIT]) for _ in range(2)]
        for role in BESIDES:
            self._person(role, known[COUNTY_UNIT])
        self._store()
        return self.staff

    def _desks(self, street: Unit) -> None:
        for role, count in DESKS.items():
            made = [self._person(role, street) for _ in range(count)]
            self.staff.desks[street.division_code or "", role] = made

    def _workers(self, street: Unit) -> None:
        wanted = select(GridCell.code).where(
            GridCell.code.startswith(street.division_code or "-"), GridCell.valid_to.is_(None)
        )
        cells = list(self.session.scalars(wanted.order_by(GridCell.code)))
        made = self.staff.workers.setdefault(street.division_code or "", [])
        for start in range(0, len(cells), CELLS_EACH):
            for since, until in self._terms(len(made)):
                made.append(worker := self._person("grid_worker", street))
                self._assign(worker, cells[start : start + CELLS_EACH], since, until)

    def _terms(self, number: int) -> Iterator[tuple[date, date | None]]:
        first = self.since.date()
        if number % LEAVES != LEAVES - 1:
            yield first, None
            return
        left = first + timedelta(days=round((self.until - first).days * self.draw.uniform(0.3, 0.7)))
        yield first, left
        yield left, None

    def _assign(self, worker: Actor, cells: Sequence[str], since: date, until: date | None) -> None:
        for cell in cells:
            self.staff.walks.setdefault(cell, []).append((since, until, worker))
            self.assignments.append(
                {
                    "assignment_id": self.ids.at(self.since),
                    "user_id": worker.user_id,
                    "grid_cell_code": cell,
                    "valid_from": since,
                    "valid_to": until,
                }
            )

    def _person(self, role: str, unit: Unit) -> Actor:
        self.number += 1
        name = self.draw.choice(SURNAMES) + "".join(self.draw.sample(GIVEN, self.draw.choice((1, 2))))
        username = f"demo_{role}_{self.number:03d}"
        user_id = self.ids.at(self.since)
        actor = Actor(user_id, username, name, role, unit.code, unit.kind, division_code=unit.division_code)
        self.staff.everybody.append(actor)
        return actor

    def _store(self) -> None:
        rows = [
            {
                **{name: getattr(one, name) for name in ("user_id", "username", "role", "unit_code")},
                "display_name": one.display_name,
                "password_hash": self.password_hash,
                "active": True,
                "origin": "demo",
                "created_at": self.since,
            }
            for one in self.staff.everybody
        ]
        self.session.execute(insert(User), rows)
        self.session.execute(insert(Assignment), self.assignments)

    def assigned(self) -> list[UUID]:
        """Return the ids of the assignments made."""
        return [row["assignment_id"] for row in self.assignments]
