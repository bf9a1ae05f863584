"""The way of a charging site: what each state takes, whose turn it is, what a return undoes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from server.siting.works.diagram import state_diagram
from server.siting.works.errors import WorkMovedOn, WorkStateForbids
from server.siting.works.lifecycle import (
    ENDED,
    NEXT,
    OPEN,
    SITE_STATUS,
    STATES,
    STEPS,
    Step,
    decide,
    standing,
)
from server.siting.works.rules import Limit, Turn, own_step, promised_on, turn

PAGE = Path(__file__).parents[3] / "docs" / "charging-works.md"
DAY = date(2026, 11, 20)
LIMITS = (
    Limit("planned", date(2019, 3, 1), "street", 15),
    Limit("planned", date(2026, 11, 1), "street", 10),
    Limit("planned", date(2027, 1, 1), "street", 5),
    Limit("consulted", date(2019, 3, 1), "emergency_bureau", 15),
    Limit("building", date(2019, 3, 1), "street", None),
)


def test_the_page_shows_the_present_table_and_every_state() -> None:
    assert f"```mermaid\n{state_diagram()}```" in PAGE.read_text(encoding="utf-8")
    assert [state for state in STATES if state not in state_diagram()] == []


def test_every_state_says_what_its_site_is_and_every_end_can_be_reopened_or_stays_in_service() -> None:
    assert set(SITE_STATUS) == set(STATES)
    assert all("work.reopen" in NEXT[state] for state in ENDED)
    assert set(OPEN) | ENDED | {"in_service"} == set(STATES)


@pytest.mark.parametrize(
    ("state", "command", "data", "to"),
    [
        ("planned", "work.meet", {}, "discussed"),
        ("consulted", "work.fire_review", {"agreed": True}, "fire_reviewed"),
        ("consulted", "work.fire_review", {"agreed": False}, "refused"),
        ("fire_reviewed", "work.power_reply", {"agreed": False}, "refused"),
        ("building", "work.extend", {}, "building"),
        ("building", "work.return", {}, "invested"),
        ("in_service", "work.return", {}, "building"),
        ("refused", "work.reopen", {}, "planned"),
    ],
)
def test_a_command_leads_where_the_table_says(
    state: str, command: str, data: dict[str, bool], to: str
) -> None:
    assert decide(state, 3, command, 3, data) == to


def test_what_the_table_does_not_know_and_what_saw_an_older_version_is_refused() -> None:
    with pytest.raises(WorkStateForbids):
        decide("planned", 1, "work.complete", 1, {})
    with pytest.raises(WorkMovedOn):
        decide("planned", 2, "work.meet", 1, {})
    assert decide("planned", 2, "work.urge", 1, {}) == "planned"


@pytest.mark.parametrize(
    ("state", "street", "promised", "expected"),
    [
        ("planned", "sihe_subdistrict", None, Turn("sihe_subdistrict", date(2026, 11, 30))),
        ("planned", None, None, Turn(None, date(2026, 11, 30))),
        ("consulted", "sihe_subdistrict", None, Turn("emergency_bureau", date(2026, 12, 5))),
        ("building", "sihe_subdistrict", date(2027, 3, 1), Turn("sihe_subdistrict", date(2027, 3, 1))),
        ("in_service", "sihe_subdistrict", None, Turn()),
    ],
)
def test_the_limit_in_force_says_whose_turn_it_is_and_until_when(
    state: str, street: str | None, promised: date | None, expected: Turn
) -> None:
    assert turn(LIMITS, state, street, DAY, promised) == expected


def test_bureaus_and_the_power_company_take_their_own_step_only() -> None:
    assert own_step("work.fire_review", "emergency_bureau")
    assert not own_step("work.fire_review", "housing_bureau")
    assert not own_step("work.meet", "emergency_bureau")


def test_a_return_undoes_its_step_and_a_reopening_all_of_them() -> None:
    way = ["planned", *(state for _, state in STEPS)]
    past = [Step(1, "work.take_up", "", "planned")]
    past += [
        Step(n + 2, command, way[n], state, {"expected_on": "2027-03-01"} if command == "work.begin" else {})
        for n, (command, state) in enumerate(STEPS[:6])
    ]
    assert promised_on([step.data for step in past]) == date(2027, 3, 1)

    returned = standing([*past, Step(8, "work.return", "building", "invested")])
    assert "work.invest" in returned
    assert "work.begin" not in returned

    reopened = standing([*past, Step(8, "work.reopen", "withdrawn", "planned")])
    assert [command for command, _ in STEPS if command in reopened] == []
