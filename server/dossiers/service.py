"""The use case of the sheet: what the county knows of one community, on a page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy.orm import Session

from server.auth.actor import Actor
from server.auth.rules import reach
from server.communities import service as communities
from server.dossiers import queries
from server.ledger.figures.definitions import FIGURES
from server.ledger.terms import local_day

EXPORT = "community-sheet"
CASES = "/api/v1/cases"
_FIGURE = {"open": "open", "overdue": "open_late", "closed": "closed"}


def sheet(session: Session, community_id: UUID, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return everything on the sheet of a community; each count of cases with the address that lists them.

    Raises:
        NotYours: the role reads no sheets. NotFound: the community lies beyond the person's reach.
    """
    reach(actor, "communities.sheet")
    place = communities.community(session, actor, str(community_id), now)
    told = queries.sheet(session, community_id, local_day(now), now)
    return {
        "community": place,
        **{name: told[name] for name in ("parts", "contract", "built", "facilities", "sites", "buildings")},
        "inspections": [{**one, "at": _utc(one["at"])} for one in told["inspections"]],
        "measures": [_measure(community_id, one) for one in told["measures"]],
        "made_at": now.astimezone(UTC).isoformat(),
    }


def _measure(community_id: UUID, one: Mapping[str, Any]) -> dict[str, Any]:
    counts = {name: _number(community_id, one, name) for name in _FIGURE}
    return {**{name: one[name] for name in ("measure", "title_zh", "title_en")}, **counts}


def _number(community_id: UUID, one: Mapping[str, Any], name: str) -> dict[str, Any]:
    figure = FIGURES[_FIGURE[name]].name
    asked = {"community_id": str(community_id), "measure": one["measure"], "figure": figure}
    return {"cases": one[name], "list": f"{CASES}?{urlencode(asked)}"}


def _utc(at: str) -> str:
    return datetime.fromisoformat(at).astimezone(UTC).isoformat()
