"""Two years of a county: rounds are walked, and what they find lives its life."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from checklists.answers import Reading, read_answers
from checklists.context import Context
from checklists.deadlines import SHANGHAI
from checklists.judge import Finding, Verdict, examine
from checklists.model import Template
from server.auth.actor import Actor
from server.inspections.outcomes import outcome_of
from server.inspections.sightings import COUNTED_DAYS, asks_twice, sightings
from server.ledger.facts import CaseFacts, PastEntry, Place
from server.ledger.history import SALT_BYTES, Author
from server.ledger.opening import FoundViolation, OpenCase, Plan, plan
from server.ledger.terms import local_day, terms
from server.photos.claims import ClaimedPhoto
from server.simulation.history.ground import Site
from server.simulation.history.ids import Ids
from server.simulation.history.lives import Life, World
from server.simulation.history.rounds import ROUNDS, Round, answers_of
from server.simulation.history.words import FINDINGS, REFUSALS
from sync.canonical import digest

MORNING, AFTERNOON = time(8, 45), time(14, 15)
# A tablet that found no network hands in at the end of the day.
HANDED_IN_LATE = 0.1
SEEN_AGAIN_DAYS = (16, 40)


@dataclass(slots=True)
class Rounds:
    """Walks the rounds and opens the cases; everything is planned on the world's agenda."""

    world: World
    ids: Ids
    since: datetime
    until: datetime
    lives: dict[UUID, Life] = field(default_factory=dict)
    standing: dict[tuple[UUID, str], list[OpenCase]] = field(default_factory=dict)
    seen: dict[tuple[UUID, str, str, str], list[date]] = field(default_factory=dict)
    tasks: dict[tuple[UUID, str, str], list[int]] = field(default_factory=dict)
    inspected: list[tuple[datetime, UUID]] = field(default_factory=list)

    def plan_all(self) -> None:
        """Plan every round of every community."""
        for site in self.world.ground.sites:
            draw = Random(f"{self.world.album.seed}/rounds/{site.community_id}")
            for code, (a_year, share) in ROUNDS.items():
                if code != "T7" or site.facilities.get("lift"):
                    self._plan(site, code, a_year, share, draw)

    def _plan(self, site: Site, code: str, a_year: float, share: float, draw: Random) -> None:
        days = (self.until - self.since).days
        exact = a_year * days / 365
        for _ in range(int(exact) + (draw.random() < exact % 1)):
            ahead = draw.randrange(days)
            self._plan_visit(site, code, ahead, draw.random() < share, draw)
            if code == "T6":
                self._plan_visit(site, code, ahead + draw.randint(*SEEN_AGAIN_DAYS), False, draw)

    def _plan_visit(self, site: Site, code: str, ahead: int, problem: bool, draw: Random) -> None:
        day = self.since.astimezone(SHANGHAI).date() + timedelta(days=ahead)
        calendar = self.world.ground.clock.calendar
        if not calendar.is_work_day(day):
            day = next(iter(calendar.work_days_after(day)))
        begun = datetime.combine(day, draw.choice((MORNING, AFTERNOON)), SHANGHAI)
        finished = begun + timedelta(minutes=draw.randint(20, 150), seconds=draw.randrange(60))
        late = timedelta(hours=draw.uniform(1, 6)) if draw.random() < HANDED_IN_LATE else timedelta()
        handed_in = finished + timedelta(seconds=draw.randint(5, 300)) + late
        started = finished - timedelta(minutes=draw.randint(8, 20))
        self.world.agenda.at(
            handed_in, lambda now: self._inspect(site, code, (started, finished), problem, now)
        )

    def _inspect(
        self, site: Site, code: str, span: tuple[datetime, datetime], problem: bool, now: datetime
    ) -> None:
        draw, template = self.world.draw, self.world.ground.templates[code]
        place, cell = site.place(draw)
        worker = self.world.staff.worker(cell, local_day(now))
        photos = [self.world.album.any("before", draw), self.world.album.any("panorama", draw)]
        severities = self.world.ground.severities()
        visit = Round(site, local_day(now), draw, photos, severities, self._refusable(site))
        answers = answers_of(template, visit, problem=problem)
        inspection_id = self.ids.at(now)
        verdict = self._judge(template, answers, site, now)
        self._note_inspection(inspection_id, template, site, worker, place, cell, span, answers, verdict, now)
        self._open(inspection_id, site, worker, place, cell, verdict, now)
        self._follow(inspection_id, template, site, worker, verdict, now)

    def _refusable(self, site: Site) -> str | None:
        """Return an open case of disorderly parking or blocked ways that a refusal can be told of."""
        known = (life for key, cases in self._open_at(site) for life in self._lives(cases))
        return next((str(one.facts.case_id) for one in known if one.facts.state == "in_progress"), None)

    def _open_at(self, site: Site) -> Iterator[tuple[str, list[OpenCase]]]:
        for category in ("fire_lane_blocked", "entrance_blocked", "evacuation_blocked", "parking_disorderly"):
            yield category, self.standing.get((site.community_id, category), [])

    def _lives(self, cases: list[OpenCase]) -> list[Life]:
        return [self.lives[case.case_id] for case in cases]

    def _judge(self, template: Template, answers: Mapping[str, Any], site: Site, now: datetime) -> Verdict:
        ground, day = self.world.ground, local_day(now)
        context = Context(today=day, calendar=ground.clock.calendar, pairs=ground.pairs)
        if asks_twice(template):
            context = replace(context, first_seen=self._first_seen(template, answers, site, context))
        return examine(template, answers, context)

    def _first_seen(
        self, template: Template, answers: Mapping[str, Any], site: Site, context: Context
    ) -> dict[tuple[str, int], date]:
        reading: Reading = read_answers(template, answers)
        found: dict[tuple[str, int], date] = {}
        for one in sightings(template, reading, context):
            days = self.seen.setdefault((site.community_id, one.group, one.flag, one.thing), [])
            counted = [day for day in days if (context.today - day).days <= COUNTED_DAYS]
            if counted:
                found[one.group, one.instance] = min(counted)
            days.append(context.today)
        return found

    def _note_inspection(
        self,
        inspection_id: UUID,
        template: Template,
        site: Site,
        worker: Actor,
        place: Place,
        cell: str,
        span: tuple[datetime, datetime],
        answers: Mapping[str, Any],
        verdict: Verdict,
        now: datetime,
    ) -> None:
        data = {
            "checklist": template.code,
            "checklist_version": template.version,
            "community_id": str(site.community_id),
            "location": dict(place.sent),
            "started_at": span[0].isoformat(),
            "finished_at": span[1].isoformat(),
            "answers": answers,
        }
        row = {
            "inspection_id": inspection_id,
            "checklist_version": template.version,
            "community_id": site.community_id,
            "grid_cell_code": cell,
            "user_id": worker.user_id,
            "device_id": None,
            "mid": None,
            "content_sha256": digest(data).hex(),
            "lon": place.lon,
            "lat": place.lat,
            "location_sent": data["location"],
            "accuracy_m": place.accuracy_m,
            "started_at": span[0],
            "finished_at": span[1],
            "device_time": span[1],
            "received_at": now,
            "answers": answers,
            "warnings": [],
        }
        self.world.book.inspections.append(row)
        self.inspected.append((now, inspection_id))
        for photo in sorted(_photos_in(answers)):
            self.world.book.claim("inspection", inspection_id, photo, "before", 0, worker.user_id, now)

    def _open(
        self,
        inspection_id: UUID,
        site: Site,
        worker: Actor,
        place: Place,
        cell: str,
        verdict: Verdict,
        now: datetime,
    ) -> None:
        findings = [finding for finding in verdict.findings if finding.kind == "violation"]
        if not findings:
            return
        violations = [self._found(one, inspection_id, site, worker, place, cell, now) for one in findings]
        ground, facts = self.world.ground, site.facts(local_day(now))
        rules = [
            terms(ground.rules[one.category, one.severity], facts, ground.units, ground.clock, now)
            for one in violations
        ]
        near = [
            case for one in violations for case in self.standing.get((site.community_id, one.category), [])
        ]
        heads = {case.case_id: self.lives[case.case_id].head for case in near}
        made = plan(violations, rules, near, heads, now, lambda: self.world.draw.randbytes(SALT_BYTES))
        self.world.book.open(made, worker.user_id, now)
        for finding, one, opened in zip(findings, violations, made.opened, strict=True):
            self._note_violation(finding, one, opened.case_id, opened.joined, now)
        self._live(made, site, worker, now)

    def _found(
        self,
        finding: Finding,
        inspection_id: UUID,
        site: Site,
        worker: Actor,
        place: Place,
        cell: str,
        now: datetime,
    ) -> FoundViolation:
        assert finding.category is not None
        assert finding.severity is not None
        # A photo always comes along: without one the case could never be closed.
        shown = finding.photos or (self.world.album.any("before", self.world.draw),)
        return FoundViolation(
            case_id=self.ids.at(now),
            source="checklist",
            category=finding.category,
            severity=finding.severity,
            community_id=site.community_id,
            grid_cell_code=cell,
            place=place,
            description=finding.note or self.world.draw.choice(FINDINGS),
            asset=finding.asset,
            inspection_id=inspection_id,
            reporter=Author(worker.user_id, worker.unit_code),
            photos=tuple(ClaimedPhoto(bytes.fromhex(one), "before", finding.item_code) for one in shown),
        )

    def _note_violation(
        self, finding: Finding, found: FoundViolation, case_id: UUID, joined: bool, now: datetime
    ) -> None:
        self.world.book.violations.append(
            {
                "violation_id": self.ids.at(now),
                "inspection_id": found.inspection_id,
                "item_code": finding.item_code,
                "instance": finding.instance,
                "category": found.category,
                "severity": found.severity,
                "case_id": case_id,
                "joined": joined,
            }
        )

    def _live(self, made: Plan, site: Site, worker: Actor, now: datetime) -> None:
        """Begin the life of every case opened, and let those that were joined know their new head."""
        for row in made.cases:
            entries = [entry for entry in made.entries if entry["case_id"] == row["case_id"]]
            facts = _facts(row, entries)
            life = Life(
                self.world,
                facts,
                made.heads[row["case_id"]],
                site.street,
                row["category"],
                row["due_at"],
                row["yellow_at"],
            )
            self.lives[row["case_id"]] = life
            here = self.standing.setdefault((row["community_id"], row["category"]), [])
            here.append(OpenCase(row["case_id"], row["community_id"], row["category"], row["asset"]))
            life.begin(now)
        opened = {row["case_id"] for row in made.cases}
        for case_id, head in made.heads.items():
            life = self.lives[case_id]
            if case_id not in opened and head != life.head:
                joined = [_past(entry) for entry in made.entries if entry["case_id"] == case_id]
                life.head = head
                life.facts = replace(life.facts, past=(*life.facts.past, *joined))

    def _follow(
        self,
        inspection_id: UUID,
        template: Template,
        site: Site,
        worker: Actor,
        verdict: Verdict,
        now: datetime,
    ) -> None:
        book, community_id = self.world.book, site.community_id
        for code, answer in verdict.reading.answers.items():
            if answer.state == "value":
                for at in self.tasks.pop((community_id, template.code, code), []):
                    book.outcomes[at] = replace(book.outcomes[at], settled_by=inspection_id)
        for finding in verdict.findings:
            if finding.kind == "violation":
                continue
            facts, units = site.facts(local_day(now)), self.world.ground.units
            outcome = outcome_of(
                finding, inspection_id, template.code, facts, units, now, lambda: self.ids.at(now)
            )
            if finding.kind == "refusal" and finding.joins and finding.photos:
                life = self.lives[UUID(finding.joins)]
                life.refuse(now, worker, finding.photos[0], self.world.draw.choice(REFUSALS))
                outcome = replace(outcome, case_id=life.facts.case_id)
            if finding.kind == "task":
                key = (community_id, template.code, finding.group or finding.item_code)
                self.tasks.setdefault(key, []).append(len(book.outcomes))
            book.outcomes.append(outcome)

    def close(self, case_id: UUID) -> None:
        """Forget an open case once it is closed."""
        found = self.lives[case_id]
        for cases in self._kept(found):
            cases[:] = [case for case in cases if case.case_id != case_id]

    def _kept(self, life: Life) -> list[list[OpenCase]]:
        return [cases for (_, category), cases in self.standing.items() if category == life.category]


def _facts(row: Mapping[str, Any], entries: list[Mapping[str, Any]]) -> CaseFacts:
    last = entries[-1]
    return CaseFacts(
        case_id=row["case_id"],
        state=last["to_state"],
        version=last["version"],
        level=0,
        severity=row["severity"],
        unit_code=row["unit_code"],
        checker_id=None,
        filed_at=row["filed_at"],
        limit_amount=row["limit_amount"],
        limit_unit=row["limit_unit"],
        rework_count=0,
        refused_count=0,
        photo_required=row["photo_required"],
        grid_cell_code=row["grid_cell_code"],
        place=Place(row["lon"], row["lat"], row["accuracy_m"]),
        past=tuple(_past(entry) for entry in entries),
    )


def _past(entry: Mapping[str, Any]) -> PastEntry:
    names = ("seq", "version", "command", "to_state", "actor_id", "actor_unit", "recorded_at")
    return PastEntry(**{name: entry[name] for name in names})


def _photos_in(answers: Any) -> set[str]:
    """Return the digests that answers name."""
    if isinstance(answers, dict):
        return set().union(*(_photos_in(value) for value in answers.values()), set())
    if isinstance(answers, list):
        return set().union(*(_photos_in(value) for value in answers), set())
    return {answers} if isinstance(answers, str) and len(answers) == 64 else set()
