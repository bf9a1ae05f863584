"""The deadlines of measure 14: rows with validity, who acts next in each state and how long they may take."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from server.auth import audit
from server.auth import queries as people
from server.auth.actor import Actor
from server.auth.errors import UnknownUnit
from server.auth.rules import reach
from server.communities.service import local_day
from server.ledger.errors import RuleStands
from server.problems import NotFound
from server.siting.works import queries
from server.siting.works.rules import STREET

SET = "work.limit"


def listed(session: Session) -> list[dict[str, Any]]:
    """Return the limits by state and the day from which each holds."""
    return [_as_json(one) for one in queries.limit_rows(session)]


def put(session: Session, told: Mapping[str, Any], *, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """Let another limit hold for a state from a day on; turns that began before keep theirs.

    Raises:
        NotYours: the role may not. UnknownUnit: there is no such unit. RuleStands: one of that day stands.
    """
    reach(actor, SET)
    if told["responsible"] != STREET and people.unit(session, told["responsible"]) is None:
        raise UnknownUnit(told["responsible"])
    if not queries.insert_limit(session, told):
        raise RuleStands(told["state"], told["valid_from"])
    facts = {name: value.isoformat() if isinstance(value, date) else value for name, value in told.items()}
    audit.write(session, actor, SET, "charging_work_limit", told["state"], facts, now)
    return listed(session)


def withdraw(session: Session, state: str, day: date, *, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """Take back a limit that begins after today: the one before it goes on.

    Raises:
        NotYours: the role may not. NotFound: nothing such is to come.
    """
    reach(actor, SET)
    if day <= local_day(now) or not queries.delete_limit(session, state, day):
        raise NotFound("Nothing of this day is to come.", "该日没有待生效的取值。")
    facts = {"valid_from": day.isoformat()}
    audit.write(session, actor, "work.limit.withdraw", "charging_work_limit", state, facts, now)
    return listed(session)


def _as_json(one: Any) -> dict[str, Any]:
    return {
        "state": one.state,
        "valid_from": one.valid_from.isoformat(),
        "responsible": one.responsible,
        "days": one.days,
        "source": one.source,
    }
