"""Taking up work: on charging sites that are known, and on the new sites of a plan."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import uuid6
from sqlalchemy.orm import Session

from server.auth.actor import Actor
from server.auth.rules import reach
from server.communities.reading import fault, unreadable
from server.communities.service import local_day
from server.siting import queries as sites
from server.siting.plans import service as plans
from server.siting.plans.errors import PlanNotReady
from server.siting.plans.tables import SitingPlan
from server.siting.scenarios.tables import SitingScenario
from server.siting.works import queries, service
from server.siting.works.errors import SiteTaken

RIGHT = "work.take_up"
# A site that stands, or is being built, needs no plan any more.
FREE = frozenset(("candidate", "proposed", "approved", "refused"))
_SITE = "s"


def take_up_sites(
    session: Session, ids: Sequence[UUID], *, actor: Actor, now: datetime
) -> list[dict[str, Any]]:
    """Take up work on charging sites that are known; return the works.

    Raises:
        NotYours: the role may not. InvalidInput: there is no such site. SiteTaken: worked on, or standing.
    """
    reach(actor, RIGHT)
    wanted = list(dict.fromkeys(ids))
    found = {one.site_id: one for one in queries.sites(session, wanted)}
    if not wanted:
        raise unreadable([fault("/site_ids", "name a plan or sites", "请选择方案或点位")])
    missing = [place for place, one in enumerate(wanted) if one not in found]
    if missing:
        raise unreadable(
            [fault(f"/site_ids/{n}", "is no charging site", "没有该充电桩点位") for n in missing]
        )
    taken = queries.worked_on(session, wanted)
    names = [found[one].name or str(one) for one in wanted if one in taken or found[one].status not in FREE]
    if names:
        raise SiteTaken(names)
    works = [_begin(session, one, None, None, actor, now) for one in wanted]
    return service.of_ids(session, works, actor=actor, now=now)


def take_up_plan(
    session: Session, plan_id: UUID, names: Collection[str] | None, *, actor: Actor, now: datetime
) -> list[dict[str, Any]]:
    """Take up work on the new sites of a solved plan; what is worked on already is left as it is.

    Args:
        names: which of the plan's sites; None: all that do not stand yet.

    Raises:
        NotYours, NotFound, PlanNotReady: the role may not, there is no such plan, or it has no sites.
        InvalidInput: a name is none of the plan's, or its site lies in no community.
    """
    reach(actor, RIGHT)
    plan = plans.found(session, plan_id, actor=actor)
    if plan.plan is None:
        raise PlanNotReady(plan.state)
    chosen = {one["id"]: one for one in plan.plan["sites"] if not one.get("existing")}
    unknown = sorted(set(names or ()) - set(chosen))
    if unknown:
        raise unreadable(
            [fault("/sites", f"has no new site {unknown[0]}", f"方案中没有新建点位 {unknown[0]}")]
        )
    before = queries.taken_of_plan(session, plan_id)
    wanted = [name for name in chosen if name not in before and (names is None or name in names)]
    known, adopted = _spots(session, plan), queries.adopted(session, plan_id)
    made = [
        _begin(
            session,
            _site(session, plan, chosen[name], known.get(name, {}), adopted.get(name), actor, now),
            plan_id,
            name,
            actor,
            now,
        )
        for name in wanted
    ]
    return service.of_ids(session, made, actor=actor, now=now)


def _spots(session: Session, plan: SitingPlan) -> Mapping[str, Mapping[str, Any]]:
    """Return what the plan's scenario tells of each place, by the place's name."""
    scenario = session.get(SitingScenario, plan.scenario_id) if plan.scenario_id else None
    features = (scenario.places or {}).get("features", ()) if scenario else ()
    return {one["id"]: one["properties"] for one in features}


def _site(
    session: Session,
    plan: SitingPlan,
    chosen: Mapping[str, Any],
    spot: Mapping[str, Any],
    adopted: UUID | None,
    actor: Actor,
    now: datetime,
) -> UUID:
    """Return the charging site of a chosen place: the one proposed or adopted there, or a new one."""
    proposed = adopted or _proposed(chosen["id"])
    if proposed is not None:
        found = queries.sites(session, [proposed])
        if found:
            if queries.worked_on(session, [proposed]):
                raise SiteTaken([found[0].name or chosen["id"]])
            return proposed
    srid = int(str(plan.problem["crs"]).removeprefix("EPSG:"))
    lon, lat, community_id = queries.placed(session, chosen["x"], chosen["y"], srid, local_day(now))
    if community_id is None:
        detail = f"the site {chosen['id']} lies in no community"
        raise unreadable([fault("/sites", detail, f"点位 {chosen['id']} 不在任何小区内")])
    site_id = UUID(int=uuid6.uuid7().int)
    sites.insert_site(
        session,
        {
            "site_id": site_id,
            "community_id": community_id,
            "name": spot.get("name") or f"{plan.name} {chosen['id']}"[:200],
            "status": "candidate",
            "charging_ports": spot.get("ports"),
            "has_shed": spot.get("has_shed"),
            "note": f"选址方案：{plan.name}",
            "location": {"lon": lon, "lat": lat},
            "proposed_by": actor.user_id,
            "proposed_at": now,
        },
    )
    return site_id


def _proposed(name: str) -> UUID | None:
    """Return the id of the charging site that a place of a scenario stands for."""
    try:
        return UUID(name.removeprefix(_SITE))
    except ValueError:
        return None


def _begin(
    session: Session, site_id: UUID, plan_id: UUID | None, name: str | None, actor: Actor, now: datetime
) -> UUID:
    work_id = UUID(int=uuid6.uuid7().int)
    columns = {"work_id": work_id, "site_id": site_id, "plan_id": plan_id, "plan_site": name}
    queries.insert_work(session, {**columns, "created_at": now})
    service.begin(session, work_id, actor=actor, now=now)
    return work_id
