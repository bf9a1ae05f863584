"""Columns as both sides know them: titles in two languages and the kind of value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["text", "whole", "decimal", "day", "instant", "choice", "code"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        name: how code and mappings call it.
        kind: what its cells hold; a `code` is a text of digits that Excel must not turn into a number.
        choices: for `choice`, each value with the words people write for it, the first being ours.
        width: in characters.
    """

    name: str
    zh: str
    en: str
    kind: Kind = "text"
    required: bool = False
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    width: int = 14
    longest: int = 2000


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table, by column title; `number` counts as Excel does."""

    number: int
    cells: dict[str, object]


def column_of(columns: Sequence[Column], title: str) -> Column | None:
    """Return the column with this title: its name, Chinese or English title, whatever case and spaces."""
    told = plain(title)
    return next((one for one in columns if told in (plain(one.name), plain(one.zh), plain(one.en))), None)


def plain(title: str) -> str:
    """Return a title as titles are compared: without spaces, marks of duty and case."""
    return "".join(title.split()).removesuffix("*").casefold()
