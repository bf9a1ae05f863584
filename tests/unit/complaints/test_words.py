"""Refusals and pages call states of complaints and of work orders by the same Chinese words."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from server.complaints import lifecycle, words
from server.complaints.errors import ComplaintStateForbids
from server.complaints.hotline import lifecycle as hotline

PAGES = Path(__file__).parents[3] / "server" / "web" / "src"


@pytest.mark.parametrize(("room", "said"), [("complaints", words.STATES_ZH), ("hotline", hotline.STATES_ZH)])
def test_the_pages_say_the_same_words(room: str, said: Mapping[str, str]) -> None:
    told = (PAGES / room / "words.ts").read_text(encoding="utf-8")

    assert [state for state, word in said.items() if f"{state}: '{word}'" not in told] == []


def test_nothing_is_without_a_word() -> None:
    assert set(words.STATES_ZH) == set(lifecycle.STATES)
    assert set(lifecycle.NEXT) <= set(words.COMMANDS_ZH)
    assert set(hotline.STATES_ZH) == set(hotline.STATES)
    assert set(hotline.COMMANDS_ZH) == set(hotline.NEXT)


def test_a_refusal_names_state_and_command_in_chinese() -> None:
    refused = ComplaintStateForbids("complaint.transfer", "received")

    assert refused.detail_zh.startswith("投诉当前为“待受理”，不能转为案卷")
