"""Reading and setting the ledger's own numbers."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.auth import audit
from server.auth.actor import Actor
from server.auth.rules import reach
from server.communities.errors import UnknownCommunity
from server.communities.queries import communities_by_id
from server.ledger import parameter_queries as queries
from server.ledger.errors import RuleStands
from server.ledger.parameters import check
from server.ledger.queries import unit_exists
from server.ledger.terms import local_day
from server.problems import InvalidInput, NotFound

PARTS = ("developer", "utility", "operator", "lift_maintainer", "work_unit")


def listed(session: Session, now: datetime) -> list[dict[str, Any]]:
    """Return every value with its validity by name, oldest first; `in_force` says which holds today."""
    day = local_day(now)
    return [
        {**asdict(row), "in_force": row.valid_from <= day and (row.valid_to is None or day < row.valid_to)}
        for row in queries.rows(session)
    ]


def set_rule(
    session: Session,
    name: str,
    value: Decimal,
    *,
    valid_from: date,
    source: str,
    actor: Actor | None,
    now: datetime,
) -> None:
    """Let a value hold from a day on, today at the earliest; processes follow within a minute.

    Raises:
        NotYours: the role may not set it; `actor` None is the command line.
        UnknownRule: the ledger has no number of this name.
        InvalidInput: the value is out of its bounds, the day has passed, or no source is named.
        RuleStands: another value begins on that day or later.
    """
    if actor is not None:
        reach(actor, "rule.set")
    check(name, value)
    if valid_from < local_day(now):
        raise InvalidInput(
            "What held on past days stays: choose today or later.",
            "过去的取值不可更改，请选择今天或以后的日期。",
        )
    if not source.strip():
        raise InvalidInput("Name the source of the value.", "请注明依据。")
    standing = queries.newest(session, name)
    if standing.valid_from >= valid_from:
        raise RuleStands(name, standing.valid_from)
    queries.replace(session, standing, value, valid_from, source.strip())
    facts = {"value": str(value), "valid_from": valid_from.isoformat(), "source": source.strip()}
    audit.write(session, actor, "rule.set", "rule", name, facts, now)


def set_part(session: Session, community_id: UUID, part: str, unit_code: str, day: date) -> None:
    """Let a unit play a part in a community from a day on: cases are routed to it within a minute.

    Raises:
        InvalidInput: there is no such part.
        UnknownCommunity, NotFound: there is no such community or unit.
    """
    if part not in PARTS:
        raise InvalidInput(
            f"The part must be one of {', '.join(PARTS)}.", f"角色须为 {'、'.join(PARTS)} 之一。"
        )
    if community_id not in communities_by_id(session, [community_id], day):
        raise UnknownCommunity(community_id)
    if not unit_exists(session, unit_code):
        raise NotFound(f"There is no unit {unit_code}.", f"没有单位 {unit_code}。")
    queries.set_part(session, community_id, part, unit_code, day)
