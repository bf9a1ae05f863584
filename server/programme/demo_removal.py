"""Taking the demo places away: all of it while nothing real hangs on them, else only from view."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal

from sqlalchemy import text
from sqlalchemy.orm import Session

from server.auth import audit
from server.communities.service import local_day
from server.programme.demo import has_demo_places
from server.programme.errors import NoDemoPlaces

Removal = Literal["emptied", "retired"]

_REAL_RECORDS = """
SELECT EXISTS (SELECT FROM geo.community c WHERE c.origin <> 'demo' AND (
    EXISTS (SELECT FROM server."case" r WHERE r.community_id = c.community_id)
    OR EXISTS (SELECT FROM server.inspection r WHERE r.community_id = c.community_id)))
"""


def planned(session: Session) -> Removal:
    """Return what `remove` would do now.

    Raises:
        NoDemoPlaces: none were ever loaded, or they were emptied.
    """
    if not has_demo_places(session):
        raise NoDemoPlaces
    return "retired" if session.execute(text(_REAL_RECORDS)).scalar_one() else "emptied"


def remove(session: Session, now: datetime) -> Removal:
    """Remove the demo places as the owner of the tables; return what was done.

    While every inspection and case lies in a demo place, records, places and demo people are deleted and
    case numbers begin anew. Afterwards the places end today, hidden from lists, maps and tablets, and the
    cases stay.

    Raises:
        NoDemoPlaces: none were ever loaded, or they were emptied.
    """
    session.execute(text('LOCK TABLE server."case", server.inspection IN ACCESS EXCLUSIVE MODE'))
    what = planned(session)
    statements = _sql("demo_empty" if what == "emptied" else "demo_retire")
    session.execute(text(statements), {"day": local_day(now), "now": now} if what == "retired" else {})
    audit.write(session, None, "demo.remove", "county", "demo", {"result": what}, now)
    return what


def _sql(name: str) -> str:
    return Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8")
