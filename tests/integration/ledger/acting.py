"""A cast and its deeds: people around one community, reports and commands with defaults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import uuid6
from sqlalchemy import text
from sqlalchemy.orm import Session

from server.auth.actor import Actor
from server.ledger import service
from server.ledger.facts import Command
from server.ledger.sync import COMMAND_TYPES
from sync.canonical import digest
from sync.entity import cell_bucket
from sync.mutations import Mutation, Outcome, Sender
from tests.build import (
    NOW,
    County,
    a_community_in,
    a_person,
    a_point_in,
    a_worker,
    cells_of_community,
)


def an_id() -> UUID:
    return UUID(int=uuid6.uuid7().int)


def a_digest() -> str:
    return an_id().hex * 2


@dataclass
class Cast:
    """Everybody who takes a case to its close-out, around one community with a company."""

    county: County
    community_id: UUID
    cell: str
    point: tuple[float, float]
    worker: Actor
    checker: Actor
    dispatcher: Actor
    shift_leader: Actor
    headquarters: Actor
    fixer: Actor
    clock: datetime = NOW
    photos: list[str] = field(default_factory=list)

    def later(self, **span: float) -> datetime:
        """Let time pass (a minute) and return the new moment."""
        self.clock += timedelta(**span) if span else timedelta(minutes=1)
        return self.clock

    def location(self, east_m: float = 0.0, **more: Any) -> dict[str, Any]:
        lon, lat = self.point
        return {"lon": lon + east_m / 90_600, "lat": lat, "accuracy_m": 5, "datum": "wgs84", **more}

    def order(self, actor: Actor, name: str, case_id: UUID, version: int | None = None, **data: Any) -> Any:
        """Give a command on the version the case has now, in a transaction of its own."""
        with self.county.transaction() as session:
            seen = version if version is not None else version_of(session, case_id)
            command = Command(name, seen, data)
            return service.obey(session, case_id=case_id, command=command, actor=actor, now=self.later())

    def report(
        self, category: str = "parking_disorderly", severity: str = "C", **data: Any
    ) -> tuple[UUID, Outcome]:
        case_id = data.pop("case_id", None) or an_id()
        photo = a_digest()
        body = {
            "category": category,
            "severity": severity,
            "community_id": str(self.community_id),
            "location": self.location(),
            "description": "三辆车停在消防通道旁",
            "photos": [photo],
            **data,
        }
        [outcome] = self.push(self.worker, a_mutation("case.report", case_id, body))
        self.arrive(*[one for one in body["photos"] if isinstance(one, str)])
        return case_id, outcome

    def push(self, actor: Actor, *mutations: Mutation, scope: Sequence[str] | None = None) -> list[Outcome]:
        with self.county.transaction() as session:
            sender = a_sender(actor, scope if scope is not None else [cell_bucket(self.cell)])
            handler = COMMAND_TYPES[mutations[0].type].handler
            return list(handler(session, sender, mutations, self.later()))

    def arrive(self, *digests: str) -> None:
        """Let the bytes of photos arrive, as far as the database can tell."""
        with self.county.transaction() as session:
            session.execute(
                text(
                    "INSERT INTO server.photo (sha256, state, first_seen_at, stored_at, size, content_type)"
                    " SELECT decode(d, 'hex'), 'stored', :now, :now, 1, 'image/jpeg'"
                    " FROM unnest(CAST(:digests AS text[])) d"
                    " ON CONFLICT (sha256) DO UPDATE SET state = 'stored', stored_at = :now, size = 1,"
                    " content_type = 'image/jpeg'"
                ),
                {"digests": list(digests), "now": self.clock},
            )

    def to_claimed(self, **report: Any) -> UUID:
        """Take a case to the claim that it is mended."""
        case_id, _ = self.report(**report)
        self.order(self.dispatcher, "case.dispatch", case_id, unit=self.fixer.unit_code, demand="立即清走")
        self.order(self.fixer, "case.accept", case_id)
        photo = a_digest()
        self.order(self.fixer, "case.claim_fixed", case_id, done="已清走", paid_by="物业", photos=[photo])
        self.arrive(photo)
        return case_id

    def to_checking(self, **report: Any) -> UUID:
        """Take a case to the checker."""
        case_id = self.to_claimed(**report)
        self.order(self.dispatcher, "case.assign_check", case_id, checker=str(self.checker.user_id))
        return case_id

    def check(self, case_id: UUID, *, passed: bool = True, **data: Any) -> Any:
        photo = a_digest()
        body = {"passed": passed, "reason": "" if passed else "仍有车辆", "location": self.location()}
        answer = self.order(self.checker, "case.check", case_id, **{**body, "photos": [photo], **data})
        self.arrive(photo)
        return answer


def a_cast(county: County) -> Cast:
    """Return people around the first community that a company serves."""
    with county.transaction() as session:
        community_id = a_community_in(session, company=True)
        cell = cells_of_community(session, community_id)[0]
        company, street = session.execute(
            text(
                "SELECT s.unit_code, u.code FROM server.service_contract s"
                " JOIN geo.community c USING (community_id)"
                " JOIN server.unit u ON u.division_code = left(c.neighbourhood_code, 9)"
                " WHERE c.community_id = :id LIMIT 1"
            ),
            {"id": community_id},
        ).one()
        return Cast(
            county,
            community_id,
            cell,
            a_point_in(session, community_id),
            worker=a_worker(session, [cell]),
            checker=a_worker(session, [cell]),
            dispatcher=a_person(session, "dispatcher", street),
            shift_leader=a_person(session, "shift_leader", street),
            headquarters=a_person(session, "headquarters", None),
            fixer=a_person(session, "property_company", company),
        )


def a_sender(actor: Actor, scope: Sequence[str] = ()) -> Sender:
    return Sender(actor.user_id, an_id(), actor.role, actor.unit_code, actor.username, frozenset(scope))


def a_mutation(
    name: str, entity_id: UUID, data: Mapping[str, Any], base_version: int | None = None
) -> Mutation:
    return Mutation(an_id(), 1, name, entity_id, None, base_version, (), data, digest(dict(data)))


def version_of(session: Session, case_id: UUID) -> int:
    found: int = session.execute(
        text('SELECT version FROM server."case" WHERE case_id = :id'), {"id": case_id}
    ).scalar_one()
    return found


def column(county: County, case_id: UUID, name: str) -> Any:
    with county.transaction() as session:
        return session.execute(
            text(f'SELECT {name} FROM server."case" WHERE case_id = :id'), {"id": case_id}
        ).scalar_one()
