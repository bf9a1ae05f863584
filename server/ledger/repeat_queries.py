"""SQL about closed cases that a new violation may repeat."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from server.ledger.findings import FoundViolation
from server.ledger.history import Head
from server.ledger.repeats import ClosedCase
from sync.fixed import Fixed

# A tablet waits for it: the case named, the last one closed on the asset, the last one of the community.
# Nobody can mend a case anew whose unit was closed meanwhile: it has no unit here.
_CLOSED = Fixed(
    "SELECT DISTINCT c.case_id, c.community_id, c.category, c.asset, c.closed_at,"
    " (SELECT u.code FROM server.unit u WHERE u.code = c.unit_code AND u.closed_on IS NULL),"
    " c.limit_amount, c.limit_unit FROM unnest(CAST(:communities AS uuid[]), CAST(:categories AS text[]),"
    " CAST(:assets AS text[]), CAST(:named AS uuid[])) AS f (community_id, category, asset, named)"
    " CROSS JOIN LATERAL ("
    " (SELECT * FROM server.\"case\" k WHERE k.case_id = f.named AND k.state = 'closed')"
    " UNION ALL (SELECT * FROM server.\"case\" k WHERE k.state = 'closed'"
    " AND k.community_id = f.community_id AND k.category = f.category"
    " AND k.asset = f.asset ORDER BY k.closed_at DESC LIMIT 1)"
    " UNION ALL (SELECT * FROM server.\"case\" k WHERE k.state = 'closed'"
    " AND k.community_id = f.community_id AND k.category = f.category"
    " ORDER BY k.closed_at DESC LIMIT 1)) AS c"
)
_HEADS = Fixed(
    'SELECT case_id, head_seq, head_hash, version, state, level FROM server."case"'
    " WHERE case_id = ANY(CAST(:ids AS uuid[])) AND (ended_at IS NULL OR state = 'closed')"
    " ORDER BY case_id FOR UPDATE"
)


def closed_near(session: Session, violations: Sequence[FoundViolation]) -> list[ClosedCase]:
    """Return the closed cases that these violations may repeat; a fixed number of index look-ups for each."""
    wanted = {
        "communities": [str(found.community_id) for found in violations],
        "categories": [found.category for found in violations],
        "assets": [found.asset for found in violations],
        "named": [str(found.joins) if found.joins else None for found in violations],
    }
    return [ClosedCase(*row) for row in _CLOSED.rows(session, wanted)]


def heads_for_update(session: Session, ids: Collection[UUID]) -> dict[UUID, Head]:
    """Return the heads of those cases that are open or closed, locked in the order of their ids."""
    rows = _HEADS.rows(session, {"ids": [str(one) for one in ids]})
    return {row[0]: Head(row[0], row[1], bytes(row[2]) if row[2] else None, *row[3:]) for row in rows}
