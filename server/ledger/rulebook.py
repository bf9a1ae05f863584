"""The rules and units in force, gathered for violations and filings: rows of other rooms in, terms out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from checklists.liability import ProblemFacts
from server.communities.queries import CommunityFacts, communities_by_id
from server.ledger import link_queries, parameter_queries, queries
from server.ledger.clocks import Clock
from server.ledger.errors import UnknownCategory
from server.ledger.facts import Filing
from server.ledger.findings import FoundViolation, Terms
from server.ledger.links import Limit
from server.ledger.parameters import Parameters, parameters
from server.ledger.terms import local_day, terms
from server.programme import queries as programme
from server.programme.tables import CategoryRule

# Rules, units and calendar are some hundred rows and rarely change: one reading serves a minute of requests.
KEPT_FOR = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The rules of one day by category and severity, and the clock that their limits run by.

    Attributes:
        units: kind and official division of each unit, by its code.
        answering: the unit that answers for each official division.
        parts: the units that play a part in a community, by its id and the part.
        link_limits: how long each link may take or might, by severity, whenever it is in force.
    """

    day: date
    read_at: datetime
    clock: Clock
    parameters: Parameters
    rules: Mapping[tuple[str, str], CategoryRule]
    pairs: Mapping[str, frozenset[str]]
    units: Mapping[str, tuple[str, str | None]]
    answering: Mapping[str, str]
    parts: Mapping[UUID, Mapping[str, str]]
    link_limits: Mapping[str, Sequence[Limit]]


_KEPT: WeakKeyDictionary[Engine, Rulebook] = WeakKeyDictionary()


def rulebook_of(session: Session, now: datetime) -> Rulebook:
    """Return the rules in force, as they stood within the last minute."""
    engine = session.get_bind().engine
    kept = _KEPT.get(engine)
    if kept is None or kept.day != local_day(now) or abs(now - kept.read_at) > KEPT_FOR:
        kept = _read(session, now)
        if kept.rules:
            _KEPT[engine] = kept
    return kept


def forget(session: Session) -> None:
    """Let this process read the rules and the calendar anew; other processes follow within a minute."""
    session.info.pop(programme.CACHE, None)
    _KEPT.pop(session.get_bind().engine, None)


def _read(session: Session, now: datetime) -> Rulebook:
    day = local_day(now)
    rules = programme.rules_on(session, day)
    for rule in rules:
        # Kept longer than the session lives: a rollback must not empty them.
        if rule in session:
            session.expunge(rule)
    pairs: dict[str, set[str]] = {}
    for rule in rules:
        pairs.setdefault(rule.category, set()).add(rule.severity)
    units = queries.units(session)
    numbers = parameters(parameter_queries.in_force(session, day))
    return Rulebook(
        day,
        now,
        Clock(programme.calendar(session), numbers.level_1_share),
        numbers,
        {(rule.category, rule.severity): rule for rule in rules},
        {category: frozenset(severities) for category, severities in pairs.items()},
        {code: (kind, division) for code, kind, division in units},
        {division: code for code, _, division in units if division is not None},
        queries.parts_of_communities(session, day),
        {severity: link_queries.limits(session, severity) for severity in ("A", "B", "C")},
    )


def clock_of(session: Session, now: datetime) -> Clock:
    """Return the clock that runs by the county's work calendar."""
    return rulebook_of(session, now).clock


def parameters_of(session: Session, now: datetime) -> Parameters:
    """Return the ledger's own numbers, as they stood within the last minute."""
    return rulebook_of(session, now).parameters


def link_limits_of(session: Session, severity: str, now: datetime) -> Sequence[Limit]:
    """Return every limit of links at a severity, whenever it is or was in force."""
    return rulebook_of(session, now).link_limits[severity]


def unit_of(session: Session, code: str, now: datetime) -> tuple[str, str | None]:
    """Return the kind of a unit and the official code of what it answers for."""
    # One that was made within the minute is looked up.
    return rulebook_of(session, now).units.get(code) or queries.kind_and_division(session, code)


def units_of(session: Session, divisions: Collection[str], now: datetime) -> Mapping[str, str]:
    """Return the unit that answers for each of these official divisions, where there is one."""
    answering = rulebook_of(session, now).answering
    if all(code in answering for code in divisions):
        return answering
    return queries.units_of_divisions(session, divisions)


def terms_of(
    session: Session,
    violations: Sequence[FoundViolation],
    communities: Mapping[UUID, CommunityFacts],
    now: datetime,
) -> list[Terms]:
    """Return the terms of each violation, in order; `communities` holds the facts of each one named.

    Raises:
        UnknownCategory: no rule is in force for a pair of category and severity.
    """
    units = units_of(session, _divisions(communities.values()), now)
    clock = clock_of(session, now)
    return [
        _terms(
            session,
            found.category,
            found.severity,
            communities[found.community_id],
            units,
            clock,
            now,
            found.problem,
        )
        for found in violations
    ]


def filing_of(session: Session, case_id: UUID, category: str, severity: str, now: datetime) -> Filing:
    """Return the terms on which a person files a case; empty texts keep its category and severity.

    Raises:
        UnknownCategory: no rule is in force for the pair.
    """
    case = queries.case_row(session, case_id)
    assert case is not None
    communities = communities_by_id(session, {case.community_id}, local_day(now))
    units = units_of(session, _divisions(communities.values()), now)
    found = _terms(
        session,
        category or case.category,
        severity or case.severity,
        communities[case.community_id],
        units,
        clock_of(session, now),
        now,
        ProblemFacts(),
    )
    assert found.filing is not None
    return found.filing


def rule_of(session: Session, category: str, severity: str, now: datetime) -> CategoryRule:
    """Return the rule in force.

    Raises:
        UnknownCategory: there is none.
    """
    rule = rulebook_of(session, now).rules.get((category, severity))
    if rule is None:
        raise UnknownCategory(category, severity)
    return rule


def severity_of(session: Session, category: str, severity: str, now: datetime) -> str:
    """Return the severity if a rule is in force for it; left empty, the gravest that the category knows.

    Raises:
        UnknownCategory: no rule is in force.
    """
    for candidate in (severity,) if severity else ("A", "B", "C"):
        if (category, candidate) in rulebook_of(session, now).rules:
            return candidate
    raise UnknownCategory(category, severity or "A, B, C")


def _terms(
    session: Session,
    category: str,
    severity: str,
    community: CommunityFacts,
    units: Mapping[str, str],
    clock: Clock,
    now: datetime,
    problem: ProblemFacts,
) -> Terms:
    rule = rule_of(session, category, severity, now)
    book = rulebook_of(session, now)
    parts, numbers = book.parts.get(community.community_id), book.parameters
    return terms(rule, community, units, clock, now, parts=parts, problem=problem, numbers=numbers)


def _divisions(communities: Iterable[CommunityFacts]) -> set[str]:
    return {code for place in communities for code in (place.neighbourhood_code, place.subdistrict_code)}
