"""Cases and checkers' tasks as tablets hold them, and the buckets they stand in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.ledger import lists
from server.ledger.queries import cells_of_communities, checks_due_in, named_otherwise
from server.ledger.view import CaseView
from server.photos import service as photos
from server.photos.claims import Evidence, EvidencePhoto, evidence_shown
from sync import changes
from sync.entity import Wire, cell_bucket, unit_bucket, user_bucket


def load_cases(session: Session, ids: Sequence[str]) -> list[Wire]:
    """Return cases as they are now, in the buckets of their cell and of the responsible unit."""
    found = lists.views(session, [UUID(case_id) for case_id in ids])
    return _case_wires(session, found, _evidence(session, found))


def load_tasks(session: Session, ids: Sequence[str]) -> list[Wire]:
    """Return the task to check or verify each case, in that person's bucket while it is due, else in none."""
    found = lists.views(session, [UUID(case_id) for case_id in ids])
    shown = photos.photos_of(session, "case", [case.case_id for case in found])
    return _task_wires(session, found, _evidence(session, found), shown)


def tasks_in(session: Session, community_ids: Sequence[str]) -> list[str]:
    """Return the ids of the checkers' tasks that are due in these communities."""
    return [str(one) for one in checks_due_in(session, [UUID(one) for one in community_ids])]


def cases_in(session: Session, community_ids: Sequence[str]) -> list[str]:
    """Return the ids of the cases that tablets hold under another name of these communities."""
    return [str(one) for one in named_otherwise(session, [UUID(one) for one in community_ids])]


@dataclass(frozen=True, slots=True)
class Told:
    """What the tablets were told: cases in the order of their ids; their photos as far as they were read."""

    cases: Sequence[CaseView] = ()
    photos: Mapping[UUID, list[EvidencePhoto]] = field(default_factory=dict)


def tell(session: Session, ids: Collection[UUID], mid_of: dict[UUID, UUID] | None = None) -> Told:
    """Tell the tablets how these cases and their tasks now stand; return what they were told.

    `mid_of` names the work that caused it.
    """
    if not ids:
        return Told()
    session.flush()
    found = lists.views(session, ids)
    tasked = [case for case in found if case.checker_id is not None or case.verifier_id is not None]
    # One case is shown in full afterwards; of many only the tasks show photos.
    read = found if len(found) == 1 else tasked
    shown = photos.photos_of(session, "case", [case.case_id for case in read])
    unread = [case.case_id for case in found if case.case_id not in shown]
    evidence = photos.evidence(session, "case", unread)
    evidence |= {case_id: evidence_shown(some) for case_id, some in shown.items()}
    mids = mid_of or {}
    wires = [
        replace(wire, mid=mids.get(UUID(wire.entity_id))) for wire in _case_wires(session, found, evidence)
    ]
    changes.put_both(session, ("case", wires), ("task", _task_wires(session, tasked, evidence, shown)))
    return Told(found, shown)


def _evidence(session: Session, found: Sequence[CaseView]) -> dict[UUID, Evidence]:
    return photos.evidence(session, "case", [case.case_id for case in found])


def _case_wires(session: Session, found: Sequence[CaseView], evidence: Mapping[UUID, Evidence]) -> list[Wire]:
    nowhere = {case.community_id for case in found if case.grid_cell_code is None}
    cells = cells_of_communities(session, nowhere) if nowhere else {}
    return [
        Wire(
            str(case.case_id),
            case.version,
            _buckets(case, cells.get(case.community_id, [])),
            case.wire(evidence[case.case_id]),
        )
        for case in found
    ]


def _buckets(case: CaseView, cells: Sequence[str]) -> frozenset[str]:
    places = [case.grid_cell_code] if case.grid_cell_code else cells
    departments = [task["unit"] for task in case.departments if task["state"] == "open"]
    units = [unit_bucket(code) for code in (case.unit_code, *departments) if code]
    return frozenset([*(cell_bucket(code) for code in places), *units])


def _task_wires(
    session: Session,
    found: Sequence[CaseView],
    evidence: Mapping[UUID, Evidence],
    shown: Mapping[UUID, Sequence[EvidencePhoto]],
) -> list[Wire]:
    due = {case.case_id: task for case in found if (task := _task_of(case))}
    communities = communities_as_they_travel(
        session, {case.community_id for case in found if case.case_id in due}
    )
    return [
        Wire(
            str(case.case_id),
            case.version,
            frozenset([user_bucket(due[case.case_id][1])] if case.case_id in due else []),
            {
                "kind": due[case.case_id][0] if case.case_id in due else "check",
                "case": case.wire(evidence[case.case_id]),
                "community": communities.get(str(case.community_id)),
                "photos": [photo.as_json() for photo in shown[case.case_id]],
            },
        )
        for case in found
    ]


def _task_of(case: CaseView) -> tuple[str, UUID] | None:
    """Return what somebody has to do about a case on site, and who: look at a report, or check."""
    if case.state == "checking" and case.checker_id is not None:
        return "check", case.checker_id
    if case.state == "verifying" and case.verifier_id is not None:
        return "verify", case.verifier_id
    return None


def communities_as_they_travel(session: Session, ids: Collection[UUID]) -> dict[str, Any]:
    """Return communities as they travel, so that a checker can work outside his own cells."""
    travelling = session.info.get("travelling", {})
    if not ids or "community" not in travelling:
        return {}
    wires = travelling["community"].load(session, sorted(str(one) for one in ids))
    return {wire.entity_id: wire.data for wire in wires}
