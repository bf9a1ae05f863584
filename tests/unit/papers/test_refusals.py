"""Refusals call the states of papers and joint actions by the words that pages use."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from server.ledger.joint import rules
from server.papers import errors, lifecycle

PAGES = Path(__file__).parents[3] / "server" / "web" / "src"


@pytest.mark.parametrize(
    ("room", "said", "states"),
    [("papers", errors.STATES_ZH, lifecycle.STATES), ("joint", rules.STATES_ZH, rules.STATES)],
)
def test_the_pages_say_the_same_words(room: str, said: Mapping[str, str], states: tuple[str, ...]) -> None:
    told = (PAGES / room / "words.ts").read_text(encoding="utf-8")

    assert set(said) == set(states)
    assert [state for state, word in said.items() if f"{state}: '{word}'" not in told] == []
