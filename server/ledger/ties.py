"""What ties a case to places, units and people, and which reaches of a person cover it. Pure.

`server.ledger.visibility` says the same of many cases in SQL.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from server.auth.actor import Actor
from server.auth.rules import Reach


@dataclass(frozen=True, slots=True)
class Ties:
    """To whom a case belongs.

    Attributes:
        units: responsible, leading, with a task of its own, or part of a joint action on it.
        people: who reported it or is to check it.
        walked: whether the person who asks walks a cell of it.
    """

    neighbourhood_code: str
    units: frozenset[str]
    people: frozenset[UUID]
    walked: bool


def covers(ties: Ties, actor: Actor) -> Mapping[Reach, bool]:
    """Return for every reach whether it covers the case; what is one's own is covered by each."""
    own = bool(actor.people & ties.people)
    place = actor.division_code is not None and ties.neighbourhood_code.startswith(actor.division_code)
    return {
        Reach.COUNTY: True,
        Reach.SUBDISTRICT: place or own,
        Reach.NEIGHBOURHOOD: place or own,
        Reach.UNIT: actor.unit_code in ties.units or own,
        Reach.CELLS: ties.walked or own,
        Reach.OWN: own,
    }
