"""Two years of a county: rounds are walked, and what they find lives its life."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

from checklists.answers import read_answers
from checklists.context import Context
from checklists.deadlines import SHANGHAI
from checklists.judge import Finding, Verdict, examine
from server.inspections.outcomes import outcome_of
from server.inspections.sightings import COUNTED_DAYS, asks_twice, sightings
from server.ledger.findings import FoundViolation, OpenCase
from server.ledger.history import SALT_BYTES
from server.ledger.opening import plan
from server.ledger.plan import Plan
from server.ledger.terms import local_day, terms
from server.simulation.history.ground import Site
from server.simulation.history.ids import Ids
from server.simulation.history.lives import Life, World
from server.simulation.history.rounds import ROUNDS, Round, answers_of
from server.simulation.history.walks import Walk, facts_of, past_of, photos_in
from server.simulation.history.words import FINDINGS, REFUSALS

MORNING, AFTERNOON = time(8, 45), time(14, 15)
# A tablet that found no network hands in at the end of the day.
HANDED_IN_LATE = 0.1
AWAITED = 6
# The last walks of a day come in after work; one community in three has one.
OPENS, LAST_WALK, LATEST_AT = time(9), time(18, 30), 3
UNTREATED = ("filed", "dispatched", "in_progress")
SEEN_AGAIN_DAYS = (16, 40)
REFUSABLE = ("fire_lane_blocked", "entrance_blocked", "evacuation_blocked", "parking_disorderly")


def latest_office_hour(until: datetime) -> datetime:
    """Return a moment itself by day, before nine the evening before: offices hand nothing on at night."""
    local = until.astimezone(SHANGHAI)
    if local.time() >= OPENS:
        return until
    return datetime.combine(local.date() - timedelta(days=1), LAST_WALK, SHANGHAI)


@dataclass(slots=True)
class Rounds:
    """Walks the rounds and opens the cases; everything is planned on the world's agenda."""

    world: World
    ids: Ids
    since: datetime
    until: datetime
    lives: dict[UUID, Life] = field(default_factory=dict)
    standing: dict[tuple[UUID, str], list[OpenCase]] = field(default_factory=dict)
    places: dict[UUID, tuple[UUID, str]] = field(default_factory=dict)
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

    def plan_latest(self) -> None:
        """Let some walks of the last hour find what the desk has still to hand on."""
        draw = Random(f"{self.world.album.seed}/latest rounds")
        for site in self.world.ground.sites[::LATEST_AT]:
            handed_in = latest_office_hour(self.until) - timedelta(minutes=draw.uniform(1, 20))
            span = (handed_in - timedelta(minutes=draw.randint(8, 20)), handed_in)
            self.world.agenda.at(handed_in, partial(self._inspect, site, "T0", span, True))

    def await_photos(self, now: datetime) -> None:
        """Let a few fresh cases wait for a photo that its tablet has not sent yet."""
        draw = Random(f"{self.world.album.seed}/photos on their way")
        fresh = [life for life in self.lives.values() if life.facts.state in UNTREATED]
        for life in draw.sample(fresh, min(AWAITED, len(fresh))):
            worker = life.facts.past[0].actor_id
            if worker is not None:
                digest = draw.randbytes(32).hex()
                self.world.book.expect(life.facts.case_id, digest, worker, now)

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
        walk = Walk(self.ids.at(now), template, site, worker, place, cell, span, answers, now)
        verdict = self._judge(walk)
        self._note_inspection(walk)
        self._open(walk, verdict)
        self._follow(walk, verdict)

    def _refusable(self, site: Site) -> str | None:
        """Return an open case of disorderly parking or blocked ways that a refusal can be told of."""
        for category in REFUSABLE:
            for case in self.standing.get((site.community_id, category), []):
                if self.lives[case.case_id].facts.state == "in_progress":
                    return str(case.case_id)
        return None

    def _judge(self, walk: Walk) -> Verdict:
        ground = self.world.ground
        context = Context(today=local_day(walk.now), calendar=ground.clock.calendar, pairs=ground.pairs)
        if asks_twice(walk.template):
            context = replace(context, first_seen=self._first_seen(walk, context))
        return examine(walk.template, walk.answers, context)

    def _first_seen(self, walk: Walk, context: Context) -> dict[tuple[str, int], date]:
        found: dict[tuple[str, int], date] = {}
        for one in sightings(walk.template, read_answers(walk.template, walk.answers), context):
            key = (walk.site.community_id, one.group, one.flag, one.thing)
            days = self.seen.setdefault(key, [])
            counted = [day for day in days if (context.today - day).days <= COUNTED_DAYS]
            if counted:
                found[one.group, one.instance] = min(counted)
            days.append(context.today)
        return found

    def _note_inspection(self, walk: Walk) -> None:
        book, now = self.world.book, walk.now
        book.inspections.append(walk.row())
        self.inspected.append((now, walk.inspection_id))
        for photo in sorted(photos_in(walk.answers)):
            book.claim("inspection", walk.inspection_id, photo, "before", 0, walk.worker.user_id, now)

    def _open(self, walk: Walk, verdict: Verdict) -> None:
        findings = [finding for finding in verdict.findings if finding.kind == "violation"]
        if not findings:
            return
        violations = [self._found(finding, walk) for finding in findings]
        ground, now, here = self.world.ground, walk.now, walk.site.community_id
        facts = walk.site.facts(local_day(now))
        rules = [
            terms(ground.rules[one.category, one.severity], facts, ground.units, ground.clock, now)
            for one in violations
        ]
        near = [case for one in violations for case in self.standing.get((here, one.category), [])]
        heads = {case.case_id: self.lives[case.case_id].head for case in near}
        made = plan(violations, rules, near, heads, now, lambda: self.world.draw.randbytes(SALT_BYTES))
        self.world.book.open(made, walk.worker.user_id, now)
        for finding, one, opened in zip(findings, violations, made.opened, strict=True):
            self._note_violation(finding, one, opened.case_id, opened.joined, now)
        self._live(made, walk.site.street, now)

    def _found(self, finding: Finding, walk: Walk) -> FoundViolation:
        """Return a violation; a photo always comes along, without one its case could never be closed."""
        shown = finding.photos or (self.world.album.any("before", self.world.draw),)
        note = finding.note or self.world.draw.choice(FINDINGS)
        return walk.violation(self.ids.at(walk.now), finding, shown, note)

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

    def _live(self, made: Plan, street: str, now: datetime) -> None:
        """Begin the life of every case opened, and let those that were joined know their new head."""
        opened = {row["case_id"] for row in made.cases}
        for row in made.cases:
            self._begin(row, made, street, now)
        for case_id, head in made.heads.items():
            life = self.lives[case_id]
            if case_id not in opened and head != life.head:
                joined = [past_of(entry) for entry in made.entries if entry["case_id"] == case_id]
                life.head = head
                life.facts = replace(life.facts, past=(*life.facts.past, *joined))

    def _begin(self, row: Mapping[str, Any], made: Plan, street: str, now: datetime) -> None:
        case_id, community_id, category = row["case_id"], row["community_id"], row["category"]
        facts = facts_of(row, [entry for entry in made.entries if entry["case_id"] == case_id])
        head, due_at, yellow_at = made.heads[case_id], row["due_at"], row["yellow_at"]
        life = self.lives[case_id] = Life(self.world, facts, head, street, category, due_at, yellow_at)
        self.places[case_id] = (community_id, category)
        here = self.standing.setdefault(self.places[case_id], [])
        here.append(OpenCase(case_id, community_id, category, row["asset"]))
        life.begin(now)

    def _follow(self, walk: Walk, verdict: Verdict) -> None:
        book = self.world.book
        for code, answer in verdict.reading.answers.items():
            if answer.state == "value":
                for at in self.tasks.pop(walk.question(code), []):
                    book.outcomes[at] = replace(book.outcomes[at], settled_by=walk.inspection_id)
        for finding in verdict.findings:
            if finding.kind != "violation":
                self._note_outcome(finding, walk)

    def _note_outcome(self, finding: Finding, walk: Walk) -> None:
        book, now, units = self.world.book, walk.now, self.world.ground.units
        facts, checklist = walk.site.facts(local_day(now)), walk.template.code
        outcome = outcome_of(
            finding, walk.inspection_id, checklist, facts, units, now, lambda: self.ids.at(now)
        )
        if finding.kind == "refusal" and finding.joins and finding.photos:
            life = self.lives[UUID(finding.joins)]
            life.refuse(now, walk.worker, finding.photos[0], self.world.draw.choice(REFUSALS))
            outcome = replace(outcome, case_id=life.facts.case_id)
        if finding.kind == "task":
            question = walk.question(finding.group or finding.item_code)
            self.tasks.setdefault(question, []).append(len(book.outcomes))
        book.outcomes.append(outcome)

    def close(self, case_id: UUID) -> None:
        """Forget an open case once it is closed."""
        place = self.places.pop(case_id)
        self.standing[place] = [case for case in self.standing[place] if case.case_id != case_id]
