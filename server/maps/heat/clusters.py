"""Clusters: cases or violations close together (DBSCAN), found by a job and kept with what was asked."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import TextClause, select, text
from sqlalchemy.orm import Session

from geo.tables import County
from server.auth.actor import Actor
from server.communities import service as communities
from server.maps.heat.asking import HeatFilter
from server.maps.heat.service import RIGHT
from server.sheets import service as sheets
from server.sheets.service import Progress

KIND = "heat-clusters"
MOST = 200
_LOOKED_THROUGH = 200


def find(
    session: Session,
    wanted: HeatFilter,
    radius_m: float,
    least: int,
    *,
    actor: Actor,
    now: datetime,
    tell: Progress,
) -> dict[str, Any]:
    """Return the largest clusters, how many records lie in clusters, and how many in none (`noise`).

    A violation lies where its inspection was, and is open while its case is.

    Distances are metres of the county's metric CRS. Positions that stand for an unknown place are left out:
    they would be the largest cluster of all.

    Args:
        least: how many records, itself included, lie within `radius_m` of one in the core of a cluster.
        tell: hears how many steps of two are done.
    """
    tell(0, 2)
    rows = (
        session.execute(_sql(wanted.what), _bound(session, wanted, radius_m, least, actor, now))
        .mappings()
        .all()
    )
    tell(1, 2)
    items = [dict(row) for row in rows if row["cluster"] is not None]
    noise = sum(row["cases"] for row in rows if row["cluster"] is None)
    numbered = [{**item, "cluster": number} for number, item in enumerate(items[:MOST], start=1)]
    tell(2, 2)
    return {
        "items": numbered,
        "clustered": sum(item["cases"] for item in items),
        "noise": noise,
        "left_off": len(items) - len(numbered),
    }


def last(session: Session, *, actor: Actor) -> dict[str, Any]:
    """Return the clusters that this person's last finished question found, with that question."""
    tasks = sheets.newest(session, KIND, _LOOKED_THROUGH, actor=actor)
    done = next((task for task in tasks if task.state == "done"), None)
    if done is None:
        nothing = dict.fromkeys(("task_id", "finished_at", "asked", "clustered", "noise", "left_off"))
        return {**nothing, "items": []}
    finished = done.finished_at.isoformat() if done.finished_at else None
    return {"task_id": str(done.task_id), "finished_at": finished, "asked": done.asked, **done.answer}


@cache
def _sql(what: str) -> TextClause:
    whole, chosen = (
        Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8")
        for name in ("clusters", f"clusters_{what}")
    )
    return text(whole.format(chosen=chosen))


def _bound(
    session: Session, wanted: HeatFilter, radius_m: float, least: int, actor: Actor, now: datetime
) -> dict[str, Any]:
    seen = communities.reach_of(session, actor, RIGHT, now)
    return {
        **seen.parameters(),
        **wanted.parameters(),
        "severities": list(wanted.asked.severities),
        "standings": list(wanted.asked.standings),
        "srid": session.scalars(select(County.metric_srid).limit(1)).one_or_none() or 4548,
        "radius_m": radius_m,
        "least": least,
    }
