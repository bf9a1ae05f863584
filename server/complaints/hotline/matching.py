"""Which communities, categories and open cases an order may be about: ranked proposals. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

_TAIL = re.compile(r"(住宅)?(小区|家属院|家属楼|花园|花苑|社区|公寓)$")
SHORTEST_STEM = 2
MOST = 10
DAYS_THAT_FADE = 30.0


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A community with the names that callers use for where it lies."""

    community_id: UUID
    name: str
    neighbourhood: str


@dataclass(frozen=True, slots=True)
class Keyword:
    """A word that tells a category, and how strongly."""

    word: str
    category: str
    weight: float


@dataclass(frozen=True, slots=True)
class OpenCase:
    """An open case as far as matching looks at it."""

    case_id: UUID
    community_id: UUID
    category: str
    reported_at: datetime


@dataclass(frozen=True, slots=True)
class Ranked:
    """One proposal: what it proposes, how well it fits from 0 to 1, and why."""

    key: Any
    score: float
    reasons: tuple[str, ...]


def rank_communities(address: str, words: str, places: Sequence[PlaceName]) -> list[Ranked]:
    """Return the communities named in an address or in the words of an order, the best first.

    Reasons: `name_in_address`, `name_in_words`, `part_of_name`, `neighbourhood_named`.
    """
    found = [_community(address, words, place) for place in places]
    return _best([one for one in found if one.score >= 0.3])


def rank_categories(words: str, keywords: Sequence[Keyword]) -> list[Ranked]:
    """Return the categories whose words an order uses, the best first; reasons are the words found."""
    hits: dict[str, list[Keyword]] = {}
    for one in keywords:
        if one.word in words:
            hits.setdefault(one.category, []).append(one)
    sums = {category: sum(one.weight for one in found) for category, found in hits.items()}
    most = max(sums.values(), default=1.0)
    return _best(
        [
            Ranked(category, round(total / most, 3), tuple(one.word for one in hits[category]))
            for category, total in sums.items()
        ]
    )


def rank_cases(
    called_at: datetime,
    cases: Sequence[OpenCase],
    communities: Mapping[UUID, float],
    categories: Mapping[str, float],
) -> list[Ranked]:
    """Return the open cases that an order may be about, the best first.

    Half of the score is the community's, three tenths the category's, two tenths nearness in time: a case
    that was reported a month from the call is worth e⁻¹ of one of the same day.
    """
    found = []
    for case in cases:
        place, kind = communities.get(case.community_id, 0.0), categories.get(case.category, 0.0)
        days = abs((called_at - case.reported_at).total_seconds()) / 86_400
        near = math.exp(-days / DAYS_THAT_FADE)
        reasons = [
            name
            for name, told in (
                ("community", place > 0),
                ("category", kind > 0),
                ("time", days <= DAYS_THAT_FADE),
            )
            if told
        ]
        found.append(Ranked(case.case_id, round(0.5 * place + 0.3 * kind + 0.2 * near, 3), tuple(reasons)))
    return _best([one for one in found if "community" in one.reasons])


def _community(address: str, words: str, place: PlaceName) -> Ranked:
    stem = _TAIL.sub("", place.name)
    reasons, score = [], 0.0
    if place.name in address:
        reasons, score = ["name_in_address"], 0.95
    elif place.name in words:
        reasons, score = ["name_in_words"], 0.85
    elif len(stem) >= SHORTEST_STEM and (stem in address or stem in words):
        reasons, score = ["part_of_name"], 0.6 if stem in address else 0.5
    near = place.neighbourhood.removesuffix("居民委员会").removesuffix("村民委员会").removesuffix("社区")
    if reasons and len(near) >= SHORTEST_STEM and near in address + words and near != stem:
        reasons.append("neighbourhood_named")
        score += 0.05
    # Of two names that both stand there, the longer one is meant: 泗河家园二期 rather than 泗河家园.
    return Ranked(place.community_id, round(score + min(len(place.name), 20) / 10_000, 4), tuple(reasons))


def _best(found: Sequence[Ranked]) -> list[Ranked]:
    return sorted(found, key=lambda one: (-one.score, str(one.key)))[:MOST]
