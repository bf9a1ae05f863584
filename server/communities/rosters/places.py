"""Communities by roster: what is known of those that stand, and new ones from a position or an outline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import uuid6
from geoalchemy2.shape import from_shape
from shapely.geometry import MultiPolygon, Point
from sqlalchemy.orm import Session

from geo.queries import fill_community_cells
from geo.tables import SRID, Community
from server.communities.rosters import queries
from server.communities.rosters.ground import Ground
from server.communities.rosters.outcome import By, Outcome, community_of, fitting, repeated
from server.communities.rosters.serving import Serving
from server.communities.service import local_day
from server.sheets.rows import CheckedRow
from sync import changes

FACTS = ("households", "kind", "built_year", "warranty_until", "pilot")
PLACED = {"lon", "lat", "outline"}
MOST_HOUSEHOLDS = 100_000


def take(session: Session, rows: Sequence[CheckedRow], by: By) -> Outcome:
    """Make or change the communities that rows name; an empty cell changes nothing."""
    homes = queries.communities(session, local_day(by.now))
    ground = Ground(session, [home for some in homes.values() for home, _ in some])
    serving = Serving(session, local_day(by.now))
    outcome, touched, moved = Outcome(), [], []
    repeated(rows, "community", "neighbourhood")
    for row in rows:
        _check(row)
        place = ground.place(row)
        if PLACED & row.values.keys() and not fitting(row, homes):
            made = _found(session, row, place, ground, serving, by)
            if made is not None:
                outcome.created += 1
                touched.append(made)
                moved.append(made)
            continue
        home = community_of(row, homes)
        if home is None:
            continue
        serving.agree(row, home.community_id)
        differs = {**_facts(row, home), **_drawn(row, home, place, ground)}
        if row.faults:
            continue
        if not differs:
            outcome.unchanged += 1
            continue
        _change(session, home, differs, by)
        outcome.changed += 1
        touched.append(home.community_id)
        moved += [home.community_id] if "geom" in differs else []
    session.flush()
    fill_community_cells(session, moved)
    changes.append(session, "community", touched)
    return outcome


def _check(row: CheckedRow) -> None:
    households, built = row.values.get("households"), row.values.get("built_year")
    if "pilot" in row.values:
        row.values["pilot"] = row.values["pilot"] == "yes"
    if households is not None and not 0 <= households <= MOST_HOUSEHOLDS:
        row.wrong("households", f"must be from 0 to {MOST_HOUSEHOLDS}", f"应为 0 至 {MOST_HOUSEHOLDS}")
    if built is not None and not 1900 <= built <= 2100:
        row.wrong("built_year", "must be from 1900 to 2100", "应为 1900 至 2100")


def _facts(row: CheckedRow, home: Community) -> dict[str, Any]:
    told = {name: row.values[name] for name in FACTS if name in row.values}
    return {name: value for name, value in told.items() if getattr(home, name) != value}


def _drawn(
    row: CheckedRow, home: Community, place: Point | MultiPolygon | None, ground: Ground
) -> dict[str, Any]:
    """Return the outline that a row draws anew; a mere position must lie in the one that stands."""
    stands = ground.outline_of(home.community_id)
    if isinstance(place, Point) and not stands.covers(place):
        row.wrong("lon", "lies outside this community's outline", "不在该小区边界内")
    if not isinstance(place, MultiPolygon) or (place.equals(stands) and not home.provisional_outline):
        return {}
    outline = ground.outline(row, place, home.community_id)
    if outline is None or row.faults:
        return {}
    ground.settle(home.community_id, home.name, outline)
    return {"geom": from_shape(outline, SRID), "provisional_outline": False}


def _change(session: Session, home: Community, differs: dict[str, Any], by: By) -> None:
    for name, value in differs.items():
        setattr(home, name, value)
    home.version += 1
    told = {name: value for name, value in differs.items() if name != "geom"}
    by.note(session, "roster.communities", "community", home.community_id, **_plain(told))


def _found(
    session: Session,
    row: CheckedRow,
    place: Point | MultiPolygon | None,
    ground: Ground,
    serving: Serving,
    by: By,
) -> UUID | None:
    """Return the id of a community that was made, None when the row is faulty."""
    neighbourhood, told = ground.neighbourhood(row), row.values
    if "kind" not in told:
        row.wrong("kind", "is needed for a new community", "新小区须填写小区类型")
    outline = ground.outline(row, place) if place is not None else None
    contract = serving.contract(row)
    if row.faults or outline is None or neighbourhood is None:
        return None
    facts = {name: told[name] for name in FACTS if name in told}
    made = Community(
        community_id=UUID(int=uuid6.uuid7().int),
        name=told["community"],
        neighbourhood_code=neighbourhood,
        geom=from_shape(outline, SRID),
        provisional_outline=isinstance(place, Point),
        version=1,
        origin="surveyed",
        valid_from=local_day(by.now),
        **{"households": 0, **facts},
    )
    session.add(made)
    session.flush()
    ground.settle(made.community_id, made.name, outline)
    if contract is not None:
        serving.store(session, made.community_id, contract)
    by.note(
        session,
        "roster.communities",
        "community",
        made.community_id,
        name=made.name,
        neighbourhood=neighbourhood,
        **_plain(facts),
    )
    return made.community_id


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in facts.items()}
