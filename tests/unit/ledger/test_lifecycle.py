"""The state machine and its guards, as values."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from server.ledger.errors import (
    EvidenceMissing,
    NothingAsked,
    NotNow,
    SamePerson,
    StateForbids,
    UnknownCommand,
)
from server.ledger.facts import Person, Place
from server.ledger.lifecycle import (
    FACTS,
    NEXT,
    ORDERS,
    may_order,
    permits,
    seen_by,
    signal,
)
from server.ledger.nearness import metres_between
from server.ledger.states import ENDED_STATES, OPEN_STATES, STATES
from server.problems import DomainError, InvalidInput, NotYours
from tests.unit.ledger.casting import (
    BUREAU,
    CHECKER,
    COLLEAGUE,
    DISPATCHER,
    FIXER,
    HEADQUARTERS,
    LEADER,
    NOW,
    PEOPLE,
    SECOND_LEADER,
    SPOT,
    WORKER,
    a_case,
    decide,
    follow,
)

WALK = [
    ("case.file", LEADER, "filed"),
    ("case.dispatch", DISPATCHER, "dispatched"),
    ("case.accept", FIXER, "in_progress"),
    ("case.claim_fixed", FIXER, "closeout_requested"),
    ("case.assign_check", DISPATCHER, "checking"),
    ("case.check", CHECKER, "check_passed"),
    ("case.close", LEADER, "closed"),
]


# How a case comes to a state beside the straight way.
ASIDE: dict[str, tuple[str, list[tuple[str, Any]]]] = {
    "verifying": ("reported", [("case.ask_verification", LEADER)]),
    "declined": ("reported", [("case.decline", LEADER)]),
    "merged": ("reported", [("case.merge", LEADER)]),
    "suspended": (
        "in_progress",
        [("case.suspend", FIXER), ("case.decide", LEADER), ("case.decide", BUREAU)],
    ),
    "voided": ("filed", [("case.void", LEADER), ("case.decide", SECOND_LEADER)]),
    "transferred": ("filed", [("case.transfer", LEADER)]),
}


def walked_to(state: str) -> Any:
    straight, aside = ASIDE.get(state, (state, []))
    case, now = a_case(), NOW
    for name, actor, to in WALK:
        if case.state == straight:
            break
        now += timedelta(minutes=1)
        case = follow(case, decide(case, name, actor, now), actor, now)
        assert case.state == to
    for name, actor in aside:
        now += timedelta(minutes=1)
        case = follow(case, decide(case, name, actor, now), actor, now)
    assert case.state == state
    return case


# Whoever may give a command, where the straight way does not say so.
GIVER = {
    "case.ask_verification": LEADER,
    "case.decline": LEADER,
    "case.merge": LEADER,
    "case.return": FIXER,
    "case.request_extension": FIXER,
    "case.suspend": FIXER,
    "case.void": LEADER,
    "case.decide": SECOND_LEADER,
    "case.resume": DISPATCHER,
    "case.withdraw_claim": FIXER,
    "case.reopen": WORKER,
    "case.transfer": LEADER,
    "case.report_dissuaded": FIXER,
    "case.record_disposition": BUREAU,
}


def test_the_whole_way_leads_to_the_close_out() -> None:
    assert walked_to("closed").state == "closed"


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", ORDERS)
def test_a_state_takes_its_own_commands_and_no_other(state: str, name: str) -> None:
    case = walked_to(state)
    actors = {command: actor for command, actor, _ in WALK} | GIVER

    if name in NEXT[state]:
        if name == "case.decide":
            case = follow(case, decide(case, "case.void", LEADER), LEADER, NOW)
        assert (
            decide(case, name, actors.get(name, WORKER), NOW + timedelta(days=1)).to_state
            in NEXT[state][name]
        )
    else:
        with pytest.raises(StateForbids):
            decide(case, name, actors.get(name, WORKER))


def test_what_has_ended_takes_remarks_a_reopening_and_what_departments_do_by_law() -> None:
    assert {state: list(NEXT[state]) for state in ENDED_STATES} == {
        "closed": ["case.reopen", "case.record_disposition", "case.joint_action", "case.note"],
        "transferred": ["case.record_disposition", "case.joint_action", "case.note"],
        "declined": ["case.note"],
        "merged": ["case.note"],
        "voided": ["case.note"],
    }


def test_facts_leave_the_state_as_it_is() -> None:
    for state in OPEN_STATES:
        assert {NEXT[state][fact] for fact in FACTS} == {(state,)}


def test_what_nobody_may_order_is_no_command() -> None:
    for name in ("case.raise_level", "case.join", "case.report", "case.fly"):
        with pytest.raises(UnknownCommand):
            decide_raw(name)


def decide_raw(name: str) -> None:
    from server.ledger import lifecycle
    from server.ledger.facts import Command
    from tests.unit.ledger.casting import known

    lifecycle.decide(a_case(), Command(name, 1, {}), {}, WORKER, NOW, known())


GUARDED: list[tuple[str, str, Any, dict[str, Any], type[DomainError]]] = [
    ("dispatched", "case.accept", DISPATCHER, {}, NotYours),
    ("in_progress", "case.claim_fixed", WORKER, {}, NotYours),
    ("checking", "case.check", WORKER, {}, NotYours),
    ("check_passed", "case.close", CHECKER, {}, SamePerson),
    ("check_passed", "case.close", LEADER, {"evidence_gaps": (("a", "b"),)}, EvidenceMissing),
    ("filed", "case.dispatch", DISPATCHER, {"unit_exists": False}, InvalidInput),
    ("filed", "case.dispatch", DISPATCHER, {"due_at": NOW - timedelta(1)}, InvalidInput),
    ("closeout_requested", "case.assign_check", DISPATCHER, {"person": None}, InvalidInput),
    (
        "closeout_requested",
        "case.assign_check",
        DISPATCHER,
        {"person": Person(FIXER.user_id, FIXER.unit_code, True)},
        SamePerson,
    ),
    (
        "closeout_requested",
        "case.assign_check",
        DISPATCHER,
        {"person": Person(COLLEAGUE.user_id, COLLEAGUE.unit_code, True)},
        SamePerson,
    ),
    (
        "closeout_requested",
        "case.assign_check",
        DISPATCHER,
        {"person": Person(WORKER.user_id, WORKER.unit_code, False)},
        InvalidInput,
    ),
    ("checking", "case.check", CHECKER, {"base": 1}, InvalidInput),
    ("checking", "case.check", CHECKER, {"first_seen": {"bb" * 32: NOW}}, EvidenceMissing),
    ("checking", "case.check", CHECKER, {"location": Place(117.2755, 35.6571, 5.0)}, InvalidInput),
]


@pytest.mark.parametrize(("state", "name", "actor", "more", "error"), GUARDED)
def test_guards_refuse(
    state: str, name: str, actor: Any, more: dict[str, Any], error: type[DomainError]
) -> None:
    with pytest.raises(error):
        decide(walked_to(state), name, actor, NOW + timedelta(days=1), **more)


def test_severity_a_is_for_headquarters_to_sign() -> None:
    grave, slight = (replace(walked_to("check_passed"), severity=one) for one in ("A", "C"))

    assert not may_order(grave, "case.close", LEADER)
    assert may_order(grave, "case.close", HEADQUARTERS)
    assert may_order(slight, "case.close", LEADER)


def test_a_circle_of_error_of_kilometres_proves_nothing() -> None:
    far = Place(SPOT.lon + 0.01, SPOT.lat, 5_000.0)

    with pytest.raises(InvalidInput):
        decide(walked_to("checking"), "case.check", CHECKER, NOW + timedelta(days=1), location=far)


def test_a_failed_check_counts_and_sets_a_new_deadline() -> None:
    now = NOW + timedelta(days=1)

    decision = decide(walked_to("checking"), "case.check", CHECKER, now, passed=False, reason="仍有")

    assert decision.to_state == "in_progress"
    assert decision.columns["rework_count"] == 1
    assert decision.columns["due_at"] == now + timedelta(hours=168)


SEEN: list[tuple[str, int | None, bool]] = [
    ("filed", 2, True),
    ("filed", 1, False),
    ("filed", None, False),
    ("filed", 3, False),
]


@pytest.mark.parametrize(("state", "base", "seen"), SEEN)
def test_a_decision_rests_on_what_the_sender_saw(state: str, base: int | None, seen: bool) -> None:
    assert seen_by(walked_to(state), base, WORKER.user_id) is seen


def test_ones_own_entries_and_notes_count_as_seen() -> None:
    case = walked_to("in_progress")
    noted = follow(case, decide(case, "case.note", WORKER), WORKER, NOW)

    assert seen_by(noted, case.version, DISPATCHER.user_id)
    assert seen_by(case, case.version - 1, FIXER.user_id)
    assert not seen_by(case, case.version - 1, WORKER.user_id)


@given(st.integers(0, 200), st.integers(1, 100))
def test_signals_turn_once_from_green_to_yellow_to_red(minutes: int, limit: int) -> None:
    due = NOW + timedelta(minutes=limit)
    yellow = NOW + timedelta(minutes=limit * 0.8)
    at = NOW + timedelta(minutes=minutes)
    wanted = "green" if minutes <= limit * 0.8 else "yellow" if minutes <= limit else "red"

    assert signal(yellow, due, at) == wanted
    assert signal(None, None, at) == "green"


@given(st.floats(116, 118), st.floats(35, 36), st.floats(-0.01, 0.01), st.floats(-0.01, 0.01))
def test_distances_agree_with_the_ellipsoid_within_half_a_percent(
    lon: float, lat: float, east: float, north: float
) -> None:
    from pyproj import Geod

    one, other = Place(lon, lat, None), Place(lon + east, lat + north, None)
    _, _, exact = Geod(ellps="WGS84").inv(lon, lat, lon + east, lat + north)

    assert metres_between(one, other) == pytest.approx(exact, rel=0.005, abs=0.01)


class AnybodyOrdersAnything(RuleBasedStateMachine):
    """Whoever orders whatever: what is written obeys the rules that the database holds, too."""

    def __init__(self) -> None:
        super().__init__()
        self.case, self.now = a_case(), NOW

    @rule(
        name=st.sampled_from(ORDERS),
        actor=st.sampled_from(PEOPLE),
        passed=st.booleans(),
        checker=st.sampled_from(PEOPLE),
    )
    def order(self, name: str, actor: Any, passed: bool, checker: Any) -> None:
        self.now += timedelta(minutes=1)
        more: dict[str, Any] = {}
        if name == "case.check":
            more = {"passed": passed, "reason": "" if passed else "仍有"}
        if name == "case.assign_check":
            more = {
                "checker": checker.user_id,
                "person": Person(checker.user_id, checker.unit_code, True),
            }
        try:
            decision = decide(self.case, name, actor, self.now, **more)
        except (StateForbids, NotYours, SamePerson, NotNow, NothingAsked, InvalidInput):
            return
        assert permits(self.case.state, name)
        assert decision.to_state in NEXT[self.case.state][name]
        self.case = follow(self.case, decision, actor, self.now)

    @invariant()
    def a_closed_case_was_checked_after_its_last_claim_by_somebody_else(self) -> None:
        if self.case.state != "closed":
            return
        claims = [entry for entry in self.case.past if entry.command == "case.claim_fixed"]
        check, close = self.case.last("case.check"), self.case.last("case.close")
        assert check is not None
        assert close is not None
        assert check.seq > claims[-1].seq
        assert check.to_state == "check_passed"
        assert check.actor_id not in {claim.actor_id for claim in claims}
        assert check.actor_unit not in {claim.actor_unit for claim in claims}
        assert close.actor_id != check.actor_id

    @invariant()
    def versions_rise_by_one(self) -> None:
        versions = [entry.version for entry in self.case.past]
        assert versions == list(range(1, len(versions) + 1))


TestAnybodyOrdersAnything = AnybodyOrdersAnything.TestCase
TestAnybodyOrdersAnything.settings = settings(max_examples=80, stateful_step_count=40, deadline=None)
