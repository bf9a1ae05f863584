"""What is wrong with a value, in Chinese, whatever marshmallow calls it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from marshmallow import Schema, ValidationError, fields, validate

from server.answers import in_chinese


class _Asked(Schema):
    name = fields.String(required=True)
    wanted = fields.UUID()
    many = fields.Integer(validate=[validate.Range(min=1, max=5)])
    least = fields.Integer(validate=[validate.Range(min=1)])
    words = fields.String(validate=[validate.Length(max=3)])
    kind = fields.String(validate=[validate.OneOf(["a", "b"])])
    on = fields.Date()
    parts = fields.List(fields.Boolean())


FAULTY: list[dict[str, Any]] = [
    {},
    {"name": None},
    {"name": 5},
    {"name": "x", "wanted": "y"},
    {"name": "x", "many": 9},
    {"name": "x", "many": "z"},
    {"name": "x", "least": 0},
    {"name": "x", "words": "long"},
    {"name": "x", "kind": "c"},
    {"name": "x", "on": "today"},
    {"name": "x", "parts": "no list"},
    {"name": "x", "parts": ["maybe"]},
    {"name": "x", "more": 1},
]


@pytest.mark.parametrize("sent", FAULTY, ids=[str(one) for one in FAULTY])
def test_every_fault_is_told_in_chinese(sent: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refused:
        _Asked().load(sent)

    for message in _words(refused.value.messages):
        assert in_chinese(message) != message


def test_words_that_are_not_marshmallows_stay() -> None:
    assert in_chinese(f"since {date(2026, 1, 1)}") == "since 2026-01-01"


def _words(messages: Any) -> list[str]:
    if isinstance(messages, str):
        return [messages]
    inner = messages.values() if isinstance(messages, dict) else messages
    return [word for one in inner for word in _words(one)]
