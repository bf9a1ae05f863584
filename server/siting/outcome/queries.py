"""All SQL about plans that are adopted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

_STANDING = text("SELECT adopted_at FROM server.siting_adoption WHERE plan_id = :plan AND undone_at IS NULL")
_SITES = text(
    "SELECT s.site_id, a.candidate, s.version, s.status, s.valid_to"
    " FROM server.siting_adopted_site a JOIN server.charging_site s USING (site_id)"
    " WHERE a.plan_id = :plan AND a.adopted_at = :at ORDER BY a.candidate FOR UPDATE OF s"
)


def lock(session: Session, plan_id: UUID) -> None:
    """Keep others from adopting this plan, or undoing it, until the transaction ends."""
    wanted = "SELECT plan_id FROM server.siting_plan WHERE plan_id = :plan FOR UPDATE"
    session.execute(text(wanted), {"plan": plan_id})


def standing(session: Session, plan_id: UUID) -> datetime | None:
    """Return when a plan was adopted, None when it is not."""
    row = session.execute(_STANDING, {"plan": plan_id}).first()
    return None if row is None else row.adopted_at


def adopt(session: Session, plan_id: UUID, at: datetime, by: UUID) -> None:
    """Write down that a plan is adopted."""
    wanted = "INSERT INTO server.siting_adoption (plan_id, adopted_at, adopted_by) VALUES (:plan, :at, :by)"
    session.execute(text(wanted), {"plan": plan_id, "at": at, "by": by})


def note_sites(session: Session, plan_id: UUID, at: datetime, sites: Mapping[str, UUID]) -> None:
    """Write down which site came of which place of the plan."""
    rows = [
        {"plan": plan_id, "at": at, "candidate": candidate, "site": site} for candidate, site in sites.items()
    ]
    session.execute(
        text(
            "INSERT INTO server.siting_adopted_site (plan_id, adopted_at, candidate, site_id)"
            " VALUES (:plan, :at, :candidate, :site)"
        ),
        rows,
    )


def sites_of(session: Session, plan_id: UUID, at: datetime) -> Sequence[Any]:
    """Return the sites of an adoption as they stand, locked."""
    return session.execute(_SITES, {"plan": plan_id, "at": at}).all()


def withdraw(session: Session, ids: Sequence[UUID], day: date) -> None:
    """End sites from a day on."""
    session.execute(
        text(
            "UPDATE server.charging_site SET valid_to = :day, version = version + 1"
            " WHERE site_id = ANY(CAST(:ids AS uuid[]))"
        ),
        {"ids": [str(one) for one in ids], "day": day},
    )


def undo(session: Session, plan_id: UUID, at: datetime, now: datetime, by: UUID) -> None:
    """Write down that an adoption is undone."""
    session.execute(
        text(
            "UPDATE server.siting_adoption SET undone_at = :now, undone_by = :by"
            " WHERE plan_id = :plan AND adopted_at = :at"
        ),
        {"plan": plan_id, "at": at, "now": now, "by": by},
    )
