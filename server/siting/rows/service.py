"""Reading and setting the rows that siting reckons with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
import uuid6
from sqlalchemy.orm import Session

from server.auth import audit
from server.auth.actor import Actor
from server.auth.rules import reach
from server.communities.outline import county_outline
from server.communities.service import local_day
from server.communities.values import Unfit, area
from server.ledger.errors import RuleStands
from server.problems import InvalidInput, NotFound
from server.siting.rows import queries
from server.siting.rows.books import (
    BOUNDS,
    PLACED,
    POWER,
    PRICES,
    RATE,
    RULES,
    Book,
    Price,
    Rate,
    Rates,
    Rule,
    RuleSet,
)
from server.siting.rows.errors import UnknownRuleSet

LOOK, SET = "siting_rows.list", "siting_rows.set"


def listed(session: Session, book: Book, *, actor: Actor | None, now: datetime) -> list[dict[str, Any]]:
    """Return every row of a book, oldest first within its key; `in_force` says which holds today.

    Raises:
        NotYours: the role does not plan; `actor` None is the command line.
    """
    if actor is not None:
        reach(actor, LOOK)
    day = local_day(now)
    found = [{**row, "in_force": _holds(row, day)} for row in queries.rows(session, book)]
    if book is POWER:
        names = queries.transformer_names(session, [row["facility_id"] for row in found])
        found = [{**row, "name": names.get(row["facility_id"], "")} for row in found]
    return found


def _holds(row: Mapping[str, Any], day: date) -> bool:
    return bool(row["valid_from"] <= day and (row["valid_to"] is None or day < row["valid_to"]))


def set_row(
    session: Session, book: Book, given: Mapping[str, Any], *, actor: Actor | None, now: datetime
) -> None:
    """Let a row hold from a day on, today at the earliest; what held before stays in the history.

    Args:
        given: key, values, `source`, perhaps `valid_from`. Values left out stay as they are; the first value
            None ends the row.

    Raises:
        NotYours: the role may not set it; `actor` None is the command line.
        InvalidInput: the day has passed, values are missing, or there is nothing to end.
        RuleStands: a row of the same key begins later.
        NotFound: there is no such transformer or place.
    """
    if actor is not None:
        reach(actor, SET)
    day = given.get("valid_from") or local_day(now)
    key = {name: given[name] for name in book.key}
    values = would_be(session, book, given, now)
    queries.end(session, book, key, day)
    if values is not None:
        by = actor.user_id if actor else None
        row = {**key, **values, "source": given["source"].strip(), "set_by": by, "valid_from": day}
        queries.begin(session, book, row)
    facts = {name: _plain(given.get(name)) for name in (*book.values, "source")}
    name = "/".join(str(part) for part in key.values() if part)
    audit.write(session, actor, "siting_row.set", book.table, name, {**facts, "from": day.isoformat()}, now)


def would_be(session: Session, book: Book, given: Mapping[str, Any], now: datetime) -> dict[str, Any] | None:
    """Return the values that a row would have, None where it would only end; nothing is stored.

    Raises:
        InvalidInput, RuleStands, NotFound: as `set_row`.
    """
    day = given.get("valid_from") or local_day(now)
    if day < local_day(now):
        raise _wrong("valid_from", "must be today or later", "须为今天或以后的日期")
    key = {name: given[name] for name in book.key}
    _known(session, book, key)
    before = queries.standing(session, book, key)
    if before is not None and before["valid_from"] > day:
        raise RuleStands(" ".join(str(part) for part in key.values() if part), before["valid_from"])
    return _values(book, given, before)


def withdraw(session: Session, book: Book, given: Mapping[str, Any], *, actor: Actor, now: datetime) -> None:
    """Take back a row, or the end of one, that begins after today: what held before it goes on.

    Args:
        given: key and `valid_from`.

    Raises:
        NotYours: the role may not. NotFound: nothing such is to come, or something is to come after it.
    """
    reach(actor, SET)
    day, key = given["valid_from"], {name: given[name] for name in book.key}
    if day <= local_day(now) or not queries.withdraw(session, book, key, day):
        raise NotFound("Nothing of this day is to come.", "该日没有待生效的取值。")
    name = "/".join(str(part) for part in key.values() if part)
    audit.write(session, actor, "siting_row.withdraw", book.table, name, {"from": day.isoformat()}, now)


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | str) else float(value)


def _values(book: Book, given: Mapping[str, Any], before: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return the values of the new row, None when the row is only to end."""
    leading = "value" if "value" in book.values else book.values[0]
    if leading in given and given[leading] is None:
        if before is None:
            raise _wrong(leading, "there is nothing to end", "没有可终止的取值")
        return None
    found = {name: given[name] for name in book.values if given.get(name) is not None}
    if before is not None:
        found = {**{name: before[name] for name in book.values}, **found}
    for name in book.values:
        if name not in found:
            raise _wrong(name, "is needed for a new row", "新增时必须填写")
    if found.get("kind", "figure") != "figure" and found["unit"] != "m":
        raise _wrong("unit", "a distance is in m", "距离的单位须为 m")
    if book is RATE:
        _within(given, float(found["value"]))
    return found


def _within(given: Mapping[str, Any], value: float) -> None:
    least, most = BOUNDS.get(given["name"], (0.0, 1000.0))
    if not least <= value <= most:
        raise _wrong("value", f"must be from {least:g} to {most:g}", f"须为 {least:g} 至 {most:g}")
    if given["place"] and given["name"] not in PLACED:
        raise _wrong("place", "only the county has this rate", "该比率只能按全县设置")


def _known(session: Session, book: Book, key: Mapping[str, Any]) -> None:
    if book is POWER and not queries.transformer_names(session, [key["facility_id"]]):
        raise NotFound("There is no such transformer.", "没有这台变压器。")
    if book is RATE and key["place"] and not queries.place_known(session, UUID(key["place"])):
        raise NotFound("There is no such community or building.", "没有这个小区或楼栋。")


def _wrong(name: str, detail: str, detail_zh: str) -> InvalidInput:
    error = {"pointer": f"/{name}", "detail": detail, "detail_zh": detail_zh}
    return InvalidInput(f"{name}: {detail}.", f"{name}：{detail_zh}。", errors=[error])


def rule_set_on(session: Session, name: str, day: date) -> RuleSet:
    """Return the rules of a set that hold on a day.

    Raises:
        UnknownRuleSet: none of them does.
    """
    rows = queries.in_force(session, RULES, day)
    rules = tuple(
        Rule(row["name"], row["kind"], float(row["value"]), row["unit"], row["hard"], row["source"])
        for row in rows
        if row["rule_set"] == name
    )
    if not rules:
        raise UnknownRuleSet(name, sorted({row["rule_set"] for row in rows}))
    return RuleSet(name, rules)


def prices_on(session: Session, day: date) -> dict[str, Price]:
    """Return what each item costs on a day."""
    return {
        row["item"]: Price(float(row["yuan"]), row["paid_by"], row["source"])
        for row in queries.in_force(session, PRICES, day)
    }


def rates_on(session: Session, day: date) -> Rates:
    """Return the rates of a day."""
    rows = queries.in_force(session, RATE, day)
    rates = {(row["name"], row["place"]): Rate(float(row["value"]), row["source"]) for row in rows}
    return Rates(
        {name: rate for (name, place), rate in rates.items() if not place},
        {key: rate for key, rate in rates.items() if key[1]},
    )


def spare_kva_on(session: Session, day: date) -> dict[str, float]:
    """Return what each transformer has left on a day, by the id of its facility."""
    rows = queries.in_force(session, POWER, day)
    return {str(row["facility_id"]): float(row["spare_kva"]) for row in rows}


def forbid(session: Session, reason: str, geometry: Any, *, actor: Actor, now: datetime) -> UUID:
    """Keep an area (GeoJSON, WGS 84) free of charging from today on; return its id.

    Raises:
        NotYours: the role may not. InvalidInput: it is no polygon within the county.
    """
    reach(actor, SET)
    try:
        drawn = area(county_outline(session))(geometry)
    except Unfit as fault:
        raise _wrong("geometry", fault.detail, fault.detail_zh) from fault
    area_id = UUID(int=uuid6.uuid7().int)
    row = {"area_id": area_id, "reason": reason.strip(), "geometry": drawn, "drawn_by": actor.user_id}
    queries.forbid(session, {**row, "valid_from": local_day(now)})
    audit.write(session, actor, "siting_ground.forbid", "siting_forbidden", area_id, {"reason": reason}, now)
    return area_id


def lift(session: Session, area_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Let forbidden ground be free again from today on.

    Raises:
        NotYours: the role may not. NotFound: no such ground is forbidden.
    """
    reach(actor, SET)
    if not queries.lift(session, area_id, local_day(now)):
        raise NotFound("No such ground is forbidden.", "没有这块禁设区域。")
    audit.write(session, actor, "siting_ground.lift", "siting_forbidden", area_id, {}, now)


def forbidden(session: Session, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return the forbidden grounds of today as GeoJSON.

    Raises:
        NotYours: the role does not plan.
    """
    reach(actor, LOOK)
    features = [
        {
            "type": "Feature",
            "id": str(row["area_id"]),
            "geometry": orjson.loads(row["geometry"]),
            "properties": {"reason": row["reason"], "valid_from": row["valid_from"].isoformat()},
        }
        for row in queries.forbidden(session, local_day(now))
    ]
    return {"type": "FeatureCollection", "features": features}
