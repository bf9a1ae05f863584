"""Taking orders in, all or nothing: the same order twice is one, a changed one keeps what it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import uuid6
from sqlalchemy.orm import Session

from server.auth import audit
from server.auth.actor import Actor
from server.complaints.hotline import queries, setting_queries
from server.complaints.hotline.limits import local_day, rules_of
from server.complaints.hotline.reading import WORDS, Given, outcome_entries, read_order
from server.complaints.hotline.tables import AnsweringUnit, Desk, Row, Standing
from server.ledger.rulebook import clock_of
from server.sheets.errors import TableFaulty
from server.sheets.rows import CheckedRow

AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one row: `new`, `changed` or `same`, and which of its fields differ."""

    given: Given
    fate: str
    differs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """What a table came to."""

    fates: Sequence[Fate]

    def as_json(self) -> dict[str, int]:
        """Return the counts: rows, created, changed and unchanged."""
        count = {name: sum(one.fate == name for one in self.fates) for name in ("new", "changed", "same")}
        return {
            "rows": len(self.fates),
            "created": count["new"],
            "changed": count["changed"],
            "unchanged": count["same"],
        }


@dataclass(frozen=True, slots=True)
class By:
    """Who takes orders in, by which way, for which desk; `actor` None is the command line."""

    actor: Actor | None
    desk: Desk
    way: str
    now: datetime


def take_in(session: Session, rows: Sequence[CheckedRow], by: By, *, dry_run: bool) -> Taken:
    """Take orders in; the same rows again change nothing. A dry run only tells what would become of each.

    Raises:
        TableFaulty: a row is faulty; nothing was changed.
    """
    given = _read(session, rows, by)
    stands = queries.standing(session, by.desk, [one.order_no for one in given])
    fates = [_fate(one, stands.get(one.order_no)) for one in given]
    by_number = {row.row: row for row in rows}
    for one in fates:
        if one.fate != "new" and not stands[one.given.order_no].visible:
            by_number[one.given.row].wrong("order_no", "is an order of another desk", "该工单属于其他单位")
    faults = [fault for row in rows for fault in row.faults]
    if faults:
        raise TableFaulty(faults, len(rows))
    taken = Taken(fates)
    if not dry_run:
        for start in range(0, len(fates), AT_ONCE):
            _store(session, fates[start : start + AT_ONCE], stands, by)
        audit.write(session, by.actor, "hotline.take_in", "hotline_order", by.way, taken.as_json(), by.now)
    return taken


def _read(session: Session, rows: Sequence[CheckedRow], by: By) -> list[Given]:
    rules, clock = rules_of(setting_queries.rules(session, local_day(by.now))), clock_of(session, by.now)
    found: dict[str, Given] = {}
    for row in rows:
        given = read_order(row, rules, clock, by.now)
        if given is None:
            continue
        before = found.setdefault(given.order_no, given)
        if before is not given and replace(before, row=given.row) != given:
            row.wrong(
                "order_no",
                f"stands in row {before.row} with other words",
                f"与第 {before.row} 行重复且内容不同",
            )
    return list(found.values())


def _fate(given: Given, stands: Standing | None) -> Fate:
    if stands is None:
        return Fate(given, "new")
    told: dict[str, Any] = {**given.words, "called_at": given.called_at}
    known: dict[str, Any] = {**stands.words, "called_at": stands.called_at}
    if given.dispatch_told:
        told["dispatched_at"], known["dispatched_at"] = given.dispatched_at, stands.dispatched_at
    if given.limit_told:
        told["due"], known["due"] = given.limit.due_at, stands.due_at
    # A caller who was forgotten is not told anew by an old sheet.
    if stands.caller is not None or stands.phone is not None:
        known |= {"caller": stands.caller, "phone": stands.phone}
        told |= {name: value for name, value in _caller(given).items() if value is not None}
    differs = tuple(name for name, value in told.items() if value != known[name])
    if differs:
        return Fate(given, "changed", differs)
    more = outcome_entries(given.outcome, stands.state)
    answered = any(name != "hotline.note" for name, *_ in more)
    return Fate(given, "changed", ("reply",)) if answered else Fate(given, "same")


def _caller(given: Given) -> dict[str, str | None]:
    return {"caller": given.caller, "phone": given.phone}


def _store(session: Session, fates: Sequence[Fate], stands: Mapping[str, Standing], by: By) -> None:
    units = queries.answering_units(session)
    new, editions, rounds = [], [], []
    for one in fates:
        before = stands.get(one.given.order_no)
        if one.fate == "new":
            row = _new_row(one.given, _unit_of(one.given, units, by))
            new.append(row)
            editions.append(row)
            received = ("hotline.receive", "", "received", {"way": by.way})
            rounds.append(_entries(row["order_id"], 1, [received], one.given, "received"))
        elif one.fate == "changed" and before is not None:
            changes = []
            if one.differs != ("reply",):
                edition = _edition_row(one, before)
                editions.append(edition)
                told = {"edition": edition["edition"], "differs": list(one.differs), "way": by.way}
                changes = [("hotline.change", before.state, before.state, told)]
            rounds.append(
                _entries(str(before.order_id), before.version + 1, changes, one.given, before.state)
            )
    actor_id = by.actor.user_id if by.actor else None
    queries.store(session, new, editions, by.way, actor_id, by.now)
    for step in range(max((len(one) for one in rounds), default=0)):
        queries.write(session, [one[step] for one in rounds if len(one) > step], actor_id, by.now)


def _entries(order_id: str, seq: int, first: list[Any], given: Given, state: str) -> list[Row]:
    told = [(*one, False) for one in first]
    told += [(*one, True) for one in outcome_entries(given.outcome, state)]
    names = ("command", "from_state", "to_state", "facts", "imported")
    return [
        {"order_id": order_id, "seq": seq + at, **dict(zip(names, one, strict=True))}
        for at, one in enumerate(told)
    ]


def _new_row(given: Given, unit: str) -> Row:
    limit = given.limit
    return {
        "order_id": str(UUID(int=uuid6.uuid7().int)),
        "order_no": given.order_no,
        "edition": 1,
        "unit_code": unit,
        **{name: given.words.get(name, "") for name in WORDS},
        "called_at": given.called_at,
        "dispatched_at": given.dispatched_at,
        "due_at": limit.due_at,
        "yellow_at": limit.yellow_at,
        "return_due_at": limit.return_due_at,
        "caller_changed": False,
        "name": given.caller or "",
        "phone": given.phone or "",
    }


def _edition_row(one: Fate, before: Standing) -> Row:
    given, limit = one.given, one.given.limit
    clock = (limit.due_at, limit.yellow_at, limit.return_due_at)
    if not given.limit_told:
        clock = (before.due_at, before.yellow_at, before.return_due_at)
    return {
        "order_id": str(before.order_id),
        "edition": before.edition + 1,
        **before.words,
        **given.words,
        "called_at": given.called_at,
        "dispatched_at": given.dispatched_at
        if given.dispatch_told
        else max(before.dispatched_at, given.called_at),
        **dict(zip(("due_at", "yellow_at", "return_due_at"), clock, strict=True)),
        "caller_changed": bool({"caller", "phone"} & set(one.differs)),
        "name": (before.caller if given.caller is None else given.caller) or "",
        "phone": (before.phone if given.phone is None else given.phone) or "",
    }


def _unit_of(given: Given, units: Sequence[AnsweringUnit], by: By) -> str:
    """Return the desk that answers: the unit named, the most precise one, if the taker may give it orders."""
    named = given.words.get("handling_unit", "")
    fits = [
        one
        for one in units
        if named and (one.name in named or named in one.name) and by.desk.covers(one.division, one.code)
    ]
    if fits:
        return max(fits, key=lambda one: (len(one.division or ""), one.code)).code
    return by.actor.unit_code if by.actor else next(one.code for one in units if one.division is None)
