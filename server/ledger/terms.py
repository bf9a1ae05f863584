"""On which terms a violation becomes a case: measure, units, deadline, by the rule in force. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from checklists.categories import Category
from checklists.deadlines import SHANGHAI, WORK_DAYS
from checklists.errors import RouteOpen
from checklists.routing import (
    Actor,
    PlaceFacts,
    ProblemFacts,
    first_actor,
    measure_of,
    told_at_once,
    urging,
)
from server.communities.queries import CommunityFacts
from server.ledger.clocks import Clock
from server.ledger.facts import Filing
from server.ledger.findings import Terms
from server.ledger.parameters import Parameters
from server.programme.rules import category_of
from server.programme.tables import CategoryRule

# A rule that names no leading unit: the street's office leads in its own area.
LOCAL_LEAD = "subdistrict"
COUNTY_DESK = "construction_hq"
KNOWN_NOTHING = ProblemFacts()
SHIPPED = Parameters()


def local_day(at: datetime) -> date:
    """Return the day of an instant in the county."""
    return at.astimezone(SHANGHAI).date()


def midnight(day: date) -> datetime:
    """Return the instant at which a day begins in the county."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)


def terms(
    rule: CategoryRule,
    community: CommunityFacts,
    units: Mapping[str, str],
    clock: Clock,
    now: datetime,
    *,
    parts: Mapping[str, str] | None = None,
    problem: ProblemFacts = KNOWN_NOTHING,
    numbers: Parameters = SHIPPED,
) -> Terms:
    """Return the terms for a violation found in a community.

    Args:
        units: the unit that answers for each official division of the community.
        parts: the units that play a part in the community: developer, utility, operator and so on.
        problem: what is known of who must repair, beside the community's own warranty.
        numbers: the ledger's own numbers in force.
    """
    subdistrict = units.get(community.subdistrict_code, COUNTY_DESK)
    place = PlaceFacts(
        subdistrict=subdistrict,
        neighbourhood=units.get(community.neighbourhood_code),
        company=community.company_unit,
        **(parts or {}),
    )
    warranty = community.warranty_until is not None and local_day(now) <= community.warranty_until
    category = category_of(rule)
    actor = _first_actor(category, place, replace(problem, in_warranty=problem.in_warranty or warranty))
    lead = subdistrict if rule.lead == LOCAL_LEAD else rule.lead
    departments = tuple(rule.departments)
    filing = Filing(
        category=rule.category,
        severity=rule.severity,
        measure=measure_of(rule.measures, community.kind),
        limit_amount=rule.limit_amount,
        limit_unit=rule.limit_unit,
        photo_required=rule.photo_required,
        lead_unit=lead,
        unit_code=actor.code or subdistrict,
        deadline=clock.deadline(now, rule.limit_amount, rule.limit_unit),
        urging_unit=urging(actor, place, lead),
        investigating=departments,
        own_duty=tuple(code for code in departments if code != actor.code) if rule.own_duty else (),
        copied=told_at_once(category, rule.severity, actor.code),
    )
    if filing.own_duty or filing.copied:
        acts_by = clock.deadline(now, numbers.department_task_work_days, WORK_DAYS).due_at
        filing = replace(filing, departments_due_at=acts_by)
    return Terms(filing.measure, rule.photo_required, rule.radius_scope, filing, rule.auto_file)


def _first_actor(category: Category, place: PlaceFacts, problem: ProblemFacts) -> Actor:
    try:
        return first_actor(category, place, problem)
    except RouteOpen:
        # Nobody known: the street finds out who must act, a dispatcher sends the case on.
        return Actor("subdistrict", place.subdistrict)
