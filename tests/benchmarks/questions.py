"""What a desk asks of the ledger: pages by three filters, of every kind the list knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from sqlalchemy import text
from sqlalchemy.orm import Session

from server.ledger.states import OPEN_STATES

AT_ONCE = 3
# Frequent and rare, of one letter and of many, part of a number; and one that no case holds.
WORDS = (
    "现场",
    "巡查",
    "3号楼",
    "17号楼2单元",
    "399号楼",
    "单元",
    "-00012",
    "372",
    "电梯",
    "车",
    "没有这样的词",
)
Question = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """What there is to ask for."""

    categories: Sequence[str]
    communities: Sequence[str]
    cells: Sequence[str]
    units: Sequence[str]
    today: date


def asked_of(session: Session, today: date) -> Asked:
    """Return what there is to ask for in this ledger."""

    def found(sql: str) -> list[str]:
        return [str(one) for one in session.scalars(text(sql))]

    return Asked(
        found("SELECT category FROM server.category ORDER BY 1"),
        found("SELECT community_id FROM geo.community ORDER BY 1"),
        found("SELECT DISTINCT grid_cell_code FROM geo.community_cell ORDER BY 1"),
        found("SELECT code FROM server.unit WHERE kind NOT IN ('neighbourhood', 'party') ORDER BY 1"),
        today,
    )


def questions(asked: Asked, draw: Random, count: int) -> list[Question]:
    """Return so many questions, each of three different filters; overdue is the red light."""
    kinds: Mapping[str, Callable[[], Question]] = {
        "state": lambda: {"state": draw.choice((*OPEN_STATES, "closed", "merged"))},
        "category": lambda: {"category": draw.choice(asked.categories)},
        "severity": lambda: {"severity": draw.choice("ABC")},
        "signal": lambda: {"signal": draw.choice(("red", "red", "yellow", "green"))},
        "community": lambda: {"community_id": draw.choice(asked.communities)},
        "cell": lambda: {"grid_cell": draw.choice(asked.cells)},
        "unit": lambda: {"unit": draw.choice(asked.units)},
        "dates": lambda: _dates(asked.today, draw),
        "text": lambda: {"text": draw.choice(WORDS)},
        "measure": lambda: {"measure": str(draw.randint(7, 20))},
    }
    found: list[Question] = []
    for _ in range(count):
        members: dict[str, str] = {}
        for kind in draw.sample(list(kinds), AT_ONCE):
            members |= kinds[kind]()
        found.append(members)
    return found


def _dates(today: date, draw: Random) -> Question:
    ends = today - timedelta(days=draw.randrange(1500))
    begins = ends - timedelta(days=draw.choice((0, 7, 31, 365)))
    return {"opened_from": begins.isoformat(), "opened_to": ends.isoformat()}
