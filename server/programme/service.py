"""Loading the county: everything that a fresh installation needs before anybody signs in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

import orjson
from sqlalchemy import exists, select, text
from sqlalchemy.orm import Session

from geo.tables import County
from server.auth import audit
from server.papers.prefixes import load_prefixes
from server.programme import county, demo
from server.programme.sync import rule_id
from server.programme.tables import CategoryRule, ChecklistVersion
from sync import changes
from sync.entity import Travelling

Tell = Callable[[str], None]


def load_county(session: Session, *, with_demo: bool | None, seed: int, now: datetime, tell: Tell) -> None:
    """Load the county's facts, any number of times; what the county has changed stays.

    Args:
        with_demo: draw demo places; None draws them only when the county is loaded for the first time.
        seed: what the demo places are drawn from.
        tell: is given one line for each part.
    """
    fresh = not session.scalar(select(exists().where(County.adcode.is_not(None))))
    _load_facts(session, now, tell)
    wanted = fresh if with_demo is None else with_demo
    if wanted and demo.has_demo_places(session):
        tell("demo places were drawn before; they stay as they are")
    elif wanted:
        demo.load_demo(session, seed, tell)
    audit.write(session, None, "county.load", "county", county.plan()["programme"]["county_adcode"], {}, now)


def _load_facts(session: Session, now: datetime, tell: Tell) -> None:
    tell(f"{county.load_divisions(session)} divisions")
    units = county.load_units(session)
    tell(f"{len(units)} units")
    tell(f"{load_prefixes(session)} prefixes of document numbers")
    tell(f"{len(county.load_measures(session))} measures")
    categories = [one.code for one in county.load_categories(session)]
    tell(f"{len(categories)} categories")
    years = [str(year) for year in county.load_calendar(session)]
    tell(f"work calendar {years[0]} to {years[-1]}")
    tell(f"{len(county.load_checklists(session, now))} checklists")
    publish(session, "unit", units)
    publish(session, "category", categories)
    publish(session, "rule", [rule_id(row) for row in session.scalars(select(CategoryRule))])
    publish(session, "calendar", years)
    publish(session, "checklist", session.scalars(select(ChecklistVersion.version)))


def publish(session: Session, entity: str, ids: Iterable[str]) -> None:
    """Tell the tablets of those records that are new or differ from what they were told last."""
    travelling: Travelling = session.info["travelling"]
    session.flush()
    wires = travelling[entity].load(session, list(ids))
    told = session.execute(
        text(
            "SELECT s.entity_id, s.body, EXISTS (SELECT FROM sync.bucket_entry b WHERE b.alive"
            " AND (b.entity, b.entity_id) = (s.entity, s.entity_id)) AS alive"
            " FROM sync.entity_state s WHERE s.entity = :entity"
        ),
        {"entity": entity},
    )
    known = {row.entity_id: (row.body, row.alive) for row in told}
    changed = [
        wire
        for wire in wires
        if known.get(wire.entity_id) != (orjson.loads(orjson.dumps(wire.data)), bool(wire.buckets))
    ]
    changes.put(session, entity, changed)
