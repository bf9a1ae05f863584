"""The complaint that a worker is to look at, as his tablet holds it: a task, without who complained."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.complaints import queries, view
from server.ledger.wires import communities_as_they_travel
from server.photos import service as photos
from sync import changes
from sync.entity import Wire, user_bucket

KIND = "verify_complaint"
_SHOWN = (
    *("complaint_id", "number", "version", "community_id", "community_name", "grid_cell_code", "channel"),
    *("category", "category_zh", "category_en", "description", "location", "received_at", "verify_due_at"),
)


def load_tasks(session: Session, ids: Sequence[str]) -> list[Wire]:
    """Return the task to look at each complaint, in its verifier's bucket while he is asked, else in none."""
    rows = queries.verified_on_site(session, [UUID(one) for one in ids])
    asked = {UUID(row["community_id"]) for row in rows if row["state"] == "verifying"}
    communities = communities_as_they_travel(session, asked)
    shown = photos.photos_of(session, "complaint", [view.id_of(row) for row in rows])
    evidence = photos.evidence(session, "complaint", list(shown))
    return [
        Wire(
            row["complaint_id"],
            row["version"],
            frozenset([user_bucket(UUID(row["verifier_id"]))] if row["state"] == "verifying" else []),
            {
                "kind": KIND,
                "complaint": _told(view.as_json(row, evidence[view.id_of(row)])),
                "community": communities.get(row["community_id"]),
                "photos": [photo.as_json() for photo in shown[view.id_of(row)]],
            },
        )
        for row in rows
    ]


def tasks_in(session: Session, community_ids: Sequence[str]) -> list[str]:
    """Return the ids of the complaints in these communities at which somebody is to look."""
    return [str(one) for one in queries.verifying_in(session, [UUID(one) for one in community_ids])]


def tell(session: Session, ids: Collection[UUID]) -> None:
    """Tell the tablets of those who were asked how these complaints now stand."""
    changes.put(session, "task", load_tasks(session, [str(one) for one in ids]))


def _told(shown: Mapping[str, Any]) -> dict[str, Any]:
    return {name: shown[name] for name in _SHOWN}
