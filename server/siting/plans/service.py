"""Asking for plans, looking at them, stopping, comparing and varying them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import uuid6
from sqlalchemy.orm import Session

from geo.siting.reading import RADIUS_M, problem_of
from server.auth.actor import Actor
from server.auth.rules import Reach, reach
from server.communities.territory import NOWHERE
from server.problems import InvalidInput, NotFound
from server.siting.plans import queries
from server.siting.plans.errors import PlanFinished, PlanNotReady
from server.siting.plans.tables import SitingPlan
from server.siting.plans.whereabouts import hold_in_county

LOOK, ASK = "siting_plans.list", "siting_plan.ask"
JOB = "solve-siting"


def ask(
    session: Session,
    name: str,
    problem: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
    based_on: UUID | None = None,
) -> SitingPlan:
    """Write down a problem to be solved; the caller enqueues `JOB` with its id once this is committed.

    Raises:
        NotYours: the role plans nothing.
        BadProblem, CrsNotMetric, OutsideCounty: the problem cannot be used; every fault is named.
    """
    reach(actor, ASK)
    hold_in_county(session, problem.get("crs"), problem_of(problem))
    return _kept(session, name, problem, by=actor.user_id, now=now, based_on=based_on)


def ask_of_scenario(
    session: Session, name: str, problem: Mapping[str, Any], scenario_id: UUID, *, by: UUID, now: datetime
) -> SitingPlan:
    """Write down the problem that was built of a scenario, for whoever asked for it; see `ask`."""
    return _kept(session, name, problem, by=by, now=now, scenario_id=scenario_id)


def _kept(
    session: Session,
    name: str,
    problem: Mapping[str, Any],
    *,
    by: UUID,
    now: datetime,
    based_on: UUID | None = None,
    scenario_id: UUID | None = None,
) -> SitingPlan:
    asked = SitingPlan(
        plan_id=UUID(int=uuid6.uuid7().int),
        name=name,
        based_on=based_on,
        scenario_id=scenario_id,
        problem=dict(problem),
        state="waiting",
        stop_asked=False,
        asked_by=by,
        asked_at=now,
    )
    session.add(asked)
    session.flush()
    return asked


def found(session: Session, plan_id: UUID, *, actor: Actor) -> SitingPlan:
    """Return a plan.

    Raises:
        NotYours: the role sees no plans. NotFound: there is none, or it is for other subdistricts.
    """
    hold_visible(session, plan_id, actor=actor)
    one = queries.plan(session, plan_id)
    assert one is not None
    return one


def hold_visible(session: Session, plan_id: UUID, *, actor: Actor) -> tuple[str, bool]:
    """Return the state of a plan that the actor may see, and whether it has sites.

    Raises:
        NotYours, NotFound: see `found`.
    """
    own = division_of(actor)
    one = queries.standing(session, plan_id)
    if one is None or (own is not None and not queries.is_for(session, one[1], own)):
        raise NotFound("There is no such siting plan.", "没有这个选址方案。")
    state, _, has_sites = one
    return state, has_sites


def newest(
    session: Session, after: tuple[str, str] | None, limit: int, *, actor: Actor
) -> Sequence[SitingPlan]:
    """Return plans within reach, the newest first.

    Raises:
        NotYours: the role sees no plans.
    """
    return queries.newest(session, division_of(actor), after, limit)


def division_of(actor: Actor) -> str | None:
    """Return the subdistrict whose plans alone the actor may see, None for the whole county.

    Raises:
        NotYours: the role sees no plans.
    """
    if reach(actor, LOOK) is Reach.COUNTY:
        return None
    return (actor.division_code or NOWHERE)[:9]


def stop(session: Session, plan_id: UUID, *, actor: Actor, now: datetime) -> SitingPlan:
    """Ask the solver to stop; what it has found by then is kept. A plan that nobody began ends at once.

    Raises:
        PlanFinished: it is finished. NotYours, NotFound: see `found`.
    """
    reach(actor, ASK)
    one = found(session, plan_id, actor=actor)
    if one.finished_at is not None:
        raise PlanFinished(one.state)
    one.stop_asked = True
    if one.state == "waiting":
        one.state, one.finished_at = "cancelled", now
    session.flush()
    return one


def vary(
    session: Session, plan_id: UUID, name: str, changes: Mapping[str, Any], *, actor: Actor, now: datetime
) -> SitingPlan:
    """Ask for a plan of the same problem with sites pinned, forbidden or moved.

    Args:
        changes: `pinned`, `forbidden` and `released` (names), `moved` (name → [x, y], metres), `p`, `budget`,
            `radius_m`.

    Raises:
        BadProblem: a name is unknown. NotYours, NotFound: see `found`.
    """
    one = found(session, plan_id, actor=actor)
    reach(actor, ASK)
    problem = varied(one.problem, changes)
    problem_of(problem)
    return _kept(
        session,
        name,
        problem,
        by=actor.user_id,
        now=now,
        based_on=plan_id,
        scenario_id=one.scenario_id,
    )


def varied(problem: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the problem file with the changes made.

    Raises:
        NotFound: a change names a site that the problem has not.
        InvalidInput: a site is moved, or the radius widened, and listed distances would not follow.
    """
    _hold_listed(problem, changes)
    pinned, forbidden = set(changes.get("pinned") or ()), set(changes.get("forbidden") or ())
    moved, released = dict(changes.get("moved") or {}), set(changes.get("released") or ())
    names = {site["id"] for site in problem["candidates"]}
    unknown = (pinned | forbidden | released | set(moved)) - names
    if unknown:
        listed = ", ".join(sorted(unknown)[:5])
        raise NotFound(f"The problem has no candidate {listed}.", f"问题中没有候选点 {listed}。")
    sites = []
    for site in problem["candidates"]:
        one = dict(site)
        if one["id"] in pinned | forbidden | released:
            one |= {"forced": one["id"] in pinned, "forbidden": one["id"] in forbidden}
        if one["id"] in moved:
            one["x"], one["y"] = moved[one["id"]]
        sites.append(one)
    stated = {name: changes[name] for name in ("p", "budget", "radius_m") if name in changes}
    return {**problem, **stated, "candidates": sites}


def _hold_listed(problem: Mapping[str, Any], changes: Mapping[str, Any]) -> None:
    """Hold that listed distances still fit a problem with the changes made."""
    listed = problem.get("distances")
    if listed is None:
        return
    if changes.get("moved"):
        raise _unfit(
            "/moved",
            "Listed distances cannot follow a moved site: pin another candidate instead.",
            "步行距离无法随点位移动，请改为必设另一个候选点。",
        )
    before = problem.get("radius_m", RADIUS_M)
    if changes.get("radius_m", 0) > before and all(metres <= before for _, _, metres in listed):
        raise _unfit(
            "/radius_m",
            f"The listed distances end at {before:g} m: ask for a new scenario with that radius.",
            f"步行距离只列到 {before:g} 米，请按新半径新建情景。",
        )


def _unfit(pointer: str, english: str, chinese: str) -> InvalidInput:
    error = {"pointer": pointer, "detail": english, "detail_zh": chinese}
    return InvalidInput(english, chinese, errors=[error])


def compared(session: Session, one_id: UUID, other_id: UUID, *, actor: Actor) -> dict[str, Any]:
    """Return two plans side by side: shared sites, those of one only, and their figures.

    Raises:
        PlanNotReady: one of them has no sites. NotYours, NotFound: see `found`.
    """
    one, other = (_with_sites(session, plan_id, actor) for plan_id in (one_id, other_id))
    here, there = ({site["id"] for site in plan["sites"]} for plan in (one, other))
    figures = ("value", "bound", "gap", "cost", "covered_weight", "total_weight")
    return {
        "both": sorted(here & there),
        "only_first": sorted(here - there),
        "only_second": sorted(there - here),
        "figures": [
            {"name": name, "first": one[name], "second": other[name], "change": other[name] - one[name]}
            for name in figures
        ],
    }


def _with_sites(session: Session, plan_id: UUID, actor: Actor) -> dict[str, Any]:
    one = found(session, plan_id, actor=actor)
    if one.plan is None:
        raise PlanNotReady(one.state)
    return one.plan
