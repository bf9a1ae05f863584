"""In how many statements a past is stored."""

from __future__ import annotations

import pytest

from server.ledger.plan import Plan
from server.simulation.history.book import in_turns


def _plan(*commands: str) -> Plan:
    plan = Plan(cases=[{"case_id": "a"}])
    for seq, command in enumerate(commands, 1):
        case_id = "b" if command == "of another" else "a"
        plan.entries.append({"case_id": case_id, "seq": seq, "command": command})
    return plan


@pytest.mark.parametrize(
    ("commands", "turns"),
    [
        (["case.report", "case.file", "case.raise_level"], [3]),
        (["case.file", "case.raise_level", "case.joint_action", "case.accept"], [3, 1]),
        (["case.raise_level", "case.accept", "case.raise_level", "case.claim_fixed"], [1, 2, 1]),
        (["case.raise_level", "of another"], [2]),
        ([], [0]),
    ],
)
def test_what_follows_a_rise_of_its_case_is_stored_after_it(commands: list[str], turns: list[int]) -> None:
    found = list(in_turns(_plan(*commands)))

    assert [len(turn.entries) for turn in found] == turns
    assert [turn.cases for turn in found] == [[{"case_id": "a"}]] + [[]] * (len(turns) - 1)
