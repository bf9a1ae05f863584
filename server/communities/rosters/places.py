"""What is known of communities by roster: households, kind, year, warranty."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from server.communities.rosters import queries
from server.communities.rosters.outcome import By, Outcome, community_of, repeated
from server.communities.service import local_day
from server.sheets.rows import CheckedRow
from sync import changes

FACTS = ("households", "kind", "built_year", "warranty_until")
MOST_HOUSEHOLDS = 100_000


def take(session: Session, rows: Sequence[CheckedRow], by: By) -> Outcome:
    """Change the communities that rows name; an empty cell changes nothing."""
    homes = queries.communities(session, local_day(by.now))
    outcome, touched = Outcome(), []
    repeated(rows, "community", "neighbourhood")
    for row in rows:
        _check(row)
        home = community_of(row, homes)
        if home is None or row.faults:
            continue
        told = {name: row.values[name] for name in FACTS if name in row.values}
        differs = {name: value for name, value in told.items() if getattr(home, name) != value}
        if not differs:
            outcome.unchanged += 1
            continue
        for name, value in differs.items():
            setattr(home, name, value)
        home.version += 1
        outcome.changed += 1
        touched.append(home.community_id)
        facts = {
            name: value.isoformat() if isinstance(value, date) else value for name, value in differs.items()
        }
        by.note(session, "roster.communities", "community", home.community_id, **facts)
    session.flush()
    changes.append(session, "community", touched)
    return outcome


def _check(row: CheckedRow) -> None:
    households, built = row.values.get("households"), row.values.get("built_year")
    if households is not None and not 0 <= households <= MOST_HOUSEHOLDS:
        row.wrong("households", f"must be from 0 to {MOST_HOUSEHOLDS}", f"应为 0 至 {MOST_HOUSEHOLDS}")
    if built is not None and not 1900 <= built <= 2100:
        row.wrong("built_year", "must be from 1900 to 2100", "应为 1900 至 2100")
