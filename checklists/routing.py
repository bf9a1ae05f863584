"""Who acts first on a problem, who leads and which departments are competent: values in, units out."""

from collections.abc import Mapping
from dataclasses import dataclass

from checklists.categories import Category
from checklists.errors import RouteOpen

DEPARTMENTS = frozenset(("market_bureau", "enforcement_bureau", "public_security_bureau"))


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemFacts:
    """What is known of a damage: `liability` is developer, company, fund or None while undecided."""

    in_warranty: bool = False
    utility_owned: bool = False
    liability: str | None = None

    @classmethod
    def of(cls, values: Mapping[str, object]) -> "ProblemFacts":
        """Return what the values answered beside a finding tell of who must repair.

        A building defect is the developer's, even where the maintenance fund could pay.
        """
        payer = "fund" if values.get("fund_payable") is True else None
        return cls(
            in_warranty=values.get("in_warranty") is True,
            utility_owned=values.get("utility_owned") is True,
            liability="developer" if values.get("cause") == "build_defect" else payer,
        )


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
    (severity A); `beside` units that act together with the first; `joint` that two or more are competent.
    """

    first: str
    unit_kind: str
    unit_code: str | None
    lead: str
    departments: tuple[str, ...]
    copied: tuple[str, ...]
    own_duty: bool
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
    return Route(
        first=category.first,
        unit_kind=actor.kind,
        unit_code=actor.code,
        lead=place.subdistrict if category.lead == "subdistrict" else category.lead,
        departments=category.departments,
        copied=category.departments if severity == "A" else (),
        own_duty=category.own_duty,
        beside=(Actor("neighbourhood", place.neighbourhood),) if together else (),
    )


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
    if facts.utility_owned:
        return Actor("utility", place.utility or "franchise_utilities")
    if facts.in_warranty or facts.liability == "developer":
        if place.developer is None:
            raise RouteOpen(category.code, "developer", "建设单位")
        return Actor("developer", place.developer)
    return _company(category, place)
