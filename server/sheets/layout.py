"""How a sheet looks, and cells that are more than a value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

# As Excel numbers paper.
A3, A4 = 8, 9


@dataclass(frozen=True, slots=True)
class Link:
    """A cell that leads to an address; `text` is what it shows."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Pictures:
    """A cell that shows pictures side by side; `text` is what it shows without any."""

    text: str
    files: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """How a sheet looks and prints.

    Attributes:
        title: written above the heading when the sheet prints, and the sheet's name.
        print_for: what people fill in at the head of every printed page; empty for a working sheet.
        choices: the words that a column offers to choose from, by its name.
        examples: what a cell of a column may say, by its name; shown beside the heading, no row of its own.
    """

    title: str
    paper: int = A4
    print_for: str = ""
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)
    examples: Mapping[str, str] = field(default_factory=dict)
