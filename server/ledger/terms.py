"""On which terms a violation becomes a case: measure, units, deadline, by the rule in force. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from checklists.deadlines import SHANGHAI
from checklists.errors import RouteOpen
from checklists.routing import PlaceFacts, ProblemFacts, route
from server.communities.queries import CommunityFacts
from server.ledger.clocks import Clock
from server.ledger.facts import Filing
from server.ledger.opening import Terms
from server.programme.rules import category_of
from server.programme.tables import CategoryRule

# A rule that names no leading unit: the street's office leads in its own area.
LOCAL_LEAD = "subdistrict"
COUNTY_DESK = "construction_hq"


def local_day(at: datetime) -> date:
    """Return the day of an instant in the county."""
    return at.astimezone(SHANGHAI).date()


def terms(
    rule: CategoryRule,
    community: CommunityFacts,
    units: Mapping[str, str],
    clock: Clock,
    now: datetime,
) -> Terms:
    """Return the terms for a violation found in a community.

    Args:
        units: the unit that answers for each official division of the community.
    """
    subdistrict = units.get(community.subdistrict_code, COUNTY_DESK)
    neighbourhood = units.get(community.neighbourhood_code)
    filing = Filing(
        category=rule.category,
        severity=rule.severity,
        measure=rule.measures[0],
        limit_amount=rule.limit_amount,
        limit_unit=rule.limit_unit,
        photo_required=rule.photo_required,
        lead_unit=subdistrict if rule.lead == LOCAL_LEAD else rule.lead,
        unit_code=_first_actor(rule, community, subdistrict, neighbourhood, local_day(now)),
        deadline=clock.deadline(now, rule.limit_amount, rule.limit_unit),
    )
    return Terms(rule.measures[0], rule.photo_required, rule.radius_scope, filing, rule.auto_file)


def _first_actor(
    rule: CategoryRule, community: CommunityFacts, subdistrict: str, neighbourhood: str | None, day: date
) -> str:
    warranty = community.warranty_until is not None and day <= community.warranty_until
    place = PlaceFacts(subdistrict=subdistrict, neighbourhood=neighbourhood, company=community.company_unit)
    try:
        found = route(category_of(rule), rule.severity, place, ProblemFacts(in_warranty=warranty)).unit_code
    except RouteOpen:
        found = None
    # Nobody known: the street finds out who must act, a dispatcher sends the case on.
    return found or subdistrict
