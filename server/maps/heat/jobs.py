"""What workers do for heat: hexagons of what came without, folding, and the nightly proof of the counts."""

from __future__ import annotations

from typing import Any

import structlog
from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.hexagons import RESOLUTIONS, hexagons
from server.ledger.sheets.jobs import owner_of
from server.maps.heat import clusters, placeholders, service
from server.maps.heat.asking import from_json
from server.sheets.files import SheetFiles
from server.sheets.service import Came, Progress
from server.sheets.tables import SheetTask
from server.work import Work

log = structlog.get_logger()

PICTURE = "heat-picture"
CLUSTERS = clusters.KIND
FOLD_EVERY_S = 60
PROVE_EVERY_S = 86_400
PLACEHOLDERS_EVERY_S = 3_600
AT_ONCE = 5_000

_COLUMNS = [f"h3_{resolution}" for resolution in RESOLUTIONS]
_MISSING = """
SELECT r.{key}, ST_X(p.at), ST_Y(p.at) FROM server.{table} r JOIN geo.community m USING (community_id)
  CROSS JOIN LATERAL (SELECT coalesce(r.geom, ST_PointOnSurface(m.geom)) AS at) p
 WHERE r.h3_10 IS NULL ORDER BY r.{key} LIMIT :most FOR NO KEY UPDATE OF r SKIP LOCKED
"""
_FILL = """
UPDATE server.{table} r SET {sets} FROM unnest(CAST(:ids AS uuid[]), {arrays}) AS f (id, {columns})
 WHERE r.{key} = f.id
"""
_TABLES = (('"case"', "case_id"), ("inspection", "inspection_id"))


def fold(work: Work) -> int:
    """Give hexagons to what came without and fold all deltas, in short transactions; return how many."""
    for table, key in _TABLES:
        while (
            _in_turn(work, lambda session, table=table, key=key: fill_hexagons(session, table, key))
            == AT_ONCE
        ):
            pass
    folded = 0
    while (more := _in_turn(work, fold_deltas)) == AT_ONCE:
        folded += more
    return folded + more


def fill_hexagons(session: Session, table: str, key: str) -> int:
    """Give records their hexagons, those of their community where their own position is unknown."""
    rows = session.execute(text(_MISSING.format(table=table, key=key)), {"most": AT_ONCE}).all()
    if not rows:
        return 0
    found = [hexagons(row[1], row[2]) for row in rows]
    bound: dict[str, Any] = {name: [one[name] for one in found] for name in _COLUMNS}
    filled = _FILL.format(
        table=table,
        key=key,
        sets=", ".join(f"{name} = f.{name}" for name in _COLUMNS),
        arrays=", ".join(f"CAST(:{name} AS bigint[])" for name in _COLUMNS),
        columns=", ".join(_COLUMNS),
    )
    session.execute(text(filled), {"ids": [str(row[0]) for row in rows], **bound})
    return len(rows)


def fold_deltas(session: Session) -> int:
    """Add the oldest deltas to the kept counts; return how many."""
    found: int = session.execute(text("SELECT server.fold_heat(:most)"), {"most": AT_ONCE}).scalar_one()
    return found


def prove(work: Work) -> int:
    """Count everything anew; wrong counts are replaced and logged. Return how many were wrong."""
    with work.database.open() as session:
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        wrong: int = session.execute(text("SELECT server.rebuild_heat()")).scalar_one()
        session.commit()
    if wrong:
        log.error("heat counts were wrong and are replaced", counts=wrong)
    return wrong


def find_placeholders(work: Work) -> int:
    """Look for positions that no real place explains; return how many there are."""
    with work.database.transaction() as session:
        return len(placeholders.find(session, work.now))


def draw_picture(work: Work, task: SheetTask, tell: Progress) -> Came:
    """Draw the map that somebody asked for, within that person's reach."""
    from server.maps.heat import picture  # web processes load no matplotlib

    wanted = from_json(task.asked["filter"])
    with work.database.snapshot() as session:
        actor = owner_of(session, task)
        heat = service.heat(session, wanted, actor=actor, now=work.now, outlines=True)
    tell(0, 1)
    picture.draw(
        SheetFiles(work.settings).made(task.task_id), heat, task.asked["title"], task.asked["language"]
    )
    return Came({"rows": len(heat.places), "file": True})


def find_clusters(work: Work, task: SheetTask, tell: Progress) -> Came:
    """Look for clusters among the cases or violations of somebody's question, within that person's reach."""
    wanted = from_json(task.asked["filter"])
    with work.database.snapshot() as session:
        actor = owner_of(session, task)
        found = clusters.find(
            session,
            wanted,
            task.asked["radius_m"],
            task.asked["least"],
            actor=actor,
            now=work.now,
            tell=tell,
        )
    return Came(found)


def _in_turn(work: Work, step: Any) -> int:
    with work.database.transaction() as session:
        done: int = step(session)
    return done


# What the workers do here, by the kind of task.
SHEETS = {PICTURE: draw_picture, CLUSTERS: find_clusters}
