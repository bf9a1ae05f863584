"""Open cases whose grid cell ended move to the cell that came of it; their histories tell it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from server.ledger import history, queries, wires
from server.ledger.history import SYSTEM, Head
from server.ledger.plan import Plan
from server.ledger.terms import local_day

# Where the case lies, else the nearest; without a position where most of its community lies.
_BOUND_FOR = text("""
SELECT c.case_id, c.head_seq, c.head_hash, c.version, c.state, c.level,
       (SELECT g.code::text FROM geo.grid_cell g
          LEFT JOIN geo.community_cell k ON k.grid_cell_code = g.code AND k.community_id = c.community_id
         WHERE g.code = ANY(CAST(:heirs AS text[]))
         ORDER BY coalesce(ST_Distance(g.geom, c.geom), 0),
                  CASE WHEN c.geom IS NULL THEN -coalesce(k.area_m2, 0) END, g.code LIMIT 1) AS code
  FROM server."case" c
 WHERE c.grid_cell_code = ANY(CAST(:codes AS text[])) AND c.ended_at IS NULL
 ORDER BY c.case_id FOR UPDATE OF c
""")
_MOVE = text(
    'UPDATE server."case" c SET grid_cell_code = m.code'
    " FROM unnest(CAST(:ids AS uuid[]), CAST(:codes AS text[])) AS m (case_id, code)"
    " WHERE c.case_id = m.case_id"
)
_LEFT_BEHIND = text(
    'SELECT DISTINCT c.grid_cell_code::text FROM server."case" c'
    " JOIN geo.grid_cell g ON g.code = c.grid_cell_code AND g.valid_to <= :day"
    " JOIN geo.cell_lineage l ON c.grid_cell_code IN (l.predecessor, l.successor)"
    " WHERE c.ended_at IS NULL ORDER BY 1"
)


def move_cases(
    session: Session, codes: Sequence[str], heirs: Sequence[str], *, why: str, now: datetime
) -> dict[UUID, str]:
    """Move the open cases of these cells to the heir they lie in, and tell the tablets; return case → cell.

    Args:
        why: `split`, `merge` or `undo`, as the history shows it.
    """
    found = session.execute(_BOUND_FOR, {"codes": list(codes), "heirs": list(heirs)}).all()
    if not found:
        return {}
    plan = Plan()
    for row in found:
        facts = {"grid_cell": row.code, "why": why}
        head = Head(*row[:6])
        entry = history.write(
            head, "case.move_cell", head.state, author=SYSTEM, at=now, salt=b"", facts=facts
        )
        plan.add(entry)
    queries.store_plan(session, plan)
    moved = {row.case_id: str(row.code) for row in found}
    session.execute(_MOVE, {"ids": [str(one) for one in moved], "codes": list(moved.values())})
    wires.tell(session, list(moved))
    return moved


def left_behind(session: Session, now: datetime) -> list[str]:
    """Return the ended cells of which something came and in which open cases still stand.

    Work that was under way when a cell ended and cases that are opened again come to stand there.
    """
    return list(session.scalars(_LEFT_BEHIND, {"day": local_day(now)}))
