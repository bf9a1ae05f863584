"""Setting deadlines, radii and routes by category and severity; withdrawing what is to come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from checklists.deadlines import LONGEST
from server.auth import audit
from server.auth.actor import Actor
from server.auth.rules import reach
from server.auth.tables import Unit
from server.ledger.errors import RuleStands
from server.ledger.rulebook import forget
from server.ledger.terms import local_day
from server.problems import InvalidInput, NotFound
from server.programme.sync import rule_id
from server.programme.tables import CategoryRule
from sync import changes

SET = "rule.set"
DISTANCE = "distance"
CHANGEABLE = (
    "limit_amount",
    "limit_unit",
    "set_by_dispatcher",
    "radius_m",
    "departments",
    "auto_file",
    "photo_required",
)
KEPT = ("measures", "first_actor", "lead", "own_duty", "milestone", "radius_scope")


@dataclass(frozen=True, slots=True)
class Book:
    """A table of rules whose rows to come can be withdrawn."""

    table: str
    key: tuple[str, ...]
    entity: str


NUMBERS = Book("ledger_rule", ("name",), "rule")
LINKS = Book("link_limit", ("link", "severity"), "link_limit")
CATEGORIES = Book("category_rule", ("category", "severity"), "category_rule")


def listed(session: Session, now: datetime) -> list[dict[str, Any]]:
    """Return every rule by category and severity, oldest first; `in_force` says which holds today."""
    day = local_day(now)
    wanted = select(CategoryRule).order_by(
        CategoryRule.category, CategoryRule.severity, CategoryRule.valid_from
    )
    names = ("category", "severity", *CHANGEABLE, *KEPT, "source", "valid_from", "valid_to")
    return [
        {**{name: getattr(row, name) for name in names}, "in_force": _holds(row, day)}
        for row in session.scalars(wanted.execution_options(populate_existing=True))
    ]


def set_rule(session: Session, given: Mapping[str, Any], *, actor: Actor, now: datetime) -> None:
    """Let other limits, radii or departments hold for a category and severity from a day on.

    Args:
        given: `category`, `severity`, `source`, `valid_from`, and what of `CHANGEABLE` is to change; what is
            left out stays as it is. Cases that are filed already keep their deadline.

    Raises:
        NotYours: the role may not.
        NotFound: there is no rule of the pair.
        InvalidInput: the day has passed, a value is out of bounds, or nothing would change.
        RuleStands: another rule begins on that day or later.
    """
    reach(actor, SET)
    day: date = given["valid_from"]
    standing, changed = would_change(session, given, now)
    standing.valid_to = day
    session.flush()
    values = {name: getattr(standing, name) for name in (*CHANGEABLE, *KEPT)} | changed
    made = CategoryRule(
        category=standing.category,
        severity=standing.severity,
        valid_from=day,
        source=given["source"].strip(),
        **values,
    )
    session.add(made)
    session.flush()
    changes.append(session, "rule", [rule_id(standing), rule_id(made)])
    facts = {**changed, "valid_from": day.isoformat(), "source": made.source}
    audit.write(session, actor, SET, CATEGORIES.entity, f"{made.category}/{made.severity}", facts, now)
    forget(session)


def would_change(
    session: Session, given: Mapping[str, Any], now: datetime
) -> tuple[CategoryRule, dict[str, Any]]:
    """Return the rule that a change would end, and what of it would change; nothing is stored.

    Raises:
        NotFound, InvalidInput, RuleStands: as `set_rule`.
    """
    day: date = given["valid_from"]
    if day < local_day(now):
        raise _wrong("valid_from", "must be today or later", "须为今天或以后的日期")
    standing = _newest(session, given["category"], given["severity"])
    if standing is None:
        raise NotFound("There is no rule for this category and severity.", "该类别和等级没有规则。")
    if standing.valid_from >= day or standing.valid_to is not None:
        raise RuleStands(f"{standing.category} {standing.severity}", standing.valid_to or standing.valid_from)
    changed = {
        name: given[name] for name in CHANGEABLE if name in given and given[name] != getattr(standing, name)
    }
    if not changed:
        raise _wrong("limit_amount", "nothing would change", "没有变动")
    _check(session, standing, changed)
    return standing, changed


def withdraw(
    session: Session, book: Book, key: Mapping[str, Any], valid_from: date, *, actor: Actor, now: datetime
) -> None:
    """Take back a rule that begins after today: what held before it goes on.

    Raises:
        NotYours: the role may not. NotFound: nothing such is to come.
    """
    reach(actor, SET)
    today = local_day(now)
    condition = " AND ".join(f"{name} = :{name}" for name in book.key)
    values = {**{name: key[name] for name in book.key}, "day": valid_from, "today": today}
    gone = session.execute(
        text(
            f"DELETE FROM server.{book.table} WHERE {condition} AND valid_from = :day AND valid_from > :today"
            " AND valid_to IS NULL RETURNING valid_from"
        ),
        values,
    ).first()
    if gone is None:
        raise NotFound("Nothing of this day is to come.", "该日没有待生效的取值。")
    session.execute(
        text(f"UPDATE server.{book.table} SET valid_to = NULL WHERE {condition} AND valid_to = :day"), values
    )
    if book is CATEGORIES:
        _tell_withdrawn(session, key, valid_from)
    name = "/".join(key[part] for part in book.key)
    facts = {"valid_from": valid_from.isoformat()}
    audit.write(session, actor, "rule.withdraw", book.entity, name, facts, now)
    forget(session)


def _tell_withdrawn(session: Session, key: Mapping[str, str], day: date) -> None:
    session.expire_all()
    changes.withdraw(session, "rule", [f"{key['category']}/{key['severity']}/{day.isoformat()}"])
    standing = _newest(session, key["category"], key["severity"])
    if standing is not None:
        changes.append(session, "rule", [rule_id(standing)])


def _newest(session: Session, category: str, severity: str) -> CategoryRule | None:
    wanted = (
        select(CategoryRule)
        .where(CategoryRule.category == category, CategoryRule.severity == severity)
        .order_by(CategoryRule.valid_from.desc())
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session.scalar(wanted)


def _check(session: Session, standing: CategoryRule, changed: Mapping[str, Any]) -> None:
    amount = changed.get("limit_amount", standing.limit_amount)
    if not 1 <= amount <= LONGEST:
        raise _wrong("limit_amount", f"must be from 1 to {LONGEST}", f"须为 1 至 {LONGEST}")
    if "radius_m" in changed and standing.radius_scope != DISTANCE:
        raise _wrong("radius_m", "doubles are not told by distance here", "该类别不按距离判重")
    if "radius_m" in changed and changed["radius_m"] is None:
        raise _wrong("radius_m", "must be a number of metres", "须为米数")
    codes = set(changed.get("departments", ()))
    if codes:
        working = select(func.count()).where(Unit.code.in_(codes), Unit.closed_on.is_(None))
        if session.scalar(working) != len(codes):
            raise _wrong("departments", "names a unit that does not work", "含有不存在或已停用的单位")


def _holds(row: CategoryRule, day: date) -> bool:
    return row.valid_from <= day and (row.valid_to is None or day < row.valid_to)


def _wrong(name: str, detail: str, detail_zh: str) -> InvalidInput:
    error = {"pointer": f"/{name}", "detail": detail, "detail_zh": detail_zh}
    return InvalidInput(f"{name}: {detail}.", f"{name}：{detail_zh}。", errors=[error])
