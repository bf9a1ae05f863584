"""Expressions and conditions say the same, both ways."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklists.xlsform.conditions import condition_of, expression_of
from checklists.xlsform.grammar import NotTaken, opposite, parse

CHOICES = [{"code": code, "label_zh": code, "label_en": code} for code in ("a", "b", "c")]
NEAR: dict[str, Any] = {
    "number": {"code": "number", "type": "num"},
    "total": {"code": "total", "type": "num"},
    "yes_or_no": {"code": "yes_or_no", "type": "yn"},
    "kind": {"code": "kind", "type": "one", "choices": CHOICES},
    "kinds": {"code": "kinds", "type": "many", "choices": CHOICES},
    "words": {"code": "words", "type": "text"},
}


@pytest.mark.parametrize(
    ("expression", "condition"),
    [
        ("${number} > 3", {"item": "number", "gt": 3}),
        ("3 < ${number}", {"item": "number", "gt": 3}),
        ("not(${number} >= 0.5)", {"item": "number", "lt": 0.5}),
        ("${number} div ${total} < 0.9", {"item": "number", "ratio_to": "total", "lt": 0.9}),
        ("${yes_or_no} = 'no'", {"item": "yes_or_no", "eq": False}),
        ("${yes_or_no} != 'no'", {"item": "yes_or_no", "eq": True}),
        ("${kind} != 'a'", {"item": "kind", "any_of": ["b", "c"]}),
        ("selected(${kinds}, 'a')", {"item": "kinds", "any_of": ["a"]}),
        ("not(selected(${kinds}, 'a'))", {"item": "kinds", "missing_any": ["a"]}),
        ("${words} != ''", {"item": "words", "answered": True}),
        ("${number} != 1", {"item": "number", "or": [{"lt": 1}, {"gt": 1}]}),
        (
            "not(${number} > 1 or ${yes_or_no} = ‘yes’)",
            {"and": [{"item": "number", "lte": 1}, {"item": "yes_or_no", "eq": False}]},
        ),
    ],
)
def test_an_expression_says_a_condition(expression: str, condition: dict[str, Any]) -> None:
    assert condition_of(expression, NEAR) == condition


@pytest.mark.parametrize(
    "expression",
    [
        *("", "${number}", "${number} >", "${gone} = 1", ". = 1", "${number} = 'x'", "${words} > 'x'"),
        *(
            "${kind} = 'z'",
            "true()",
            "count-selected(${kinds}) > 1",
            "${number} = ${total}",
            "${number} + 1 = 2",
        ),
        *("selected(${words}, 'a')", "${number} = 1 ${total} = 2", "${words} = ''", "((", "今天"),
    ],
)
def test_what_no_checklist_can_say_is_refused_in_both_languages(expression: str) -> None:
    with pytest.raises(NotTaken) as refused:
        condition_of(expression, NEAR)
    assert refused.value.detail
    assert refused.value.detail_zh


TESTS = st.one_of(
    st.builds(
        lambda word, value: {"item": "number", word: value},
        st.sampled_from(["lt", "lte", "gt", "gte", "eq"]),
        st.integers(-99, 99),
    ),
    st.builds(lambda value: {"item": "yes_or_no", "eq": value}, st.booleans()),
    st.builds(lambda value: {"item": "kind", "eq": value}, st.sampled_from("abc")),
    st.builds(
        lambda word, values: {"item": "kinds", word: values},
        st.sampled_from(["any_of", "missing_any"]),
        st.lists(st.sampled_from("abc"), min_size=1, max_size=3, unique=True),
    ),
)
CONDITIONS = st.recursive(
    TESTS,
    lambda part: st.builds(
        lambda word, parts: {word: parts},
        st.sampled_from(["and", "or"]),
        st.lists(part, min_size=2, max_size=3),
    ),
    max_leaves=6,
)


@given(CONDITIONS)
def test_a_condition_that_an_expression_can_say_reads_back_as_itself(condition: dict[str, Any]) -> None:
    told = expression_of(condition, NEAR)

    assert told is None or condition_of(told, NEAR) == condition


@given(TESTS)
def test_every_single_test_can_be_said(condition: dict[str, Any]) -> None:
    assert expression_of(condition, NEAR) is not None


@given(CONDITIONS)
def test_the_opposite_of_the_opposite_is_the_same(condition: dict[str, Any]) -> None:
    told = expression_of(condition, NEAR)
    if told is not None:
        assert opposite(opposite(parse(told))) == parse(told)


@given(st.text(max_size=60))
def test_no_text_does_more_than_be_refused(text: str) -> None:
    with suppress(NotTaken):
        condition_of(text, NEAR)
