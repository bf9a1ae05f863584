"""The law of lights: what SQL shows is what a model of values says, whatever happened to a case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from checklists.deadlines import SHANGHAI
from server.auth.actor import Actor
from server.ledger import past, queries, service
from server.ledger.facts import Command
from server.ledger.lists import Filter, signal_at
from server.ledger.resuming import resume_due
from server.ledger.sync import COMMAND_TYPES
from server.ledger.tables import Case
from server.ledger.terms import local_day
from sync.entity import cell_bucket
from tests.build import a_person
from tests.integration.ledger.acting import Cast, a_digest, a_mutation, a_sender, an_id
from tests.integration.ledger.lights import Light

# One category for each way a limit counts.
KINDS: Mapping[str, tuple[str, str, int]] = {
    "uh": ("fire_lane_blocked", "A", 30),
    "wh": ("small_ad_not_cleared", "C", 20),
    "wd": ("parking_disorderly", "C", 4),
    "cd": ("green_poor_upkeep", "C", 6),
}
DEEDS = ("note", "extend", "suspend", "fail", "rebound")
# Spring Festival, Labour Day and National Day of 2026 with their make-up days, and plain weeks between.
AROUND = [datetime(2026, month, day, tzinfo=SHANGHAI) for month, day in ((2, 9), (4, 24), (6, 15), (9, 18))]
starts = st.builds(
    lambda day, minutes: (day + timedelta(minutes=minutes)).astimezone(UTC),
    st.sampled_from(AROUND),
    st.integers(0, 16 * 24 * 60),
)
kinds = st.sampled_from(sorted(KINDS))
hands = st.none() | st.integers(2, 200).map(lambda hours: timedelta(hours=hours))
gaps = st.integers(1, 9 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))
deeds = st.lists(st.tuples(st.sampled_from(DEEDS), gaps, st.integers(1, 12)), max_size=5)


@dataclass
class Walk:
    """One case in a transaction that never ends well, and its model."""

    session: Session
    cast: Cast
    leads: Mapping[str, Actor]
    at: datetime
    case_id: UUID
    light: Light

    def order(self, actor: Actor, name: str, **data: Any) -> None:
        """Carry out a command a second later."""
        self.at += timedelta(seconds=1)
        found = queries.case_for_update(self.session, self.case_id)
        assert found is not None
        facts, head = found
        service.carry_out(self.session, facts, head, Command(name, facts.version, data), actor, self.at)

    def photo(self) -> str:
        digest = a_digest()
        self.session.execute(PHOTO, {"digest": digest, "at": self.at + timedelta(seconds=1)})
        return digest

    def ask(self, name: str, **data: Any) -> None:
        """Ask for something that shift leader and lead unit grant where the case needs both."""
        self.order(self.cast.fixer, name, reason="原因", **data)
        for actor in (self.cast.shift_leader, self.leads[self._column("lead_unit")]):
            pending = queries.facts_of(self.session, self.case_id).pending
            for request in pending:
                self.order(actor, "case.decide", request_id=str(request.request_id), granted=True)

    def _column(self, name: str) -> Any:
        row = self.session.execute(
            text(f'SELECT {name} FROM server."case" WHERE case_id = :id'), {"id": self.case_id}
        )
        return row.scalar_one()

    def note(self, days: int) -> None:
        self.order(self.cast.worker, "case.note", text="看过")

    def extend(self, days: int) -> None:
        if self.at + timedelta(seconds=9) > self.light.due or self._column("extension_count") == 2:
            return
        until = self.light.due + timedelta(hours=7 * days)
        self.ask("case.request_extension", until=until.isoformat())
        self.light.extended(self.at, until)

    def suspend(self, days: int) -> None:
        """Suspend; an even number of days ends by itself in the night, an odd one by a person."""
        day = local_day(self.at) + timedelta(days=days)
        self.ask("case.suspend", resume_on=day.isoformat())
        self.light.stops(self.at)
        if days % 2:
            self.at += timedelta(hours=5 * days)
            self.order(self.cast.dispatcher, "case.resume")
        else:
            self.at = datetime(day.year, day.month, day.day, 0, 3, tzinfo=SHANGHAI).astimezone(UTC)
            assert resume_due(self.session, self.at) == 1
        self.light.runs(self.at)

    def fail(self, days: int) -> None:
        self._checked(passed=False)
        self.light.anew(self.at)

    def rebound(self, days: int) -> None:
        self._checked(passed=True)
        self.order(self.cast.headquarters, "case.close")
        self.light.stops(self.at)
        self.at += timedelta(hours=11 * days)
        self.order(self.cast.worker, "case.reopen", photos=[self.photo()], location=self.cast.location())
        self.light.anew(self.at)

    def _checked(self, *, passed: bool) -> None:
        self.order(self.cast.fixer, "case.claim_fixed", done="已清走", paid_by="物业", photos=[self.photo()])
        self.order(self.cast.dispatcher, "case.assign_check", checker=str(self.cast.checker.user_id))
        photo, reason = self.photo(), "" if passed else "仍有"
        place = self.cast.location()
        self.order(
            self.cast.checker, "case.check", passed=passed, reason=reason, photos=[photo], location=place
        )


PHOTO = text(
    "INSERT INTO server.photo (sha256, state, first_seen_at, stored_at, size, content_type)"
    " VALUES (decode(:digest, 'hex'), 'stored', :at, :at, 1, 'image/jpeg')"
)


@dataclass(frozen=True)
class Scene:
    """The people, and the session in which every example is played and taken back."""

    cast: Cast
    session: Session
    leads: Mapping[str, Actor]

    def begin(self, kind: str, at: datetime, by_hand: timedelta | None) -> Walk:
        """Report a case, let it file itself, dispatch it and let its unit accept it."""
        category, severity, amount = KINDS[kind]
        case_id, photo = an_id(), a_digest()
        body = {
            "category": category,
            "severity": severity,
            "community_id": str(self.cast.community_id),
            "location": self.cast.location(),
            "description": "现场",
            "photos": [photo],
        }
        sender = a_sender(self.cast.worker, [cell_bucket(self.cast.cell)])
        report = a_mutation("case.report", case_id, body)
        [outcome] = COMMAND_TYPES["case.report"].handler(self.session, sender, [report], at)
        assert outcome.status == "applied", outcome
        self.session.execute(
            text(
                "UPDATE server.photo SET state = 'stored', stored_at = :at, size = 1,"
                " content_type = 'image/jpeg' WHERE sha256 = decode(:digest, 'hex')"
            ),
            {"digest": photo, "at": at},
        )
        walk = Walk(self.session, self.cast, self.leads, at, case_id, Light(amount, kind, at))
        due = {} if by_hand is None else {"due_at": (at + by_hand).isoformat()}
        unit = self.cast.fixer.unit_code
        walk.order(self.cast.dispatcher, "case.dispatch", unit=unit, demand="清走", **due)
        if by_hand is not None:
            walk.light.by_hand(walk.at, at + by_hand)
        walk.order(self.cast.fixer, "case.accept")
        return walk

    def shown(self, case_id: UUID, at: datetime) -> str:
        """Return the light that lists filter by."""
        found = self.session.scalar(select(signal_at(at)).where(Case.case_id == case_id))
        assert isinstance(found, str)
        return found

    def recalled(self, case_id: UUID, end: datetime) -> str:
        """Return the light at the end of a past day, by which its filters found the case too."""
        day = local_day(end - timedelta(hours=1))
        seen: dict[str, Any] = {"actor": self.cast.headquarters, "now": end + timedelta(days=400)}
        [row] = past.cases(self.session, day, Filter(), None, 9, **seen)
        signal: str = row["signal"]
        assert row["case_id"] == str(case_id)
        for other in ("green", "yellow", "red"):
            found = past.cases(self.session, day, Filter(signal=(other,)), None, 9, **seen)
            assert bool(found) == (other == signal)
        return signal


@pytest.fixture
def scene(cast: Cast) -> Iterator[Scene]:
    with cast.county.owner() as session:
        session.execute(text("ALTER TABLE server.category_rule DISABLE TRIGGER category_rule_guarded"))
        for kind, (category, severity, amount) in KINDS.items():
            session.execute(
                text(
                    "UPDATE server.category_rule SET limit_amount = :amount, limit_unit = :kind"
                    " WHERE category = :category AND severity = :severity"
                ),
                {"amount": amount, "kind": kind, "category": category, "severity": severity},
            )
    with cast.county.transaction() as session:
        street = cast.dispatcher.unit_code
        leads = {
            "emergency_bureau": a_person(session, "department", "emergency_bureau"),
            street: a_person(session, "subdistrict", street),
        }
    # What an example stores is taken back; the rules are read once for all of them.
    session = cast.county.database.open()
    try:
        yield Scene(cast, session, leads)
    finally:
        session.rollback()
        session.close()


@dataclass
class Met:
    """What the examples met, so that the law is known to have been put to the test."""

    deeds: Counter[str] = field(default_factory=Counter)
    lights: Counter[str] = field(default_factory=Counter)


def test_the_light_in_sql_is_that_of_the_model(scene: Scene) -> None:
    met = Met()

    @settings(max_examples=200, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
    @given(kind=kinds, start=starts, by_hand=hands, course=deeds, after=gaps)
    def law(
        kind: str, start: datetime, by_hand: timedelta | None, course: list[Any], after: timedelta
    ) -> None:
        with taken_back(scene.session):
            walk = scene.begin(kind, start, by_hand)
            for deed, gap, days in course:
                walk.at += gap
                getattr(walk, deed)(days)
            _compare_now(scene, walk, after, met)
            for end in _ends_of_days(start, walk.at)[:: max(1, len(course))][:3]:
                assert scene.recalled(walk.case_id, end) == walk.light.showed(end), (end, walk.light)
        met.deeds.update([kind, *(deed for deed, _, _ in course)])

    law()

    assert min(met.deeds[one] for one in (*KINDS, *DEEDS)) >= 10, met
    assert min(met.lights[one] for one in ("green", "yellow", "red")) >= 50, met


def _compare_now(scene: Scene, walk: Walk, after: timedelta, met: Met) -> None:
    """Compare the lights from the last deed on, at the very instants at which they turn too."""
    light, last = walk.light, walk.at
    moments = (light.yellow, light.due, last + after)
    for moment in (one + step for one in moments for step in (timedelta(), timedelta(microseconds=1))):
        if moment >= last:
            assert scene.shown(walk.case_id, moment) == light.shows(moment), (moment, light)
            met.lights[light.shows(moment)] += 1


@contextmanager
def taken_back(session: Session) -> Iterator[None]:
    savepoint = session.begin_nested()
    try:
        yield
    finally:
        savepoint.rollback()


def _ends_of_days(first: datetime, last: datetime) -> list[datetime]:
    day = local_day(first)
    midnight = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
    found = [midnight + timedelta(days=n + 1) for n in range((last - midnight).days)]
    return [one for one in found if one <= last]
