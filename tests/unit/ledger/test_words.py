"""Refusals and pages call states and commands by the same Chinese words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from server.auth.rules import ROLES, ROLES_ZH
from server.ledger.errors import StateForbids
from server.ledger.lifecycle import ORDERS
from server.ledger.states import STATES
from server.ledger.words import COMMANDS_ZH, STATES_ZH

PAGES = Path(__file__).parents[3] / "server" / "web" / "src" / "shared" / "vocabulary.words.ts"


@pytest.mark.parametrize("words", [STATES_ZH, COMMANDS_ZH, ROLES_ZH])
def test_the_pages_say_the_same_words(words: dict[str, str]) -> None:
    told = PAGES.read_text(encoding="utf-8")

    assert [
        name for name, word in words.items() if not re.search(rf"'?{re.escape(name)}'?: '{word}'", told)
    ] == []


def test_nothing_is_without_a_word() -> None:
    assert set(STATES_ZH) == set(STATES)
    assert set(ORDERS) <= set(COMMANDS_ZH)
    assert set(ROLES_ZH) == set(ROLES)


def test_a_refusal_names_state_and_command_in_chinese() -> None:
    assert StateForbids("case.dispatch", "checking").detail_zh.startswith("案卷当前为“核查中”，不能派遣")
