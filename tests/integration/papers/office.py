"""An office and its deeds: the people through whose hands a paper goes, and papers with defaults."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from redis import Redis
from sqlalchemy import text

from server.auth.actor import Actor
from server.papers import service
from server.papers.jobs import draft_papers
from server.photos.store import Folder
from server.work import Work
from tests.build import County, a_person
from tests.integration.ledger.acting import Cast, a_cast, column
from tests.pictures import jpeg

COUNTY_KINDS = frozenset(("listed_supervision", "interview_notice", "interview_record"))
# What a case does not tell, and somebody has to write before the paper is issued.
WRITTEN: dict[str, Any] = {
    "demand": "立即清走",
    "due": "2026年11月27日前",
    "problem": "消防通道被占",
    "time_left": "1天",
    "held_on": "2026年12月8日",
    "findings": "已清理",
    "results": ["综合执法局：责令改正"],
    "participants": ["综合执法局"],
    "meeting_at": "2026年12月10日",
    "place": "会议室",
    "promises": "五日内完成",
    "persons": ["负责人"],
    "measures": "已清走",
    "finished_on": "2026年11月24日",
}


@dataclass
class Office:
    """Dispatcher, reviewer and signer of one street, beside the cast of its cases."""

    cast: Cast
    county: County
    drafter: Actor
    reviewer: Actor
    signer: Actor
    headquarters: tuple[Actor, Actor, Actor]

    def hands(self, kind: str) -> tuple[Actor, Actor, Actor]:
        """Return who drafts, reviews and issues a kind of paper."""
        return self.headquarters if kind in COUNTY_KINDS else (self.drafter, self.reviewer, self.signer)

    def dispatched(self, **report: Any) -> UUID:
        """Return a case that was sent to its company."""
        case_id, _ = self.cast.report(**report)
        self.cast.order(
            self.cast.dispatcher, "case.dispatch", case_id, unit=self.cast.fixer.unit_code, demand="立即清走"
        )
        return case_id

    def number(self, case_id: UUID) -> str:
        return str(column(self.county, case_id, "number"))

    def draft(self, kind: str = "assignment", *cases: UUID, actor: Actor | None = None, **more: Any) -> UUID:
        """Draft a paper by hand about cases, one of its own where none is named."""
        numbers = [self.number(one) for one in (cases or (self.dispatched(),))]
        given: dict[str, Any] = {"body": None, "to_unit": None, "fields": {}, **more}
        with self.county.transaction() as session:
            made = service.draft(
                session,
                kind=kind,
                numbers=numbers,
                actor=actor or self.drafter,
                now=self.cast.later(),
                **given,
            )
        return UUID(made["paper_id"])

    def order(
        self, actor: Actor, command: str, paper_id: UUID, version: int | None = None, **data: Any
    ) -> Any:
        """Give a command on the version the paper has now."""
        head = "SELECT head_seq FROM server.paper WHERE paper_id = :id"
        seen = self.one(head, id=paper_id)[0] if version is None else version
        with self.county.transaction() as session:
            return service.obey(
                session,
                paper_id=paper_id,
                command=command,
                base_version=seen,
                data=data,
                actor=actor,
                now=self.cast.later(),
            )

    def to_countersigned(self, paper_id: UUID, hands: tuple[Actor, Actor, Actor] | None = None) -> UUID:
        _, reviewer, signer = hands or self.hands("")
        self.order(reviewer, "paper.review", paper_id)
        self.order(signer, "paper.countersign", paper_id)
        return paper_id

    def issue(self, paper_id: UUID, hands: tuple[Actor, Actor, Actor] | None = None) -> Any:
        """Take a draft through all hands and return it issued."""
        signer = (hands or self.hands(""))[2]
        return self.order(signer, "paper.issue", self.to_countersigned(paper_id, hands))

    def issued(self, kind: str = "assignment", **more: Any) -> UUID:
        paper_id = self.draft(kind, **more)
        self.issue(paper_id)
        return paper_id

    def show(self, paper_id: UUID, actor: Actor | None = None) -> dict[str, Any]:
        with self.county.transaction() as session:
            return service.show(session, paper_id, actor=actor or self.signer, now=self.cast.clock)

    def one(self, sql: str, **given: Any) -> Any:
        with self.county.transaction() as session:
            return session.execute(text(sql), given).one()

    def work(self, now: datetime | None = None) -> None:
        """Let a worker draft what waits."""
        settings = self.county.settings
        with Redis.from_url(settings.redis_url) as redis:
            draft_papers(Work(self.county.database, settings, redis, now or self.cast.later()))

    def papers(self, case_id: UUID) -> dict[str, UUID]:
        """Return the papers about a case by kind."""
        with self.county.transaction() as session:
            found = session.execute(
                text("SELECT kind, paper_id FROM server.paper_case WHERE case_id = :id"), {"id": case_id}
            )
            return {row.kind: row.paper_id for row in found}

    def thumbnails(self, case_id: UUID) -> int:
        """Make thumbnails of all photos of a case, as a worker would; return how many."""
        store = Folder(self.county.settings.photo_store)
        with self.county.transaction() as session:
            found = session.scalars(
                text("SELECT DISTINCT sha256 FROM server.photo_claim WHERE entity_id = :id"), {"id": case_id}
            ).all()
        for sha256 in found:
            store.keep_thumbnail(bytes(sha256), 640, jpeg())
        return len(found)


def an_office(county: County) -> Office:
    """Return the people of the street in which the cast works."""
    cast = a_cast(county)
    cast.clock = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
    with county.transaction() as session:
        signer = a_person(session, "subdistrict", cast.dispatcher.unit_code)
        reviewer, chief = (a_person(session, "headquarters", None) for _ in range(2))
        county_hands = (cast.headquarters, reviewer, chief)
    return Office(cast, county, cast.dispatcher, cast.shift_leader, signer, county_hands)
