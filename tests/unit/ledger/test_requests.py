"""Returns, extensions, suspensions and voidings: whose word each needs, and what it does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from server.ledger.errors import NothingAsked, NotNow, SamePerson
from server.ledger.facts import CaseFacts
from server.ledger.lifecycle import NEXT, may_order
from server.ledger.requests import WAITS_IN, lapsing
from server.problems import DomainError, InvalidInput, NotYours
from tests.unit.ledger.casting import (
    BUREAU,
    DISPATCHER,
    FIXER,
    HEADQUARTERS,
    LEADER,
    NOW,
    SECOND_LEADER,
    WORKER,
    an_id,
    decide,
    follow,
)
from tests.unit.ledger.test_lifecycle import walked_to


def asked(command: str, state: str = "in_progress", **more: Any) -> CaseFacts:
    case = replace(walked_to(state), **more)
    asker = LEADER if command == "case.void" else FIXER
    return follow(case, decide(case, command, asker), asker, NOW)


GRANTED: list[tuple[str, list[Any], str, dict[str, Any], dict[str, Any]]] = [
    ("case.return", [DISPATCHER], "filed", {}, {"returned_count": 1}),
    ("case.return", [LEADER], "filed", {}, {"returned_count": 1}),
    ("case.request_extension", [DISPATCHER], "in_progress", {}, {"extension_count": 1}),
    (
        "case.request_extension",
        [LEADER, BUREAU],
        "in_progress",
        {"extension_count": 1},
        {"extension_count": 2},
    ),
    (
        "case.request_extension",
        [BUREAU, LEADER],
        "in_progress",
        {"extension_count": 1},
        {"extension_count": 2},
    ),
    ("case.suspend", [BUREAU, HEADQUARTERS], "suspended", {}, {}),
    ("case.void", [SECOND_LEADER], "voided", {}, {}),
]


@pytest.mark.parametrize(("command", "voices", "state", "before", "after"), GRANTED)
def test_a_request_is_granted_when_everybody_asked_has_spoken(
    command: str, voices: list[Any], state: str, before: dict[str, Any], after: dict[str, Any]
) -> None:
    case = asked(command, **before)

    for voice in voices[:-1]:
        case = follow(case, decide(case, "case.decide", voice), voice, NOW)
        assert case.state == "in_progress"
        assert case.pending
    case = follow(case, decide(case, "case.decide", voices[-1]), voices[-1], NOW)

    assert case.state == state
    assert not case.pending
    assert {name: getattr(case, name) for name in after} == after


FORBIDDEN: list[tuple[str, Any, dict[str, Any], type[DomainError]]] = [
    ("case.return", FIXER, {}, NotYours),
    ("case.return", WORKER, {}, NotYours),
    ("case.suspend", DISPATCHER, {}, NotYours),
    ("case.void", LEADER, {}, SamePerson),
    ("case.void", DISPATCHER, {}, NotYours),
    ("case.void", BUREAU, {}, NotYours),
]


@pytest.mark.parametrize(("command", "voice", "before", "error"), FORBIDDEN)
def test_another_voice_decides_nothing(
    command: str, voice: Any, before: dict[str, Any], error: type[DomainError]
) -> None:
    case = asked(command, **before)

    with pytest.raises(error):
        decide(case, "case.decide", voice)
    assert not may_order(case, "case.decide", voice)


def test_nobody_speaks_twice() -> None:
    case = asked("case.suspend")
    case = follow(case, decide(case, "case.decide", LEADER), LEADER, NOW)

    with pytest.raises(NotYours):
        decide(case, "case.decide", SECOND_LEADER)


def test_a_refused_return_is_counted_as_passing_the_buck() -> None:
    case = asked("case.return")

    case = follow(
        case, decide(case, "case.decide", DISPATCHER, granted=False, reason="属于你们"), DISPATCHER, NOW
    )

    assert (case.state, case.buck_passing_count, case.returned_count) == ("in_progress", 1, 0)
    assert not case.pending


def test_a_refused_extension_leaves_the_deadline() -> None:
    case = asked("case.request_extension")

    decision = decide(case, "case.decide", DISPATCHER, granted=False, reason="无正当理由")

    assert decision.columns == {}


LATE: list[tuple[dict[str, Any], timedelta, type[DomainError]]] = [
    ({"extension_count": 2}, timedelta(), NotNow),
    ({}, timedelta(days=8), NotNow),
    ({"due_at": NOW + timedelta(days=20)}, timedelta(), InvalidInput),
]


@pytest.mark.parametrize(("more", "later", "error"), LATE)
def test_an_extension_is_asked_before_the_deadline_for_a_later_one_and_twice_at_most(
    more: dict[str, Any], later: timedelta, error: type[DomainError]
) -> None:
    case = replace(walked_to("in_progress"), **more)

    with pytest.raises(error):
        decide(case, "case.request_extension", FIXER, NOW + later)


def test_the_same_is_not_asked_twice_at_once() -> None:
    with pytest.raises(NotNow):
        decide(asked("case.return"), "case.return", FIXER)


def test_a_word_on_what_nobody_asked_is_told_so() -> None:
    with pytest.raises(NothingAsked):
        decide(asked("case.return"), "case.decide", DISPATCHER, request_id=an_id("nothing"))


def test_a_pause_takes_no_time_from_the_limit() -> None:
    case = walked_to("suspended")
    assert case.paused_at is not None
    assert case.due_at is not None

    decision = decide(case, "case.resume", DISPATCHER, case.paused_at + timedelta(days=100))

    assert decision.to_state == "in_progress"
    assert decision.columns["due_at"] == case.due_at + timedelta(days=100)


def test_a_closed_case_is_reopened_within_half_a_year_with_a_photo_taken_since() -> None:
    case = walked_to("closed")
    assert case.closed_at is not None

    back = decide(case, "case.reopen", WORKER, case.closed_at + timedelta(days=180))

    assert back.to_state == "in_progress"
    assert back.columns["rebound_count"] == 1
    with pytest.raises(NotNow):
        decide(case, "case.reopen", WORKER, case.closed_at + timedelta(days=181))
    with pytest.raises(DomainError, match="photo"):
        decide(
            case,
            "case.reopen",
            WORKER,
            case.closed_at + timedelta(days=1),
            first_seen={"ee" * 32: case.closed_at - timedelta(hours=1)},
        )


def test_a_request_that_waits_may_be_granted_wherever_it_waits() -> None:
    becomes = {"return": "filed", "suspension": "suspended", "voiding": "voided"}

    for kind, states in WAITS_IN.items():
        assert [state for state in states if becomes.get(kind, state) not in NEXT[state]["case.decide"]] == []


MOVES_ON: list[tuple[str, str, Any, list[str]]] = [
    ("case.return", "case.claim_fixed", FIXER, ["return"]),
    ("case.suspend", "case.claim_fixed", FIXER, ["suspension"]),
    ("case.request_extension", "case.claim_fixed", FIXER, []),
    ("case.request_extension", "case.transfer", LEADER, ["extension"]),
    ("case.void", "case.claim_fixed", FIXER, []),
    ("case.void", "case.transfer", LEADER, ["voiding"]),
]


@pytest.mark.parametrize(("asks", "moves", "actor", "kinds"), MOVES_ON)
def test_a_request_lapses_when_its_case_moves_on_to_where_it_makes_no_sense(
    asks: str, moves: str, actor: Any, kinds: list[str]
) -> None:
    case = asked(asks)

    assert [one.kind for one in lapsing(case, decide(case, moves, actor))] == kinds


def test_a_granted_return_ends_what_its_unit_asked_besides() -> None:
    case = asked("case.request_extension")
    extension = replace(case.pending[0], request_id=an_id("extension"))
    case = replace(asked("case.return"), pending=(extension, *asked("case.return").pending))
    granted = decide(case, "case.decide", DISPATCHER)

    assert [one.kind for one in lapsing(case, granted)] == ["extension"]


def test_a_suspension_names_a_day_to_come_that_can_be_meant() -> None:
    case = walked_to("in_progress")

    for day in (date(2026, 11, 20), date(2020, 1, 1), date(9999, 12, 31)):
        with pytest.raises(InvalidInput):
            decide(case, "case.suspend", FIXER, resume_on=day)
