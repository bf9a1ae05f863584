"""Opening shut gates as a what-if: what the walks of a plan go by then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any
from uuid import UUID

import shapely
from sqlalchemy.orm import Session

from server.auth.actor import Actor
from server.communities.service import local_day
from server.problems import InvalidInput
from server.siting.ground.area import homes_of
from server.siting.ground.ways import Ways
from server.siting.plans import queries as plans
from server.siting.scenarios import service as scenarios
from server.siting.scenarios.schemas import AskedSchema
from server.siting.scenarios.ways import ways_of
from server.siting.trials.errors import NoWalks


@dataclass(frozen=True, slots=True)
class Opened:
    """Ways with gates opened; `name` is the same for the same gates."""

    name: str
    ways: Ways

    def sent(self) -> dict[str, Any]:
        """Return them as `bench` reads them."""
        gates = [{name: gate[name] for name in ("id", "kind", "x", "y")} for gate in self.ways.gates]
        lines = shapely.to_wkb(self.ways.lines, hex=True).tolist()
        return {"lines": lines, "gates": gates, "opened": sorted(self.ways.opened)}


def ways_through(session: Session, plan_id: UUID, opened: Sequence[str], *, actor: Actor) -> Opened:
    """Return what a plan's walks go by when gates are opened beside those that its scenario opened.

    Raises:
        NoWalks: the plan is of no scenario, or was measured straight.
        InvalidInput: a gate is not in or near the area.
        NotYours, NotFound: see `scenarios.service.found`.
    """
    scenario_id = plans.walking_scenario(session, plan_id)
    if scenario_id is None:
        raise NoWalks
    one = scenarios.found(session, scenario_id, actor=actor)
    asked = AskedSchema().load(one.asked)
    day = local_day(one.begun_at or one.asked_at)
    ids = [home.id for home in homes_of(session, asked.area, day)]
    ways = ways_of(session, asked, ids, day)
    _hold_there(opened, {gate["id"] for gate in ways.gates})
    name = sha256(" ".join(opened).encode()).hexdigest()[:32]
    return Opened(name, replace(ways, opened=ways.opened | set(opened)))


def _hold_there(opened: Sequence[str], there: set[str]) -> None:
    errors = [
        {
            "pointer": f"/open_gates/{at}",
            "detail": f"no gate {gate} is in or near the area",
            "detail_zh": f"规划范围及附近没有出入口 {gate}",
        }
        for at, gate in enumerate(opened)
        if gate not in there
    ]
    if errors:
        raise InvalidInput("Gates cannot be opened.", "这些出入口不能打开。", errors=errors[:20])
