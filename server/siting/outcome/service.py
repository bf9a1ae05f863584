"""Telling what came of plans, and adopting one: its new sites become proposed charging sites."""

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
from server.problems import InvalidInput
from server.siting import queries as sites
from server.siting.outcome import queries
from server.siting.outcome.comparing import FEWEST, MOST, compared
from server.siting.outcome.errors import (
    NothingToAdopt,
    PlanAdopted,
    PlanNotAdopted,
    PlanOfAFile,
    SitesMovedOn,
)
from server.siting.outcome.report import report_of
from server.siting.plans import service as plans
from server.siting.plans.errors import PlanNotReady
from server.siting.scenarios import queries as scenarios
from sync import changes

ADOPT = "siting_plan.adopt"
ENTITY = "charging_site"


def report(session: Session, plan_id: UUID, *, actor: Actor) -> dict[str, Any]:
    """Return a plan told with names.

    Raises:
        NotYours, NotFound: see `plans.service.found`. PlanNotReady: it has no sites.
        PlanOfAFile: it was made of a problem file.
    """
    plan = plans.found(session, plan_id, actor=actor)
    if plan.plan is None:
        raise PlanNotReady(plan.state)
    if plan.scenario_id is None:
        raise PlanOfAFile
    kept = scenarios.scenario(session, plan.scenario_id, whole=True)
    assert kept is not None
    told = {name: getattr(plan, name) for name in ("plan_id", "name", "problem", "plan")}
    names = ("scenario_id", "answer", "demand", "places")
    made = report_of(told, {name: getattr(kept, name) for name in names})
    at = queries.standing(session, plan_id)
    return {**made, "asked_at": plan.asked_at.isoformat(), "adopted_at": at.isoformat() if at else None}


def side_by_side(session: Session, plan_ids: Sequence[UUID], *, actor: Actor) -> dict[str, Any]:
    """Return two to six plans side by side; see `report` for what is raised.

    Raises:
        InvalidInput: too few, too many, or one twice.
    """
    if not FEWEST <= len(plan_ids) <= MOST or len(set(plan_ids)) < len(plan_ids):
        error = {
            "pointer": "/plans",
            "detail": f"name {FEWEST} to {MOST} different plans",
            "detail_zh": f"请指定 {FEWEST} 至 {MOST} 个不同的方案",
        }
        raise InvalidInput("Plans cannot be compared so.", "无法这样比选。", errors=[error])
    return compared([report(session, plan_id, actor=actor) for plan_id in plan_ids])


def adopt(session: Session, plan_id: UUID, *, actor: Actor, now: datetime) -> list[UUID]:
    """Write a plan's new sites as proposed charging sites; return their ids.

    A place that was a proposed site before stays that one and is not written again.

    Raises:
        NotYours: the role may not. PlanAdopted: it is adopted. NothingToAdopt: it opens no new site.
        What `report` raises.
    """
    reach(actor, ADOPT)
    queries.lock(session, plan_id)
    told = report(session, plan_id, actor=actor)
    if told["adopted_at"] is not None:
        raise PlanAdopted
    fresh = [site for site in told["sites"] if not site["existing"] and site["kind"] != "site"]
    if not fresh:
        raise NothingToAdopt
    made = {site["id"]: UUID(int=uuid6.uuid7().int) for site in fresh}
    for site in fresh:
        sites.insert_site(session, _columns(site, made[site["id"]], told, actor, now))
    queries.adopt(session, plan_id, now, actor.user_id)
    queries.note_sites(session, plan_id, now, made)
    changes.append(session, ENTITY, [str(one) for one in made.values()])
    audit.write(session, actor, ADOPT, "siting_plan", plan_id, {"sites": len(made)}, now)
    return list(made.values())


def _columns(
    site: Mapping[str, Any], site_id: UUID, told: Mapping[str, Any], actor: Actor, now: datetime
) -> dict[str, Any]:
    return {
        "site_id": site_id,
        "community_id": UUID(site["community_id"]),
        "name": site["name"][:200],
        "status": "proposed",
        "charging_ports": site["ports"],
        "has_shed": bool(site["has_shed"]),
        "note": f"选址方案「{told['name']}」{site['id']}",
        "location": site["location"],
        "proposed_by": actor.user_id,
        "proposed_at": now,
    }


def undo(session: Session, plan_id: UUID, *, actor: Actor, now: datetime) -> int:
    """Take the sites of an adopted plan back; return how many.

    Raises:
        NotYours: the role may not. PlanNotAdopted: there is nothing to undo.
        SitesMovedOn: somebody has worked on some of them since.
    """
    reach(actor, ADOPT)
    plans.found(session, plan_id, actor=actor)
    queries.lock(session, plan_id)
    at = queries.standing(session, plan_id)
    if at is None:
        raise PlanNotAdopted
    written = queries.sites_of(session, plan_id, at)
    moved = [one.site_id for one in written if one.version > 1 or one.status != "proposed"]
    if moved:
        raise SitesMovedOn(moved)
    ids = [one.site_id for one in written]
    queries.withdraw(session, ids, local_day(now))
    queries.undo(session, plan_id, at, now, actor.user_id)
    changes.append(session, ENTITY, [str(one) for one in ids])
    audit.write(session, actor, "siting_plan.undo", "siting_plan", plan_id, {"sites": len(ids)}, now)
    return len(ids)
