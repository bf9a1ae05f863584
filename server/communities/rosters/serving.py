"""Who serves a community, where the roster of communities names a company."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import uuid6
from sqlalchemy.orm import Session

from server.communities.rosters import queries, rules
from server.communities.rosters.contracts import companies_by_name
from server.communities.tables import ServiceContract
from server.sheets.columns import plain
from server.sheets.rows import CheckedRow


class Serving:
    """The property companies and what they hold, on one day."""

    def __init__(self, session: Session, day: date) -> None:
        self._day = day
        self._companies = companies_by_name(session)
        self._standing = queries.contracts(session)

    def agree(self, row: CheckedRow, community_id: UUID) -> None:
        """Note where a row names another company than the one that serves a community already."""
        company = self._company(row)
        held = [
            one
            for one in self._standing.get(community_id, ())
            if rules.overlapping((self._day, rules.day_after(self._day)), [(one.starts_on, one.ends_on)])
        ]
        if company is not None and company not in {one.unit_code for one in held}:
            row.wrong(
                "company",
                "does not serve it; change that by the roster of contracts",
                "并非该小区现任企业，请用物业合同名册变更",
            )

    def contract(self, row: CheckedRow) -> dict[str, Any] | None:
        """Return the contract that a row gives a new community, from today on; None without a company."""
        company = self._company(row)
        if company is None:
            return None
        if "contract" not in row.values:
            row.wrong("contract", "is needed beside a company", "填写物业企业时须填写合同类型")
            return None
        return {"unit_code": company, "kind": row.values["contract"], "starts_on": self._day}

    def store(self, session: Session, community_id: UUID, contract: dict[str, Any]) -> None:
        """Store the contract of a new community."""
        made = ServiceContract(
            contract_id=UUID(int=uuid6.uuid7().int), community_id=community_id, origin="surveyed", **contract
        )
        session.add(made)
        self._standing[community_id] = [made]

    def _company(self, row: CheckedRow) -> str | None:
        told = row.values.get("company")
        found = self._companies.get(plain(told)) if told else None
        if told and found is None:
            row.wrong(
                "company", "is no property company; take in the companies first", "没有该物业企业，请先导入"
            )
        return found
