"""A page far inside a collection costs what the first one costs."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from server.communities.territory import Territory
from server.maps.ogc import queries
from server.maps.ogc.asking import asked_of
from server.paging import cursor_of
from server.wiring import LAYERS
from tests.build import NOW, County, a_community_in
from tests.integration.maps.ogc.test_desktop import FACILITIES

MANY = 60_000
LAYER = LAYERS["facilities"]


def _blocks(session: Session, given: dict[str, str]) -> int:
    """Return how many blocks PostgreSQL reads for a page."""
    asked = asked_of(given, LAYER, queries.kinds_of(session, LAYER))
    page = queries.statement(LAYER, asked.condition, asked.crs)
    values = {**Territory(NOW.date()).parameters(), **asked.values, "limit": asked.limit, "sources": []}
    plan: Any = session.execute(
        text(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {page.text}"), values
    ).scalar_one()
    top = plan[0]["Plan"]
    return int(top["Shared Hit Blocks"]) + int(top["Shared Read Blocks"])


def test_a_page_far_in_reads_no_more_than_the_first(county: County) -> None:
    with county.owner() as session:
        session.execute(text(FACILITIES), {"community": a_community_in(session), "many": MANY})
    with county.owner() as session:
        session.execute(text("ANALYZE geo.facility"))

    with county.transaction() as session:
        far = session.execute(
            text("SELECT facility_id FROM geo.facility ORDER BY facility_id OFFSET :far LIMIT 1"),
            {"far": MANY - 1000},
        ).scalar_one()
        first = _blocks(session, {"limit": "100"})
        later = _blocks(session, {"limit": "100", "cursor": cursor_of([str(far), MANY])})

    assert later <= 2 * first
    assert later < 1000
