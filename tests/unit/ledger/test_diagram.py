"""The drawing of a case's life in docs is the table that the code uses."""

from __future__ import annotations

from pathlib import Path

from server.ledger.diagram import state_diagram
from server.ledger.states import STATES

PAGE = Path(__file__).parents[3] / "docs" / "life-of-a-case.md"


def test_the_page_shows_the_present_table() -> None:
    assert f"```mermaid\n{state_diagram()}```" in PAGE.read_text(encoding="utf-8")


def test_every_state_is_drawn() -> None:
    drawn = state_diagram()

    assert [state for state in STATES if state not in drawn] == []
