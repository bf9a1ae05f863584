"""Owners who vote: a register, two clerks, and a vote taken as far as a test needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from server.auth.actor import Actor
from server.governance import ballots, service
from tests.build import NOW, County, a_community_in, a_person

OWNERS = {"A": (1, 100), "B": (1, 100), "C": (2, 150), "D": (1, 50)}
"""Number of units and area of each owner: four heads, 400 m²."""


@dataclass
class Voting:
    """A community, the people who run its votes, and the clock that they look at."""

    county: County
    community_id: UUID
    chief: Actor
    clerk: Actor
    second: Actor
    clock: datetime = field(default=NOW)

    def draft(self, form: str = "assembly", matter: str = "common_use", **more: Any) -> dict[str, Any]:
        stated = {
            "form": form,
            "matter": matter,
            "subject": "北门车棚充电桩",
            "question": "是否同意？",
            **more,
        }
        with self.county.transaction() as session:
            return service.draft(session, self.community_id, stated, actor=self.clerk, now=self.clock)

    def register(self, vote: Mapping[str, Any], lines: Any = None) -> dict[str, Any]:
        told = lines or [
            {"unit_no": f"{owner}-{n}", "owner_no": owner, "owner_name": owner, "area_m2": area / units}
            for owner, (units, area) in OWNERS.items()
            for n in range(units)
        ]
        with self.county.transaction() as session:
            return ballots.put_register(session, _id(vote), told, actor=self.clerk, now=self.clock)

    def order(
        self, vote: Mapping[str, Any], command: str, actor: Actor | None = None, **data: Any
    ) -> dict[str, Any]:
        """Give a command on the version that the vote has in `vote`."""
        with self.county.transaction() as session:
            return service.obey(
                session,
                _id(vote),
                command=command,
                base_version=vote["version"],
                data=data,
                actor=actor or self.chief,
                now=self.clock,
            )

    def opened(self, days: int = 10, **more: Any) -> dict[str, Any]:
        vote = self.register(self.draft(**more))
        first = self.clock.date()
        return self.order(
            vote, "vote.open", opens_on=first.isoformat(), closes_on=(first + timedelta(days)).isoformat()
        )

    def enter(
        self,
        vote: Mapping[str, Any],
        number: int,
        choices: Mapping[str, str],
        actor: Actor | None = None,
        because: str = "",
    ) -> dict[str, Any]:
        given = [
            {"owner_no": owner, "choice": choice, "because": because} for owner, choice in choices.items()
        ]
        who = actor or (self.clerk if number == 1 else self.second)
        with self.county.transaction() as session:
            return ballots.enter(session, _id(vote), number, given, actor=who, now=self.clock)

    def counted(self, **choices: str) -> dict[str, Any]:
        """Return a vote whose ballots both clerks entered alike, counted at its end."""
        vote = self.opened()
        cast = choices or {"A": "for", "B": "for", "C": "for"}
        for number in (1, 2):
            self.enter(vote, number, cast)
        self.pass_days(10)
        return self.order(vote, "vote.count")

    def published(self, **choices: str) -> dict[str, Any]:
        vote = self.counted(**choices)
        until = (self.clock.date() + timedelta(7)).isoformat()
        return self.order(
            vote,
            "vote.publish",
            posted_on=self.clock.date().isoformat(),
            posted_at="公告栏",
            objections_until=until,
        )

    def decided(self, **choices: str) -> dict[str, Any]:
        vote = self.published(**choices)
        self.pass_days(8)
        return self.order(vote, "vote.decide")

    def pass_days(self, days: int) -> None:
        self.clock += timedelta(days)

    def one(self, sql: str, **given: Any) -> Any:
        with self.county.transaction() as session:
            return session.execute(text(sql), given).one()


def a_voting(county: County) -> Voting:
    """Return a community of the first street with its chief and two clerks."""
    with county.transaction() as session:
        community_id = a_community_in(session)
        chief, clerk, second = (
            a_person(session, role) for role in ("subdistrict", "intake_clerk", "shift_leader")
        )
    return Voting(county, community_id, chief, clerk, second)


def _id(vote: Mapping[str, Any]) -> UUID:
    return UUID(str(vote["vote_id"]))
