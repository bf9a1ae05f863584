"""All SQL about earlier sightings and about what follows beside violations."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

import orjson
from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from geo.tables import Community
from server.inspections.outcomes import Outcome
from server.inspections.sightings import Sighting
from server.inspections.tables import FindingOutcome
from server.ledger.tables import Case
from sync.fixed import Fixed

_FIRST_SEEN = Fixed(Path(__file__).with_name("first_seen.sql").read_text(encoding="utf-8"))
_SETTLE = Fixed(
    "SELECT * FROM server.settle_tasks(CAST(:communities AS uuid[]), CAST(:checklists AS text[]),"
    " CAST(:items AS text[]), CAST(:inspections AS uuid[]))"
)
_NAMED_OTHERWISE = text("""
SELECT s.entity_id FROM server.inspection i JOIN geo.community m USING (community_id)
  JOIN sync.entity_state s ON s.entity = 'inspection' AND s.entity_id = i.inspection_id::text
 WHERE i.community_id = ANY(CAST(:ids AS uuid[])) AND s.body ->> 'community_name' <> m.name
   AND EXISTS (SELECT FROM sync.bucket_entry b
                WHERE (b.entity, b.entity_id) = (s.entity, s.entity_id) AND b.alive)
 ORDER BY s.entity_id
""")
_COLUMNS = [getattr(FindingOutcome, field.name) for field in fields(Outcome)]


def first_seen(
    session: Session, sightings: Sequence[tuple[UUID, Sighting]], since: datetime
) -> dict[int, date]:
    """Return, by place in the list, the local day on which each thing was first seen so in its community."""
    found = [one for _, one in sightings]
    rows = _FIRST_SEEN.rows(
        session,
        {
            "communities": [str(community_id) for community_id, _ in sightings],
            "groups": [one.group for one in found],
            "flags": [one.flag for one in found],
            "values": [orjson.dumps(one.value).decode() for one in found],
            "names": [one.name for one in found],
            "things": [one.thing for one in found],
            "since": since,
        },
    )
    return dict(rows)


def store(session: Session, outcomes: Sequence[Outcome]) -> None:
    """Store what followed, in one statement."""
    if outcomes:
        session.execute(insert(FindingOutcome), [asdict(one) for one in outcomes])


def settle(session: Session, asked: Sequence[tuple[UUID, str, str, UUID]]) -> list[UUID]:
    """End the open tasks whose question was asked again; return which ended.

    Args:
        asked: community, checklist, item at the top of the checklist, and the inspection that asks.
    """
    if not asked:
        return []
    communities, checklists, items, inspections = zip(*asked, strict=True)
    return _SETTLE.column(
        session,
        {
            "communities": [str(one) for one in communities],
            "checklists": list(checklists),
            "items": list(items),
            "inspections": [str(one) for one in inspections],
        },
    )


def tasks(session: Session, ids: Collection[UUID]) -> list[tuple[Outcome, str]]:
    """Return those of these ids that are tasks, each with the name of its community."""
    wanted = (
        select(*_COLUMNS, Community.name)
        .join(Community, Community.community_id == FindingOutcome.community_id)
        .where(FindingOutcome.outcome_id.in_(ids), FindingOutcome.kind == "task")
        .order_by(FindingOutcome.outcome_id)
    )
    return [(Outcome(*row[:-1]), row[-1]) for row in session.execute(wanted)]


def open_tasks_in(session: Session, community_ids: Collection[UUID]) -> Sequence[UUID]:
    """Return the tasks in these communities that wait to be done."""
    wanted = select(FindingOutcome.outcome_id).where(
        FindingOutcome.community_id.in_(community_ids),
        FindingOutcome.kind == "task",
        FindingOutcome.settled_by.is_(None),
    )
    return session.scalars(wanted.order_by(FindingOutcome.outcome_id)).all()


def named_otherwise(session: Session, community_ids: Sequence[str]) -> list[str]:
    """Return the inspections that tablets hold under another name of these communities."""
    return list(session.scalars(_NAMED_OTHERWISE, {"ids": list(community_ids)}))


def of_inspection(session: Session, inspection_id: UUID) -> list[Outcome]:
    """Return what followed from one inspection, in order."""
    wanted = select(*_COLUMNS).where(FindingOutcome.inspection_id == inspection_id)
    return [Outcome(*row) for row in session.execute(wanted.order_by(FindingOutcome.outcome_id))]


def only_open_cases(
    session: Session, community_ids: Collection[UUID], measures: Collection[int]
) -> Mapping[UUID, UUID]:
    """Return for each community its only open case under these measures; none where there are several."""
    wanted = select(Case.community_id, Case.case_id).where(
        Case.community_id.in_(community_ids), Case.measure.in_(measures), Case.ended_at.is_(None)
    )
    found: dict[UUID, list[UUID]] = {}
    for community_id, case_id in session.execute(wanted):
        found.setdefault(community_id, []).append(case_id)
    return {community_id: cases[0] for community_id, cases in found.items() if len(cases) == 1}


def open_cases(session: Session, ids: Collection[UUID]) -> set[UUID]:
    """Return those of these cases that stand open."""
    return set(session.scalars(select(Case.case_id).where(Case.case_id.in_(ids), Case.ended_at.is_(None))))
