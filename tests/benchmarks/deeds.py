"""Commands on cases of a crowded ledger, each in a transaction of its own that is committed and flushed."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from server.auth.actor import Actor
from server.db import Database
from server.ledger import service
from server.ledger.facts import Command

EACH = 25
_CASES = text("""
SELECT c.case_id, c.version, c.severity, c.unit_code, c.checker_id, ST_X(c.geom) AS lon, ST_Y(c.geom) AS lat,
       left(m.neighbourhood_code, 9) AS street
  FROM server."case" c JOIN geo.community m USING (community_id)
  JOIN server.unit u ON u.code = c.unit_code AND u.kind = 'property_company'
 WHERE c.state = :state ORDER BY c.case_id DESC LIMIT :many""")
_PERSON = text("""
SELECT u.user_id, u.username, u.display_name, u.role, u.unit_code, n.kind, n.division_code
  FROM server."user" u JOIN server.unit n ON n.code = u.unit_code
 WHERE (:user_id IS NULL OR u.user_id = CAST(:user_id AS uuid)) AND (:role IS NULL OR u.role = :role)
   AND (:street IS NULL OR n.division_code = :street) ORDER BY u.user_id LIMIT 1""")
# What an upload would leave behind.
_ARRIVED = text(
    "UPDATE server.photo SET state = 'stored', stored_at = now(), size = 1, content_type = 'image/jpeg'"
    " WHERE sha256 = decode(:digest, 'hex')"
)
Times = dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class Order:
    """A command, and who gives it."""

    actor: Actor
    kind: str
    data: Mapping[str, Any]


def times(database: Database, draw: Random, each: int = EACH) -> Times:
    """Return the milliseconds of each command of a kind: dispatch, assign, check and close, note.

    Raises:
        LookupError: no case waits for one of them.
    """
    took: Times = {}
    for state, order in _ORDERS.items():
        for case in _cases(database, state, each):
            _carry_out(database, case, order, draw, took)
    return took


def _cases(database: Database, state: str, many: int) -> list[Row[Any]]:
    with database.snapshot() as session:
        found = list(session.execute(_CASES, {"state": state, "many": many}))
    if not found:
        raise LookupError(f"no case is {state}")
    return found


def _carry_out(
    database: Database,
    case: Row[Any],
    order: Callable[[Session, Row[Any], Random], Order],
    draw: Random,
    took: Times,
) -> None:
    with database.snapshot() as session:
        wanted = order(session, case, draw)
    version = _obey(database, case.case_id, case.version, wanted, took)
    if wanted.kind == "case.check":
        with database.transaction() as session:
            session.execute(_ARRIVED, {"digest": wanted.data["photos"][0]})
        with database.snapshot() as session:
            signer = _signer(session, case)
        _obey(database, case.case_id, version, Order(signer, "case.close", {}), took)


def _obey(database: Database, case_id: UUID, version: int, order: Order, took: Times) -> int:
    command = Command(order.kind, version, dict(order.data))
    began = time.perf_counter()
    with database.transaction() as session:
        shown = service.obey(
            session, case_id=case_id, command=command, actor=order.actor, now=datetime.now(UTC)
        )
    took.setdefault(order.kind, []).append((time.perf_counter() - began) * 1000)
    return int(shown["version"])


def _dispatch(session: Session, case: Row[Any], draw: Random) -> Order:
    data = {"unit": case.unit_code, "demand": "请按时限整改"}
    return Order(_desk(session, "dispatcher", case), "case.dispatch", data)


def _assign(session: Session, case: Row[Any], draw: Random) -> Order:
    checker = _desk(session, "grid_worker", case)
    return Order(_desk(session, "dispatcher", case), "case.assign_check", {"checker": str(checker.user_id)})


def _check(session: Session, case: Row[Any], draw: Random) -> Order:
    place = {"lon": case.lon, "lat": case.lat, "accuracy_m": 5.0, "datum": "wgs84"}
    data = {"passed": True, "reason": "已恢复原状", "location": place, "photos": [draw.randbytes(32).hex()]}
    return Order(_person(session, user_id=str(case.checker_id)), "case.check", data)


def _note(session: Session, case: Row[Any], draw: Random) -> Order:
    return Order(_desk(session, "shift_leader", case), "case.note", {"text": "请加快办理", "photos": []})


def _signer(session: Session, case: Row[Any]) -> Actor:
    if case.severity == "A":
        return _person(session, role="headquarters")
    return _desk(session, "shift_leader", case)


def _desk(session: Session, role: str, case: Row[Any]) -> Actor:
    return _person(session, role=role, street=case.street)


def _person(session: Session, **wanted: str) -> Actor:
    asked = {"user_id": None, "role": None, "street": None, **wanted}
    return actor_of(session.execute(_PERSON, asked).one())


def actor_of(row: Row[Any]) -> Actor:
    """Return the person of a row with the unit's kind and division."""
    own = (row.user_id, row.username, row.display_name, row.role, row.unit_code, row.kind)
    return Actor(*own, division_code=row.division_code)


_ORDERS: Mapping[str, Callable[[Session, Row[Any], Random], Order]] = {
    "filed": _dispatch,
    "closeout_requested": _assign,
    "checking": _check,
    "in_progress": _note,
}
