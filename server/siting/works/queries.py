"""All SQL about charging works."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, text
from sqlalchemy.orm import Session

from server.auth.tables import User
from server.communities.territory import Territory
from server.siting.tables import ChargingSite
from server.siting.works.rules import Limit
from server.siting.works.tables import (
    ChargingWork,
    ChargingWorkEntry,
    ChargingWorkLimit,
    ChargingWorkPaper,
)

_SQL = Path(__file__).with_name("works.sql").read_text(encoding="utf-8")
_WORKS = text(_SQL)
_NO_FILTER: Mapping[str, Any] = {
    "ids": None,
    "states": [],
    "place": None,
    "community_id": None,
    "responsible": None,
    "plan_id": None,
    "late": None,
    "text": None,
}
# What progress is told by: key and name of a line.
GROUPS = {
    "county": ("'county'", "''"),
    "subdistrict": ("subdistrict_code", "subdistrict_name"),
    "neighbourhood": ("neighbourhood_code", "neighbourhood_name"),
    "community": ("community_id", "community_name"),
    "responsible": ("responsible", "responsible_name"),
}
_LOCK = text(
    "SELECT work_id FROM server.charging_work WHERE work_id = ANY(CAST(:ids AS uuid[]))"
    " ORDER BY work_id FOR UPDATE"
)
_LATE = text(
    "SELECT w.work_id, w.head_seq, w.responsible, c.name || ' ' || s.name AS name, w.due_on"
    " FROM server.charging_work w JOIN server.charging_site s USING (site_id)"
    " JOIN geo.community c USING (community_id)"
    " WHERE w.due_on < :day AND w.responsible IS NOT NULL ORDER BY w.work_id"
)
_PLACED = text(
    "SELECT ST_X(p), ST_Y(p), (SELECT c.community_id FROM geo.community c"
    "  WHERE ST_Covers(c.geom, p) AND (c.valid_to IS NULL OR c.valid_to > :day)"
    "  ORDER BY c.community_id LIMIT 1)"
    " FROM (SELECT ST_Transform(ST_SetSRID(ST_MakePoint(:x, :y), :srid), 4326) AS p) AS placed"
)
_ADOPTED = text(
    "SELECT a.candidate, a.site_id FROM server.siting_adopted_site a"
    " JOIN server.siting_adoption d USING (plan_id, adopted_at)"
    " WHERE a.plan_id = :plan_id AND d.undone_at IS NULL"
)
_STATUSES = text(
    "SELECT status, since FROM server.charging_site_status WHERE site_id = :site_id ORDER BY seq"
)


def works(
    session: Session,
    territory: Territory,
    filters: Mapping[str, Any],
    after: tuple[str, str] | None,
    limit: int | None,
) -> list[dict[str, Any]]:
    """Return works within a territory, the newest first.

    Args:
        filters: `ids`, `states`, `place` (a division's code), `community_id`, `responsible`, `plan_id`,
            `late`, `text`; what is left out does not filter.
    """
    after_at, after_id = after or (None, None)
    given = {**_asked(territory, filters), "after_at": after_at, "after_id": after_id, "limit": limit}
    return [dict(row) for row in session.execute(_WORKS, given).mappings()]


def progress(session: Session, territory: Territory, filters: Mapping[str, Any], by: str) -> Sequence[Any]:
    """Return rows of key, name, state, how many, how many late, ports; `by` is one of `GROUPS`."""
    key, name = GROUPS[by]
    counted = text(
        f"SELECT {key}, {name}, state, count(*), count(*) FILTER (WHERE late),"
        f" coalesce(sum(charging_ports), 0) FROM ({_SQL}) AS works GROUP BY 1, 2, 3 ORDER BY 1, 3"
    )
    given = {**_asked(territory, filters), "after_at": None, "after_id": None, "limit": None}
    return session.execute(counted, given).all()


def _asked(territory: Territory, filters: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: filters.get(name, usual) for name, usual in _NO_FILTER.items()}
    ids = None if told["ids"] is None else [str(one) for one in told["ids"]]
    return {**told, "ids": ids, "states": list(told["states"]), **territory.parameters()}


def lock(session: Session, ids: Collection[UUID]) -> None:
    """Let nobody else move these works until the transaction ends."""
    session.execute(_LOCK, {"ids": [str(one) for one in ids]})


def insert_work(session: Session, columns: Mapping[str, Any]) -> None:
    """Store a work without entries."""
    session.execute(insert(ChargingWork).values(**columns, state="planned", head_seq=0))


def insert_entry(session: Session, columns: Mapping[str, Any]) -> None:
    """Store an entry; the database checks it, moves the work and the site."""
    session.execute(insert(ChargingWorkEntry).values(**columns))


def insert_paper(session: Session, work_id: UUID, seq: int, paper_id: UUID) -> None:
    """Note that a step of a work drafted a paper."""
    session.execute(insert(ChargingWorkPaper).values(work_id=work_id, seq=seq, paper_id=paper_id))


def entries(session: Session, ids: Collection[UUID]) -> Sequence[Any]:
    """Return the entries of works in order, each with the name of its author."""
    return session.execute(
        select(ChargingWorkEntry, User.display_name)
        .join(User, User.user_id == ChargingWorkEntry.actor_id)
        .where(ChargingWorkEntry.work_id.in_(ids))
        .order_by(ChargingWorkEntry.work_id, ChargingWorkEntry.seq)
    ).all()


def papers(session: Session, work_id: UUID) -> list[dict[str, Any]]:
    """Return the papers of a work by step: `seq`, `paper_id`, `kind`, `number`, `state`."""
    rows = session.execute(
        text(
            "SELECT k.seq, k.paper_id, p.kind, p.number, p.state FROM server.charging_work_paper k"
            " JOIN server.paper p USING (paper_id) WHERE k.work_id = :work_id ORDER BY k.seq, p.drafted_at"
        ),
        {"work_id": work_id},
    )
    return [dict(row) for row in rows.mappings()]


def statuses(session: Session, site_id: UUID) -> list[tuple[str, datetime]]:
    """Return what a site has been, and since when, in order."""
    return [(row[0], row[1]) for row in session.execute(_STATUSES, {"site_id": site_id})]


def sites(session: Session, ids: Collection[UUID]) -> list[ChargingSite]:
    """Return these charging sites that stand, locked, by id."""
    wanted = (
        select(ChargingSite)
        .where(ChargingSite.site_id.in_(ids), ChargingSite.valid_to.is_(None))
        .order_by(ChargingSite.site_id)
        .execution_options(populate_existing=True)
        .with_for_update()
    )
    return list(session.scalars(wanted))


def worked_on(session: Session, site_ids: Collection[UUID]) -> set[UUID]:
    """Return those of these sites that have a work."""
    return set(session.scalars(select(ChargingWork.site_id).where(ChargingWork.site_id.in_(site_ids))))


def taken_of_plan(session: Session, plan_id: UUID) -> set[str]:
    """Return the names of a plan's sites that are worked on."""
    found = session.scalars(select(ChargingWork.plan_site).where(ChargingWork.plan_id == plan_id))
    return {name for name in found if name is not None}


def adopted(session: Session, plan_id: UUID) -> dict[str, UUID]:
    """Return the charging site of each place of a plan, where the plan is adopted."""
    return {row[0]: row[1] for row in session.execute(_ADOPTED, {"plan_id": plan_id})}


def placed(session: Session, x: float, y: float, srid: int, day: date) -> tuple[float, float, UUID | None]:
    """Return longitude, latitude (WGS 84) and community of a point in a metric CRS."""
    row = session.execute(_PLACED, {"x": x, "y": y, "srid": srid, "day": day}).one()
    return float(row[0]), float(row[1]), row[2]


def limits(session: Session) -> list[Limit]:
    """Return who acts next in each state and how long, by state and day."""
    found = session.scalars(
        select(ChargingWorkLimit).order_by(ChargingWorkLimit.state, ChargingWorkLimit.valid_from)
    )
    return [Limit(one.state, one.valid_from, one.responsible, one.days) for one in found]


def limit_rows(session: Session) -> list[ChargingWorkLimit]:
    """Return the rows of limits by state and day."""
    return list(
        session.scalars(
            select(ChargingWorkLimit).order_by(ChargingWorkLimit.state, ChargingWorkLimit.valid_from)
        )
    )


def insert_limit(session: Session, columns: Mapping[str, Any]) -> bool:
    """Store a limit; False where one of the same day stands."""
    stands = session.get(ChargingWorkLimit, (columns["state"], columns["valid_from"]))
    if stands is None:
        session.execute(insert(ChargingWorkLimit).values(**columns))
    return stands is None


def delete_limit(session: Session, state: str, day: date) -> bool:
    """Delete a limit that begins on a day; False where there is none."""
    wanted = delete(ChargingWorkLimit).where(
        ChargingWorkLimit.state == state, ChargingWorkLimit.valid_from == day
    )
    return session.execute(wanted.returning(ChargingWorkLimit.state)).first() is not None


def late(session: Session, day: date) -> Sequence[Any]:
    """Return the works whose day is past: `work_id`, `head_seq`, `responsible`, `name`, `due_on`."""
    return session.execute(_LATE, {"day": day}).all()
