"""What an order is proposed to be about, and a case opened from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import uuid6
from sqlalchemy.orm import Session

from server.auth.actor import Actor
from server.auth.rules import reach
from server.complaints.hotline import lifecycle, match_queries, queries, service, setting_queries, view
from server.complaints.hotline.covering import covered
from server.complaints.hotline.limits import local_day
from server.complaints.hotline.matching import Ranked, rank_cases, rank_categories, rank_communities
from server.ledger import service as ledger
from server.ledger import wires
from server.ledger.findings import FoundViolation
from server.ledger.history import Author
from server.ledger.onsite import Asked, grounds_of
from server.ledger.rulebook import rulebook_of, severity_of

LOOKED_AT = 500


def proposals(session: Session, order_id: UUID, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return the communities, categories and open cases that an order may be about, each ranked with reasons.

    An order that was placed already is proposed that community alone.

    Raises:
        UnknownOrder: there is none within reach.
    """
    desk = service.desk_of(actor, service.LIST)
    row = service.seen(session, order_id, desk, now)
    words = f"{row['title']} {row['content']}"
    places = match_queries.place_names(session, desk.division, local_day(now))
    communities = rank_communities(row["address"], words, places)
    if row["community_id"] is not None:
        communities = [Ranked(row["community_id"], 1.0, ("placed",))]
    known = rulebook_of(session, now).pairs
    categories = [
        one
        for one in rank_categories(words, setting_queries.keywords(session, local_day(now)))
        if one.key in known
    ]
    names = {place.community_id: place.name for place in places}
    return {
        "communities": [
            {**_as_json(one, "community_id"), "name": names.get(one.key, row["community_name"] or "")}
            for one in communities
        ],
        "categories": [_as_json(one, "category") for one in categories],
        "cases": _cases(session, row, communities, categories, actor, now),
    }


def open_case(
    session: Session, order_id: UUID, given: Mapping[str, Any], *, actor: Actor, now: datetime
) -> dict[str, Any]:
    """Open a case from an order and tie it to the order; the caller is named nowhere in it.

    The case waits to be verified or filed. Where an open case of the same place takes it in, the order is
    tied to that one.

    Args:
        given: `base_version`, `community_id`, `category`, and `severity` and `description` where wanted.

    Raises:
        UnknownOrder, OrderMovedOn, OrderStateForbids: as for any command.
        NotYours: the role opens no cases, or not there.
        UnknownCommunity, UnknownCategory: there is none in force.
    """
    reach(actor, "case.report")
    row = service.locked(session, order_id, given["base_version"], actor, now)
    steps = lifecycle.steps(row["state"], "hotline.link")
    community_id = given["community_id"]
    service.check_place(session, community_id, actor, now)
    case_id = _open(session, row, given, actor, now)
    entries: list[tuple[str, str, str, dict[str, Any]]] = []
    state = row["state"]
    if row["community_id"] != community_id:
        entries.append(("hotline.place", state, state, {"community_id": str(community_id)}))
    if case_id not in queries.linked_cases(session, order_id):
        told = {"case_id": str(case_id)}
        entries += [(*one, told if one[0] == "hotline.link" else {}) for one in steps]
    service.write(session, row, entries, actor, now)
    return service.show(session, order_id, actor=actor, now=now)


def _open(
    session: Session, row: Mapping[str, Any], given: Mapping[str, Any], actor: Actor, now: datetime
) -> UUID:
    caller = queries.caller(session, row["order_id"]) or {"name": "", "phone": ""}
    description = covered(given["description"] or row["content"], caller["name"], caller["phone"])
    facts, cells = grounds_of(session, [Asked(given["community_id"], None, None)], now)
    found = FoundViolation(
        case_id=UUID(int=uuid6.uuid7().int),
        source="hotline",
        category=given["category"],
        severity=severity_of(session, given["category"], given["severity"], now),
        community_id=given["community_id"],
        grid_cell_code=cells[0],
        description=description[:2000],
        reporter=Author(actor.user_id, actor.unit_code, actor.stands_for),
        found_at=row["called_at"],
    )
    [opened], _ = ledger.open_cases(session, [found], facts, now=now)
    wires.tell(session, [opened.case_id])
    return opened.case_id


def _cases(
    session: Session,
    row: Mapping[str, Any],
    communities: Sequence[Ranked],
    categories: Sequence[Ranked],
    actor: Actor,
    now: datetime,
) -> list[dict[str, Any]]:
    places, kinds = ({one.key: one.score for one in found} for found in (communities, categories))
    near = match_queries.open_cases(session, list(places), LOOKED_AT)
    tied = set(queries.linked_cases(session, row["order_id"]))
    visible = ledger.visible_case_ids(session, actor, [one.case_id for one in near], now) - tied
    ranked = rank_cases(row["called_at"], [one for one in near if one.case_id in visible], places, kinds)
    known = match_queries.cases_in_short(session, [one.key for one in ranked])
    return [{**view.case(known[one.key]), **_as_json(one, "case_id")} for one in ranked]


def _as_json(one: Ranked, key: str) -> dict[str, Any]:
    return {key: str(one.key), "score": one.score, "reasons": list(one.reasons)}
