"""Asking for scenarios and looking at them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import uuid6
from sqlalchemy.orm import Session

from server.auth import audit
from server.auth.actor import Actor
from server.auth.rules import reach
from server.communities.service import local_day
from server.problems import InvalidInput, NotFound
from server.siting.ground.area import homes_of
from server.siting.plans.service import ASK, division_of
from server.siting.rows.service import rule_set_on
from server.siting.scenarios import queries
from server.siting.scenarios.asked import Asked
from server.siting.scenarios.errors import ScenarioFinished
from server.siting.scenarios.tables import SitingScenario

JOB = "build-siting"


def ask(
    session: Session,
    name: str,
    asked: Asked,
    as_sent: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
) -> SitingScenario:
    """Keep a scenario; the caller enqueues `JOB` with its id once this is committed.

    Args:
        as_sent: the same as JSON, from which the worker reads it again.

    Raises:
        NotYours: the role plans nothing.
        CommunitiesUnknown, NoCommunities, UnknownRuleSet: the area or the rules are not there.
        InvalidInput: phases and budget contradict each other, or the objective needs a limit that is missing.
    """
    reach(actor, ASK)
    _agreeing(asked)
    day = local_day(now)
    homes = homes_of(session, asked.area, day)
    rule_set_on(session, asked.rule_set, day)
    kept = SitingScenario(
        scenario_id=UUID(int=uuid6.uuid7().int),
        name=name,
        asked=dict(as_sent),
        divisions=sorted({home.street for home in homes}),
        state="waiting",
        stage="",
        done_steps=0,
        asked_by=actor.user_id,
        asked_at=now,
    )
    session.add(kept)
    session.flush()
    audit.write(
        session, actor, "siting_scenario.ask", "siting_scenario", kept.scenario_id, {"name": name}, now
    )
    return kept


def _agreeing(asked: Asked) -> None:
    limited = asked.p is not None or asked.budget is not None or bool(asked.phases)
    if not limited and asked.objective != "min_sites":
        error = {
            "pointer": "/budget",
            "detail": "a budget, a number of sites (p) or phases are needed",
            "detail_zh": "须给出预算、点位数 p 或分期",
        }
        raise InvalidInput("Nothing limits the plan.", "方案没有任何限制条件。", errors=[error])


def found(session: Session, scenario_id: UUID, *, actor: Actor, whole: bool = False) -> SitingScenario:
    """Return a scenario.

    Raises:
        NotYours: the role sees no plans. NotFound: there is none, or it plans for other subdistricts.
    """
    one = queries.scenario(session, scenario_id, whole=whole)
    own = division_of(actor)
    if one is None or (own is not None and own not in one.divisions):
        raise NotFound("There is no such siting scenario.", "没有这个选址情景。")
    return one


def stop(session: Session, scenario_id: UUID, *, actor: Actor, now: datetime) -> SitingScenario:
    """End a scenario that is not built yet; a worker that is at it notices at its next step.

    Raises:
        ScenarioFinished: it is finished. NotYours, NotFound: see `found`.
    """
    reach(actor, ASK)
    one = found(session, scenario_id, actor=actor)
    if not queries.finish(session, scenario_id, {"state": "stopped", "finished_at": now}):
        raise ScenarioFinished(one.state)
    audit.write(session, actor, "siting_scenario.stop", "siting_scenario", scenario_id, {}, now)
    return found(session, scenario_id, actor=actor)


def newest(
    session: Session, after: tuple[str, str] | None, limit: int, *, actor: Actor
) -> Sequence[SitingScenario]:
    """Return scenarios within reach, the newest first.

    Raises:
        NotYours: the role sees no plans.
    """
    return queries.newest(session, division_of(actor), after, limit)


def with_plans(session: Session, scenarios: Sequence[SitingScenario]) -> list[dict[str, Any]]:
    """Return scenarios as JSON values, each with the plans that came of it."""
    plans = queries.plans_of(session, [one.scenario_id for one in scenarios])
    names = [
        "scenario_id",
        "name",
        "asked",
        "divisions",
        "state",
        "stage",
        "done_steps",
        "answer",
        "because",
        "asked_by",
        "asked_at",
        "begun_at",
        "finished_at",
    ]
    return [
        {**{name: getattr(one, name) for name in names}, "plans": plans.get(one.scenario_id, [])}
        for one in scenarios
    ]
