"""Use cases of units: made, changed, closed, reopened; each on the record and told to the tablets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from server.auth import audit
from server.auth import queries as people
from server.auth.actor import Actor
from server.auth.rules import reach
from server.auth.tables import Unit
from server.communities.service import local_day
from server.communities.tables import PropertyCompany
from server.ledger.rulebook import forget
from server.problems import InvalidInput, NotFound
from server.units import queries, rules
from server.units.errors import DivisionTaken, UnderItself, UnitClosed, UnitCodeTaken, UnitHasOpenMatters
from sync import changes

LOOK, KEEP = "units.register", "unit.keep"
COMPANY = "property_company"
SHOWN = (*rules.FIELDS, "code", "origin", "closed_on")


def listed(
    session: Session, wanted: Mapping[str, Any], after: str | None, limit: int, *, actor: Actor
) -> list[dict[str, Any]]:
    """Return units by code with their numbers, see `queries.register`.

    Raises:
        NotYours: the role does not see the register.
    """
    reach(actor, LOOK)
    return queries.register(session, wanted, after, limit)


def shown(session: Session, code: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return a unit with what it answers for, what is open there, what stands under it, and its history.

    Raises:
        NotYours: the role does not see the register. NotFound: there is no such unit.
    """
    reach(actor, LOOK)
    unit = people.unit(session, code)
    if unit is None:
        raise _no_unit(code)
    day = local_day(now)
    below = [people.unit_view(one) for one in queries.children(session, code)]
    return {
        **_as_json(unit),
        "parent_unit": people.unit_view(above) if (above := _above(session, unit)) else None,
        "responsible_for": queries.responsible_for(session, code, day),
        "matters": queries.open_matters(session, code, day),
        "below": below,
        "history": [asdict(line) for line in audit.trail(session, "unit", code)],
    }


def make(session: Session, given: Mapping[str, Any], *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Make a unit and return it as `shown` does; a property company can have contracts from then on.

    Raises:
        NotYours: the role may not. UnitCodeTaken, DivisionTaken, UnitClosed, InvalidInput: as they say.
    """
    reach(actor, KEEP)
    code = given["code"]
    if people.unit(session, code) is not None:
        raise UnitCodeTaken(code)
    wanted = {**dict.fromkeys(("division_code", "parent")), "contact": "", "phone": "", "duty": "", **given}
    wanted["name_en"] = wanted.get("name_en") or wanted["name_zh"]
    _check(session, wanted)
    session.add(Unit(origin="surveyed", **wanted))
    session.flush()
    if wanted["kind"] == COMPANY:
        session.add(PropertyCompany(unit_code=code, origin="surveyed"))
    _tell(session, code)
    audit.write(session, actor, "unit.make", "unit", code, _told({}, wanted), now)
    return shown(session, code, actor=actor, now=now)


def change(
    session: Session, code: str, given: Mapping[str, Any], *, actor: Actor, now: datetime
) -> dict[str, Any]:
    """Give a unit other names, place, parent, contact or duty and return it; the same again changes nothing.

    Raises:
        NotYours, NotFound, UnitClosed, DivisionTaken, UnderItself, InvalidInput: as they say.
    """
    reach(actor, KEEP)
    unit = _open_unit(session, code)
    before = {name: getattr(unit, name) for name in rules.FIELDS}
    changed = rules.differences(before, given)
    if changed:
        wanted = {"code": code, **before, **{name: both[1] for name, both in changed.items()}}
        _check(session, wanted, set(changed))
        for name in changed:
            setattr(unit, name, wanted[name])
        session.flush()
        if wanted["kind"] == COMPANY and session.get(PropertyCompany, code) is None:
            session.add(PropertyCompany(unit_code=code, origin="surveyed"))
        _tell(session, code)
        audit.write(session, actor, "unit.change", "unit", code, {"changed": changed}, now)
    return shown(session, code, actor=actor, now=now)


def close(session: Session, code: str, reason: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Close a unit from today on and return it: it keeps its records and takes nothing new.

    Raises:
        NotYours, NotFound, UnitClosed: as they say. UnitHasOpenMatters: something open hangs on it.
    """
    reach(actor, KEEP)
    unit, day = _open_unit(session, code), local_day(now)
    matters = queries.open_matters(session, code, day)
    if matters:
        raise UnitHasOpenMatters(code, matters)
    unit.closed_on = day
    session.flush()
    _tell(session, code)
    audit.write(session, actor, "unit.close", "unit", code, {"reason": reason, "on": day.isoformat()}, now)
    return shown(session, code, actor=actor, now=now)


def reopen(session: Session, code: str, reason: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Let a closed unit work again and return it; one that works stays as it is.

    Raises:
        NotYours, NotFound: as they say. UnitClosed: the unit above it is closed.
    """
    reach(actor, KEEP)
    unit = queries.unit_for_update(session, code)
    if unit is None:
        raise _no_unit(code)
    if unit.closed_on is not None:
        _parent_works(session, unit.parent)
        unit.closed_on = None
        session.flush()
        _tell(session, code)
        audit.write(session, actor, "unit.reopen", "unit", code, {"reason": reason}, now)
    return shown(session, code, actor=actor, now=now)


def _check(session: Session, wanted: Mapping[str, Any], changed: set[str] | None = None) -> None:
    fault = rules.fault(wanted)
    if fault is not None:
        raise _wrong(*fault)
    touched = changed or set(wanted)
    if "parent" in touched and wanted["parent"] is not None:
        _parent_works(session, wanted["parent"])
        if queries.stands_above(session, wanted["code"], wanted["parent"]):
            raise UnderItself(wanted["parent"])
    division = wanted["division_code"]
    if division is None or not touched & {"division_code", "kind"}:
        return
    if not queries.division_known(session, wanted["kind"], division):
        raise _wrong("division_code", "there is no such division", "没有这个行政区划")
    answering = people.unit_of_division(session, division)
    if answering is not None and answering.code != wanted["code"]:
        raise DivisionTaken(division, answering.code)


def _parent_works(session: Session, code: str | None) -> None:
    if code is None:
        return
    parent = people.unit(session, code)
    if parent is None:
        raise _wrong("parent", "there is no such unit", "没有这个单位")
    if parent.closed_on is not None:
        raise UnitClosed(code, parent.closed_on)


def _above(session: Session, unit: Unit) -> Unit | None:
    return people.unit(session, unit.parent) if unit.parent else None


def _open_unit(session: Session, code: str) -> Unit:
    unit = queries.unit_for_update(session, code)
    if unit is None:
        raise _no_unit(code)
    if unit.closed_on is not None:
        raise UnitClosed(code, unit.closed_on)
    return unit


def _tell(session: Session, code: str) -> None:
    forget(session)
    changes.append(session, "unit", [code])


def _told(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    return {"changed": {name: [before.get(name), after[name]] for name in rules.FIELDS if after.get(name)}}


def _as_json(unit: Unit) -> dict[str, Any]:
    return {name: getattr(unit, name) for name in SHOWN}


def _wrong(name: str, detail: str, detail_zh: str) -> InvalidInput:
    error = {"pointer": f"/{name}", "detail": detail, "detail_zh": detail_zh}
    return InvalidInput(f"{name}: {detail}.", f"{name}：{detail_zh}。", errors=[error])


def _no_unit(code: str) -> NotFound:
    return NotFound(f"There is no unit {code[:64]}.", f"没有单位 {code[:64]}。")
