"""SQL about what the county sets for the hotline: numbers, words that tell a category, sentences."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import text
from sqlalchemy.orm import Session

from server.complaints.hotline.matching import Keyword


def rules(session: Session, day: date) -> dict[str, Decimal]:
    """Return the county's numbers in force on a day."""
    return {row[0]: row[1] for row in session.execute(text(_in_force("name, value", "rule")), {"day": day})}


def wordings(session: Session, day: date) -> dict[str, str]:
    """Return the sentence of each stage in force on a day."""
    return {
        row[0]: row[1] for row in session.execute(text(_in_force("stage, wording", "text")), {"day": day})
    }


def keywords(session: Session, day: date) -> list[Keyword]:
    """Return the words that tell a category, in force on a day."""
    rows = session.execute(text(_in_force("word, category, weight", "keyword")), {"day": day})
    return [Keyword(row[0], row[1], float(row[2])) for row in rows]


def set_wording(session: Session, stage: str, wording: str, source: str, day: date) -> None:
    """Let a sentence hold from a day on; the one before ends there."""
    given = {"stage": stage, "wording": wording, "source": source, "day": day}
    session.execute(
        text("UPDATE server.hotline_text SET valid_to = :day WHERE stage = :stage AND valid_to IS NULL"),
        given,
    )
    session.execute(
        text(
            "INSERT INTO server.hotline_text (stage, valid_from, wording, source)"
            " VALUES (:stage, :day, :wording, :source)"
        ),
        given,
    )


def wording_since(session: Session, stage: str) -> date:
    """Return since when the newest sentence of a stage holds."""
    sql = "SELECT max(valid_from) FROM server.hotline_text WHERE stage = :stage"
    found: date = session.scalars(text(sql), {"stage": stage}).one()
    return found


def _in_force(columns: str, what: str) -> str:
    table = f"server.hotline_{what}"
    return f"SELECT {columns} FROM {table} WHERE daterange(valid_from, valid_to) @> CAST(:day AS date)"
