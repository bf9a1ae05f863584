"""Property service contracts by roster."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import uuid6
from sqlalchemy.orm import Session

from geo.tables import Community
from server.communities.rosters import queries, rules
from server.communities.rosters.outcome import By, Outcome, community_of, repeated
from server.communities.service import local_day
from server.communities.tables import ServiceContract
from server.sheets.columns import plain
from server.sheets.rows import CheckedRow
from sync import changes


def take(session: Session, rows: Sequence[CheckedRow], by: By) -> Outcome:
    """Make or change the contracts that rows name; a contract is known by its community and first day."""
    homes = queries.communities(session, local_day(by.now))
    companies = companies_by_name(session)
    standing = queries.contracts(session)
    outcome, touched = Outcome(), set()
    repeated(rows, "community", "neighbourhood", "starts_on")
    for row in rows:
        home = community_of(row, homes)
        company = companies.get(plain(row.values.get("company", "")))
        if row.values.get("company") and company is None:
            row.wrong(
                "company", "is no property company; take in the companies first", "没有该物业企业，请先导入"
            )
        if home is None or company is None or row.faults:
            continue
        if _store(session, row, home, company, standing.setdefault(home.community_id, []), by, outcome):
            touched.add(home.community_id)
    session.flush()
    # A company stands in the wire form of its communities.
    changes.append(session, "community", sorted(touched))
    return outcome


def companies_by_name(session: Session) -> dict[str, str]:
    """Return the code of each property company by the plain form of its code and its Chinese name."""
    return {
        plain(name): code
        for code, (unit, _) in queries.companies(session).items()
        for name in (code, unit.name_zh)
    }


def _store(
    session: Session,
    row: CheckedRow,
    home: Community,
    company: str,
    standing: list[ServiceContract],
    by: By,
    outcome: Outcome,
) -> bool:
    starts, ends = row.values["starts_on"], rules.day_after(row.values.get("last_on"))
    found = next((one for one in standing if one.starts_on == starts), None)
    others = [(one.starts_on, one.ends_on) for one in standing if one is not found]
    if ends is not None and ends <= starts:
        row.wrong("last_on", "lies before the first day", "终止日期早于开始日期")
    clash = rules.overlapping((starts, ends), others)
    if clash is not None:
        row.wrong("starts_on", f"overlaps the contract from {clash[0]} on", f"与 {clash[0]} 起的合同重叠")
    if row.faults:
        return False
    told = {"unit_code": company, "kind": row.values["kind"], "ends_on": ends}
    if found is None:
        made = ServiceContract(
            contract_id=UUID(int=uuid6.uuid7().int),
            community_id=home.community_id,
            starts_on=starts,
            origin="surveyed",
            **told,
        )
        session.add(made)
        standing.append(made)
        outcome.created += 1
    elif all(getattr(found, name) == value for name, value in told.items()):
        outcome.unchanged += 1
        return False
    else:
        for name, value in told.items():
            setattr(found, name, value)
        outcome.changed += 1
    by.note(
        session,
        "roster.contracts",
        "community",
        home.community_id,
        company=company,
        starts_on=starts.isoformat(),
        ends_on=ends.isoformat() if ends else None,
    )
    return True
