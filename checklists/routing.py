"""Who acts first on a problem, who leads and which departments are competent: values in, units out."""

from collections.abc import Sequence
from dataclasses import dataclass

from checklists.categories import Category
from checklists.errors import RouteOpen
from checklists.liability import ProblemFacts as ProblemFacts
from checklists.liability import liability

HOUSING, HEADQUARTERS, FRANCHISE = "housing_bureau", "construction_hq", "franchise_utilities"
DEPARTMENTS = frozenset(("market_bureau", "enforcement_bureau", "public_security_bureau"))


# Measure 16 is that of old estates and work-unit compounds; the same defects elsewhere count under measure 7.
OF_OLD_COMMUNITIES = 16
OLD_KINDS = frozenset(("old_estate", "work_unit_compound"))


def measure_of(measures: Sequence[int], community_kind: str) -> int:
    """Return the measure under which a case of a category counts in a community of this kind."""
    old = community_kind in OLD_KINDS and OF_OLD_COMMUNITIES in measures
    return OF_OLD_COMMUNITIES if old else measures[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceFacts:
    """The unit codes that belong to a place; None where there is none or it is not known."""

    subdistrict: str
    neighbourhood: str | None = None
    company: str | None = None
    work_unit: str | None = None
    developer: str | None = None
    utility: str | None = None
    operator: str | None = None
    lift_maintainer: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """One unit and the part it plays; `code` is None when the kind is known and the unit is not stored."""

    kind: str
    code: str | None


@dataclass(frozen=True, slots=True)
class Route:
    """Where a case goes.

    `first` is the rule of the table, `unit_kind` and `unit_code` who acts; `lead` the unit that leads the
    measure; `departments` the competent ones, by law at once where `own_duty`; `copied` those told at filing
    (severity A); `beside` units that act together with the first; `joint` that two or more are competent;
    `urging` the unit that sees that the first acts.
    """

    first: str
    unit_kind: str
    unit_code: str | None
    lead: str
    departments: tuple[str, ...]
    copied: tuple[str, ...]
    own_duty: bool
    urging: str
    beside: tuple[Actor, ...] = ()

    @property
    def joint(self) -> bool:
        """Whether joint enforcement is to be proposed when the first actor fails."""
        return len(self.departments) > 1


def route(category: Category, severity: str, place: PlaceFacts, problem: ProblemFacts | None = None) -> Route:
    """Return the route of a case.

    Raises:
        UnknownCategory: the category has no such severity.
        RouteOpen: no unit is known that could act first.
    """
    category.limit(severity)
    actor = first_actor(category, place, problem)
    together = (
        category.first == "liability" and actor.kind == "property_company" and place.neighbourhood is not None
    )
    lead = place.subdistrict if category.lead == "subdistrict" else category.lead
    return Route(
        first=category.first,
        unit_kind=actor.kind,
        unit_code=actor.code,
        lead=lead,
        departments=category.departments,
        copied=told_at_once(category, severity, actor.code),
        own_duty=category.own_duty,
        urging=urging(actor, place, lead),
        beside=(Actor("neighbourhood", place.neighbourhood),) if together else (),
    )


def told_at_once(category: Category, severity: str, first: str | None) -> tuple[str, ...]:
    """Return the departments to which a case is copied at filing: of severity A, all but who acts already."""
    return tuple(code for code in category.departments if code != first) if severity == "A" else ()


def urging(actor: Actor, place: PlaceFacts, lead: str) -> str:
    """Return the unit that sees that the first actor acts.

    The neighbourhood urges companies and who takes their place, the housing bureau developers (duty 18.3);
    the subdistrict everybody else, and is itself urged by the leading unit or the headquarters.
    """
    if actor.kind == "developer":
        return HOUSING
    if actor.code == place.subdistrict:
        return lead if lead != place.subdistrict else HEADQUARTERS
    by_neighbourhood = actor.kind not in ("utility", "department", "neighbourhood")
    return place.neighbourhood if by_neighbourhood and place.neighbourhood else place.subdistrict


def first_actor(category: Category, place: PlaceFacts, problem: ProblemFacts | None = None) -> Actor:
    """Return who acts first on a category at a place.

    Raises:
        RouteOpen: no unit is known that could act first.
    """
    facts = problem or ProblemFacts()
    if category.first in DEPARTMENTS:
        return Actor("department", category.first)
    if category.first in ("repairer", "liability"):
        return _repairer(category, place, facts)
    wanted = {
        "subdistrict": Actor("subdistrict", place.subdistrict),
        "operator": Actor("charging_operator", place.operator),
        "lift_maintainer": Actor("lift_maintainer", place.lift_maintainer),
    }.get(category.first)
    return wanted if wanted is not None and wanted.code is not None else _company(category, place)


def _company(category: Category, place: PlaceFacts) -> Actor:
    """Without a company the former work unit or the neighbourhood takes its place in every step."""
    candidates = (
        Actor("property_company", place.company),
        Actor("work_unit", place.work_unit),
        Actor("neighbourhood", place.neighbourhood),
    )
    for actor in candidates:
        if actor.code is not None:
            return actor
    raise RouteOpen(category.code, "property_company", "物业服务企业")


def _repairer(category: Category, place: PlaceFacts, facts: ProblemFacts) -> Actor:
    repairer = liability(facts).repairer
    if repairer == "utility":
        return Actor("utility", place.utility or FRANCHISE)
    if repairer == "developer":
        if place.developer is None:
            raise RouteOpen(category.code, "developer", "建设单位")
        return Actor("developer", place.developer)
    return _company(category, place)
