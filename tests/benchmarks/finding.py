"""Heat of a million violations, as inspections found them and as their cases stand, over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import text

from tests.benchmarks.people import People
from tests.benchmarks.warming import KINDS, middle
from tests.benchmarks.wire import Line

ITEMS = 60
# A fourth of the cases tell where and when somebody was; each four are what was found there.
_LAY = f"""
CREATE TEMPORARY TABLE numbered AS SELECT row_number() OVER () - 1 AS n, case_id FROM server."case";
CREATE INDEX ON numbered (n);
INSERT INTO server.inspection (inspection_id, checklist_version, community_id, geom, user_id, content_sha256,
       received_at, answers, h3_7, h3_8, h3_9, h3_10)
SELECT c.case_id, (SELECT min(version) FROM server.checklist_version), c.community_id, c.geom,
       (SELECT user_id FROM server."user" LIMIT 1), '', c.reported_at, '{{}}', c.h3_7, c.h3_8, c.h3_9, c.h3_10
  FROM numbered JOIN server."case" c USING (case_id) WHERE n % 4 = 0;
INSERT INTO server.violation (violation_id, inspection_id, item_code, category, severity, case_id)
SELECT gen_random_uuid(), i.case_id, 'item_' || f.n % {ITEMS}, c.category, c.severity, c.case_id
  FROM numbered f JOIN server."case" c USING (case_id) JOIN numbered i ON i.n = f.n - f.n % 4;
ANALYZE server.inspection, server.violation;
"""
_LARGEST = text("SELECT unit_code FROM server.service_contract GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")
Figures = Mapping[str, float]


def lay(cursor: Any) -> None:
    """Lay what inspections found of all cases there are; the session's triggers are off."""
    cursor.execute(_LAY)


def found_over_http(people: People) -> Figures:
    """Ask for violations of an item, of open cases, and of what a company serves, one question at a time."""
    with people.database.snapshot() as session:
        unit = str(session.scalar(_LARGEST))
    with Line(people.url, people.desk) as line, Line(people.url, people.company(unit)) as company:
        return {
            "heat.item_ms": _slowest(line, "item=item_7"),
            "heat.standing_ms": _slowest(line, "metric=open"),
            "heat.company_ms": _slowest(company, ""),
        }


def _slowest(line: Line, asked: str) -> float:
    return max(middle(line, [f"what=violations&by={kind}&{asked}".rstrip("&")]) for kind in KINDS)
