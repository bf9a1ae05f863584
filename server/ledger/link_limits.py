"""Reading and setting how long each link may take, by severity, with validity."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from checklists.deadlines import LONGEST, UNITS
from server.auth import audit
from server.auth.actor import Actor
from server.auth.rules import reach
from server.ledger.errors import RuleStands
from server.ledger.rulebook import forget
from server.ledger.stretches import LINKS
from server.ledger.terms import local_day
from server.problems import InvalidInput

SEVERITIES = ("A", "B", "C")
LIMITED = tuple(link for link in LINKS if link != "treat")

_ALL = text(
    "SELECT link, severity, amount, unit, source, valid_from, valid_to FROM server.link_limit"
    " ORDER BY link, severity, valid_from"
)
_NEWEST = text(
    "SELECT valid_from FROM server.link_limit WHERE link = :link AND severity = :severity"
    " ORDER BY valid_from DESC LIMIT 1 FOR UPDATE"
)
_END = text(
    "UPDATE server.link_limit SET valid_to = :valid_from"
    " WHERE link = :link AND severity = :severity AND valid_to IS NULL"
)
_BEGIN = text(
    "INSERT INTO server.link_limit (link, severity, amount, unit, source, valid_from)"
    " VALUES (:link, :severity, :amount, :unit, :source, :valid_from)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkLimit:
    """How long a link may take at a severity from a day on; treating has the deadline of the case itself.

    Attributes:
        unit: uh, wh, wd or cd: urgent hours, work hours, work days, calendar days.
    """

    link: str
    severity: str
    amount: int
    unit: str
    source: str
    valid_from: date


def listed(session: Session, now: datetime) -> list[dict[str, Any]]:
    """Return every limit by link and severity, oldest first; `in_force` says which holds today."""
    day = local_day(now)
    return [
        {**row, "in_force": row["valid_from"] <= day and (row["valid_to"] is None or day < row["valid_to"])}
        for row in session.execute(_ALL).mappings()
    ]


def set_limit(session: Session, wanted: LinkLimit, *, actor: Actor | None, now: datetime) -> None:
    """Let a limit hold from a day on, today at the earliest, for links that begin then.

    Raises:
        NotYours: the role may not set it; `actor` None is the command line.
        InvalidInput: there is no such link, severity or unit, the amount is out of bounds, the day has
            passed or no source is named.
        RuleStands: another limit begins on that day or later.
    """
    if actor is not None:
        reach(actor, "rule.set")
    check(session, wanted, now)
    session.execute(_END, asdict(wanted))
    session.execute(_BEGIN, asdict(wanted))
    facts = {**asdict(wanted), "valid_from": wanted.valid_from.isoformat()}
    audit.write(session, actor, "rule.set", "link_limit", f"{wanted.link}/{wanted.severity}", facts, now)
    forget(session)


def check(session: Session, wanted: LinkLimit, now: datetime) -> None:
    """Refuse a limit that could not be set.

    Raises:
        InvalidInput, RuleStands: as `set_limit`.
    """
    _fit(wanted, local_day(now))
    newest = session.scalar(_NEWEST, asdict(wanted))
    if newest is not None and newest >= wanted.valid_from:
        raise RuleStands(f"{wanted.link} {wanted.severity}", newest)


def _fit(wanted: LinkLimit, today: date) -> None:
    for name, value, choices in (
        ("link", wanted.link, LIMITED),
        ("severity", wanted.severity, SEVERITIES),
        ("unit", wanted.unit, tuple(sorted(UNITS))),
    ):
        if value not in choices:
            raise _wrong(name, f"must be one of {', '.join(choices)}", f"须为 {'、'.join(choices)} 之一")
    if not 1 <= wanted.amount <= LONGEST:
        raise _wrong("amount", f"must be from 1 to {LONGEST}", f"须为 1 至 {LONGEST}")
    if wanted.valid_from < today:
        raise _wrong("valid_from", "must be today or later", "须为今天或以后的日期")
    if not wanted.source.strip():
        raise _wrong("source", "name where it comes from", "请注明依据")


def _wrong(name: str, detail: str, detail_zh: str) -> InvalidInput:
    error = {"pointer": f"/{name}", "detail": detail, "detail_zh": detail_zh}
    return InvalidInput(f"{name} {detail}.", f"{name} {detail_zh}。", errors=[error])
