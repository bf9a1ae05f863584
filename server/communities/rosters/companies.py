"""Property companies by roster."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from server.auth.tables import Unit
from server.communities.rosters import queries, rules
from server.communities.rosters.outcome import By, Outcome, repeated
from server.communities.tables import PropertyCompany
from server.sheets.rows import CheckedRow
from sync import changes

KIND = "property_company"


def take(session: Session, rows: Sequence[CheckedRow], by: By) -> Outcome:
    """Make or change the companies that rows name; what is wrong is noted on the rows."""
    known = queries.companies(session)
    owners = {company.credit_code: code for code, (_, company) in known.items() if company.credit_code}
    codes = set(queries.units(session).values())
    outcome = Outcome()
    repeated(rows, "code")
    repeated([row for row in rows if row.values.get("credit_code")], "credit_code")
    touched = []
    for row in rows:
        _check(row, owners, codes - set(known))
        if not row.faults and _store(session, row, known.get(row.values["code"]), by, outcome):
            touched.append(row.values["code"])
    session.flush()
    changes.append(session, "unit", touched)
    return outcome


def _check(row: CheckedRow, owners: dict[str, str], taken: set[str]) -> None:
    code, credit, party = (row.values.get(name) for name in ("code", "credit_code", "party_members"))
    if code and not rules.usable_code(code):
        row.wrong("code", "must be small letters, digits and _", "只能用小写字母、数字和下划线")
    if code in taken:
        row.wrong("code", "is the code of a unit that is no property company", "该代码属于其他单位")
    if credit and not rules.credit_code_holds(credit):
        row.wrong("credit_code", "is no credit code: sign or check sign wrong", "统一社会信用代码有误")
    if credit and owners.get(credit, code) != code:
        row.wrong("credit_code", f"belongs to {owners[credit]}", f"属于 {owners[credit]}")
    if party is not None and party < 0:
        row.wrong("party_members", "must not be negative", "不能为负数")


def _store(
    session: Session, row: CheckedRow, found: tuple[Unit, PropertyCompany] | None, by: By, outcome: Outcome
) -> bool:
    told = row.values
    of_unit = {"name_zh": told["name"], "name_en": told.get("name_en")}
    of_company = {name: told.get(name) for name in ("credit_code", "phone", "party_members")}
    if found is None:
        names = {**of_unit, "name_en": of_unit["name_en"] or told["name"]}
        session.add(Unit(code=told["code"], kind=KIND, origin="surveyed", division_code=None, **names))
        session.flush()
        session.add(PropertyCompany(unit_code=told["code"], origin="surveyed", **of_company))
        outcome.created += 1
    elif not _set(found[0], of_unit) | _set(found[1], of_company):
        outcome.unchanged += 1
        return False
    else:
        outcome.changed += 1
    by.note(session, "roster.companies", "unit", told["code"], **of_unit, **of_company)
    return True


def _set(record: Any, told: dict[str, Any]) -> bool:
    """Set what a row tells and the record has otherwise; an empty cell changes nothing."""
    differs = {name: value for name, value in told.items() if value not in (None, getattr(record, name))}
    for name, value in differs.items():
        setattr(record, name, value)
    return bool(differs)
