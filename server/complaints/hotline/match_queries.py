"""SQL about what an order may be about."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from server.complaints.hotline.matching import OpenCase, PlaceName
from server.complaints.hotline.tables import Row


def cases_in_short(session: Session, ids: Collection[UUID]) -> dict[UUID, Row]:
    """Return what a list of cases shows."""
    sql = (
        "SELECT k.case_id, k.number, k.state, k.category, t.label_zh AS category_zh,"
        " t.label_en AS category_en, k.description, k.reported_at, k.community_id, c.name AS community_name"
        ' FROM server."case" k JOIN geo.community c USING (community_id)'
        " JOIN server.category t USING (category)"
        " WHERE k.case_id = ANY(CAST(:ids AS uuid[]))"
    )
    rows = session.execute(text(sql), {"ids": [str(one) for one in ids]}).mappings()
    return {row["case_id"]: dict(row) for row in rows}


def open_cases(session: Session, communities: Collection[UUID], limit: int) -> list[OpenCase]:
    """Return the newest cases of these communities that have not ended."""
    sql = (
        'SELECT case_id, community_id, category, reported_at FROM server."case" WHERE ended_at IS NULL'
        " AND community_id = ANY(CAST(:ids AS uuid[])) ORDER BY reported_at DESC, case_id LIMIT :limit"
    )
    rows = session.execute(text(sql), {"ids": [str(one) for one in communities], "limit": limit})
    return [OpenCase(*row) for row in rows]


def place_names(session: Session, division: str | None, day: date) -> list[PlaceName]:
    """Return the communities of a division that stand on a day."""
    sql = (
        "SELECT c.community_id, c.name, n.name_zh FROM geo.community c"
        " JOIN geo.neighbourhood n ON n.code = c.neighbourhood_code"
        " WHERE (c.valid_to IS NULL OR c.valid_to > :day)"
        " AND (CAST(:division AS text) IS NULL"
        " OR starts_with(c.neighbourhood_code::text, CAST(:division AS text)))"
    )
    return [PlaceName(*row) for row in session.execute(text(sql), {"division": division, "day": day})]
