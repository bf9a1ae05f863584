"""Limits, proposals, drafts and what may leave the desk, as functions of values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from checklists.deadlines import china_calendar
from server.complaints.hotline import drafting, matching
from server.complaints.hotline.covering import covered
from server.complaints.hotline.drafting import CaseWords, check_wording, draft
from server.complaints.hotline.lifecycle import NEXT, STATES, possible, steps
from server.complaints.hotline.limits import Rules, limit_of
from server.complaints.hotline.matching import Keyword, OpenCase, PlaceName
from server.ledger.clocks import Clock
from server.problems import InvalidInput
from server.sheets.cells import CellFault

RULES = Rules(5, 1, 0.8)
CLOCK = Clock(china_calendar())
FRIDAY = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("told", "due"),
    [
        ("", "2026-11-27T09:30"),
        ("3个工作日", "2026-11-25T09:30"),
        ("5工作日内", "2026-11-27T09:30"),
        ("24小时", "2026-11-21T01:00"),
        ("2天", "2026-11-22T16:00"),
        ("2026-11-24", "2026-11-24T09:30"),
        ("2026年11月24日 8时30分", "2026-11-24T00:30"),
        ("2026-11-24 18:00", "2026-11-24T10:00"),
    ],
)
def test_a_limit_is_read_as_the_platform_writes_it(told: str, due: str) -> None:
    limit = limit_of(told, FRIDAY, RULES, CLOCK)

    assert limit.due_at == datetime.fromisoformat(due).replace(tzinfo=UTC)
    assert FRIDAY <= limit.yellow_at <= limit.due_at
    assert limit.return_due_at <= limit.due_at


@pytest.mark.parametrize("told", ["尽快", "0天", "2026-11-01", "9999个工作日", "-3天"])
def test_what_is_no_limit_is_refused(told: str) -> None:
    with pytest.raises(CellFault):
        limit_of(told, FRIDAY, RULES, CLOCK)


@pytest.mark.parametrize(
    ("words", "hidden"),
    [
        ("请回电13854712345。", "13854712345"),
        ("电话 138 5471 2345", "138 5471 2345"),
        ("座机0537-4221234", "0537-4221234"),
        ("身份证370831199001011234", "370831199001011234"),
        ("本人王晓明反映停水", "王晓明"),
        ("来电人：李女士", "李女士"),
        ("微信号zhao_xm88", "zhao_xm88"),
        ("赵晓梅家楼下，赵晓梅说", "赵晓梅"),
    ],
)
def test_what_leaves_the_desk_names_nobody(words: str, hidden: str) -> None:
    assert hidden not in covered(words, "赵晓梅", "13854712345")


def test_the_words_of_the_demand_stay() -> None:
    words = "泗河家园3号楼2单元电梯停了3天，共24户，市民反映物业不处理"

    assert covered(words, "赵晓梅", "13854712345") == words


@given(some.text(max_size=60), some.text(max_size=8), some.from_regex(r"1[3-9]\d{9}", fullmatch=True))
def test_a_number_is_hidden_wherever_it_stands(words: str, name: str, phone: str) -> None:
    assert phone not in covered(f"{words}，{phone}，{words}", name, phone)


def _places() -> list[PlaceName]:
    names = ("泗河家园小区", "泗河家园二期", "圣源小区")
    return [PlaceName(UUID(int=at), name, "泗河社区居民委员会") for at, name in enumerate(names)]


@pytest.mark.parametrize(
    ("address", "words", "best", "reason"),
    [
        ("泗水县泗河家园小区3号楼", "", 0, "name_in_address"),
        ("", "圣源小区停水", 2, "name_in_words"),
        ("圣源3号楼", "", 2, "part_of_name"),
        ("泗河家园二期5号楼", "", 1, "name_in_address"),
    ],
)
def test_the_community_that_is_named_comes_first(address: str, words: str, best: int, reason: str) -> None:
    found = matching.rank_communities(address, words, _places())

    assert (found[0].key, found[0].reasons[0]) == (UUID(int=best), reason)


def test_nothing_is_proposed_where_nothing_is_named() -> None:
    assert matching.rank_communities("某处", "停水了", _places()) == []


def test_the_category_with_the_most_telling_words_comes_first() -> None:
    keywords = [
        Keyword("停车", "parking", 1),
        Keyword("消防通道", "fire_lane", 2),
        Keyword("电梯", "lift", 1),
    ]

    found = matching.rank_categories("消防通道上停车", keywords)

    assert [(one.key, one.score) for one in found] == [("fire_lane", 1.0), ("parking", 0.5)]


def test_the_nearer_case_of_the_same_kind_comes_first_and_others_places_never() -> None:
    here, there = UUID(int=1), UUID(int=2)
    cases = [
        OpenCase(UUID(int=11), here, "lift", FRIDAY - timedelta(days=90)),
        OpenCase(UUID(int=12), here, "lift", FRIDAY - timedelta(days=1)),
        OpenCase(UUID(int=13), here, "dog", FRIDAY),
        OpenCase(UUID(int=14), there, "lift", FRIDAY),
    ]

    found = matching.rank_cases(FRIDAY, cases, {here: 0.9}, {"lift": 1.0})

    assert [one.key for one in found] == [UUID(int=12), UUID(int=11), UUID(int=13)]
    assert all(0 <= one.score <= 1 for one in found)


WORDINGS = {
    stage: "".join(f"{{{name}}}" for name in sorted(names)) for stage, names in drafting.NAMES.items()
}
ORDER = {"order_no": "A1", "called_at": FRIDAY, "due_at": FRIDAY}


@pytest.mark.parametrize("state", sorted(drafting.STAGE_OF))
def test_a_draft_is_filled_in_for_every_state_of_a_case(state: str) -> None:
    case = CaseWords(state, "泗河家园", "电梯停用", None, None, "", FRIDAY, None, None, None, None)

    said = draft(ORDER, [case], WORDINGS)

    assert "None" not in said
    assert "泗河家园" in said
    assert draft(ORDER, [case, case], WORDINGS).count("泗河家园") == 2


def test_a_draft_hides_who_stands_in_the_words_of_the_repair() -> None:
    done = "已更换，联系13854712345"
    case = CaseWords("closed", "甲", "乙", "1", "丙", done, FRIDAY, FRIDAY, FRIDAY, FRIDAY, None)

    assert "13854712345" not in draft(ORDER, [case], WORDINGS)


@pytest.mark.parametrize(
    "wording", ["{caller}", "{", "}", "{order_no!r}", "{order_no:>9}", "{}", "{order_no.x}"]
)
def test_a_sentence_that_cannot_be_filled_in_is_refused(wording: str) -> None:
    with pytest.raises(InvalidInput):
        check_wording("none", wording)


@pytest.mark.parametrize("state", STATES)
def test_what_is_offered_can_be_done(state: str) -> None:
    for command in possible(state, FRIDAY, FRIDAY):
        assert steps(state, command)[-1][0] == command
    assert "hotline.return" not in possible(state, FRIDAY + timedelta(seconds=1), FRIDAY)
    assert all(after in STATES for ways in NEXT.values() for after in ways.values())
