"""When a vote carries: the law as a table of cases, and what holds for every count."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.governance.counting import notice, result_of
from server.governance.rules import Count, Rule, Share, Weight, rule_for, verdict

FIRST_DAY = date(2021, 1, 1)
HALF, TWO_THIRDS, THREE_QUARTERS = Share(1, 2, True), Share(2, 3), Share(3, 4)
CODE = Rule("civil_code_2021", "assembly", "other", "taking_part", TWO_THIRDS, HALF, True, FIRST_DAY, None)
CODE_HEAVY = Rule(
    "civil_code_2021",
    "assembly",
    "common_use",
    "taking_part",
    TWO_THIRDS,
    THREE_QUARTERS,
    True,
    FIRST_DAY,
    None,
)
LAW = Rule(
    "property_law_2007", "assembly", "common_use", "all", None, HALF, True, date(2007, 10, 1), FIRST_DAY
)
LAW_FUND = Rule(
    "property_law_2007", "assembly", "fund_use", "all", None, TWO_THIRDS, True, date(2007, 10, 1), FIRST_DAY
)
POLL = Rule("opinion_poll", "poll", "any", "taking_part", None, HALF, False, date(2007, 10, 1), None)
RULES = (CODE, CODE_HEAVY, LAW, LAW_FUND, POLL)


def a_count(
    approving: tuple[int, int], against: tuple[int, int], everybody: tuple[int, int] = (90, 9000)
) -> Count:
    return Count(*(Weight(heads, Decimal(area)) for heads, area in (everybody, approving, against, (0, 0))))


@pytest.mark.parametrize(
    ("rule", "approving", "against", "outcome"),
    [
        # Two thirds take part, by heads and by area: exactly is enough, one head or one m² less is not.
        (CODE, (31, 3100), (29, 2900), "passed"),
        (CODE, (31, 3100), (28, 2900), "no_quorum"),
        (CODE, (31, 3100), (29, 2899), "no_quorum"),
        # More than half of those taking part: exactly half is not, by heads or by area.
        (CODE, (30, 3100), (30, 2900), "rejected"),
        (CODE, (31, 3000), (29, 3000), "rejected"),
        (CODE, (31, 3001), (29, 2999), "passed"),
        # Three quarters for the use of common parts: exactly is enough.
        (CODE_HEAVY, (45, 4500), (15, 1500), "passed"),
        (CODE_HEAVY, (44, 4500), (16, 1500), "rejected"),
        (CODE_HEAVY, (45, 4499), (15, 1501), "rejected"),
        (CODE_HEAVY, (59, 9000), (0, 0), "no_quorum"),
        # Before 2021: a share of all owners, and no quorum of its own.
        (LAW, (46, 4501), (44, 4499), "passed"),
        (LAW, (45, 4501), (0, 0), "rejected"),
        (LAW, (46, 4500), (0, 0), "rejected"),
        (LAW_FUND, (60, 6000), (30, 3000), "passed"),
        (LAW_FUND, (59, 6000), (0, 0), "rejected"),
        # A poll counts the heads of those who answered.
        (POLL, (2, 0), (1, 0), "passed"),
        (POLL, (1, 0), (1, 0), "rejected"),
        (POLL, (0, 0), (0, 0), "rejected"),
    ],
)
def test_a_vote_carries_as_its_law_says(
    rule: Rule, approving: tuple[int, int], against: tuple[int, int], outcome: str
) -> None:
    assert verdict(rule, a_count(approving, against)).outcome == outcome


def test_whoever_abstains_takes_part_and_an_invalid_ballot_does_not() -> None:
    everybody, some = Weight(3, Decimal(300)), Weight(1, Decimal(100))
    count = Count(everybody, some, Weight(), abstaining=some, invalid=some)

    assert count.taking_part == Weight(2, Decimal(200))
    assert verdict(CODE, count).quorum


@pytest.mark.parametrize(
    ("form", "matter", "on", "expected"),
    [
        ("assembly", "common_use", date(2020, 12, 31), LAW),
        ("assembly", "common_use", date(2021, 1, 1), CODE_HEAVY),
        ("assembly", "other", date(2026, 11, 20), CODE),
        ("assembly", "other", date(2007, 9, 30), None),
        ("poll", "common_use", date(2026, 11, 20), POLL),
    ],
)
def test_the_day_on_which_a_vote_opens_finds_its_law(
    form: str, matter: str, on: date, expected: Rule | None
) -> None:
    assert rule_for(RULES, form, matter, on) == expected


weights = st.tuples(st.integers(0, 50), st.integers(0, 5000))


@given(st.sampled_from(RULES), weights, weights, weights)
def test_one_more_approving_owner_never_turns_a_passed_vote_down(
    rule: Rule, approving: tuple[int, int], against: tuple[int, int], silent: tuple[int, int]
) -> None:
    everybody = tuple(sum(one) for one in zip(approving, against, silent, strict=True))
    before = verdict(rule, a_count(approving, against, (everybody[0], everybody[1])))
    turned = (min(1, against[0]), min(10, against[1]))
    after = verdict(
        rule,
        a_count(
            (approving[0] + turned[0], approving[1] + turned[1]),
            (against[0] - turned[0], against[1] - turned[1]),
            (everybody[0], everybody[1]),
        ),
    )

    assert (before.outcome, after.outcome) != ("passed", "rejected")
    assert before.quorum == after.quorum


def test_the_notice_tells_heads_areas_rule_and_outcome() -> None:
    figures = {
        "everybody": {"heads": 4, "area_m2": "400.00"},
        "approving": {"heads": 3, "area_m2": "300.00"},
        "against": {"heads": 0, "area_m2": "0.00"},
        "abstaining": {"heads": 0, "area_m2": "0.00"},
        "invalid": {"heads": 1, "area_m2": "100.00"},
    }

    told = notice(
        CODE_HEAVY, result_of(CODE_HEAVY, figures), community="泗水花园", subject="充电设施", period=""
    )

    assert told["outcome"] == "通过"
    assert told["taking_part"] == "3 人，300.00 平方米"
    assert told["basis"].endswith("参与表决须达 2/3以上；同意须达 3/4以上（按人数和面积）")
    assert told["counts"][3] == "无效票：1 人，100.00 平方米"
