"""What follows from an inspection beside violations: tasks, deductions, refusals, gates. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from checklists.judge import Finding
from server.communities.queries import CommunityFacts

# Who has to do a task, by its code; of the unlisted ones, such as a county's own, the street takes care.
DOERS: Mapping[str, str] = {
    "prepare_election": "neighbourhood",
    "form_company_organisation": "neighbourhood",
    "form_committee_organisation": "neighbourhood",
    "fence_at_once": "company",
}
COUNTY_DESK = "construction_hq"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One consequence as it is stored; `unit_code` does the task or loses the points.

    `settled_by` is the later inspection that asked the same again: its own answer counts from then on.
    """

    outcome_id: UUID
    inspection_id: UUID
    community_id: UUID
    checklist: str
    kind: str
    item_code: str
    group_code: str | None
    instance: int | None
    code: str | None
    points: float | None
    unit_code: str | None
    case_id: UUID | None
    note: str
    found_at: datetime
    settled_by: UUID | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the outcome for the API."""
        return {
            "outcome_id": str(self.outcome_id),
            "kind": self.kind,
            "item": self.item_code,
            "group": self.group_code,
            "instance": self.instance,
            "code": self.code,
            "points": self.points,
            "unit": self.unit_code,
            "case_id": str(self.case_id) if self.case_id else None,
            "note": self.note,
            "settled_by": str(self.settled_by) if self.settled_by else None,
        }

    def as_task(self, community_name: str) -> dict[str, Any]:
        """Return a task as tablets hold it."""
        return {
            "kind": self.code,
            "community_id": str(self.community_id),
            "community_name": community_name,
            "inspection_id": str(self.inspection_id),
            "checklist": self.checklist,
            "item": self.item_code,
            "note": self.note,
            "found_at": self.found_at.astimezone(UTC).isoformat(),
        }


def outcome_of(
    finding: Finding,
    inspection_id: UUID,
    checklist: str,
    community: CommunityFacts,
    units: Mapping[str, str],
    now: datetime,
    new_id: Callable[[], UUID],
) -> Outcome:
    """Return what is stored of a finding that is no violation.

    Args:
        units: the unit that answers for each official division of the community.
    """
    return Outcome(
        outcome_id=new_id(),
        inspection_id=inspection_id,
        community_id=community.community_id,
        checklist=checklist,
        kind=finding.kind,
        item_code=finding.item_code,
        group_code=finding.group,
        instance=finding.instance,
        code=finding.code if finding.kind in ("task", "gate") else None,
        points=float(finding.points or 0) if finding.kind == "deduction" else None,
        unit_code=_unit(finding, community, units),
        case_id=None,
        note=finding.note or "",
        found_at=now,
    )


def _unit(finding: Finding, community: CommunityFacts, units: Mapping[str, str]) -> str | None:
    street = units.get(community.subdistrict_code, COUNTY_DESK)
    neighbourhood = units.get(community.neighbourhood_code, street)
    # Without a company the neighbourhood takes its place in every step.
    company = community.company_unit or neighbourhood
    doers = {"company": company, "neighbourhood": neighbourhood}
    if finding.kind == "task":
        return doers.get(DOERS.get(finding.code or "", ""), street)
    return company if finding.kind in ("deduction", "refusal") else None
