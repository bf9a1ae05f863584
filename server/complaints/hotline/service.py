"""Use cases of work orders: listing, looking at one, commands, a case out of one, the draft of its reply."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.auth import audit
from server.auth.actor import Actor
from server.auth.rules import Reach, reach
from server.communities.errors import UnknownCommunity
from server.communities.queries import communities_by_id
from server.communities.reading import fault, unreadable
from server.communities.territory import NOWHERE
from server.complaints.hotline import drafting, lifecycle, match_queries, queries, setting_queries, view
from server.complaints.hotline.errors import OrderMovedOn, OrderStateForbids, UnknownOrder
from server.complaints.hotline.limits import local_day, rules_of, yellow_between
from server.complaints.hotline.tables import Desk, Row
from server.ledger.service import visible_case_ids
from server.problems import NotYours

LIST, WORK, SET = "hotline.list", "hotline.work", "hotline.set"
# What workers are asked for, by the kind of task.
TABLE, IMPORT, EXPORT = "hotline-table", "hotline-import", "hotline-export"


def desk_of(actor: Actor, action: str) -> Desk:
    """Return whose orders a person may see or work on.

    Raises:
        NotYours: the role has nothing to do with the hotline.
    """
    right = reach(actor, action)
    if right is Reach.COUNTY:
        return Desk()
    if right in (Reach.SUBDISTRICT, Reach.NEIGHBOURHOOD):
        return Desk(division=actor.division_code or NOWHERE)
    return Desk(unit=actor.unit_code)


def orders(
    session: Session,
    filters: Mapping[str, Any],
    *,
    sort: str,
    after: tuple[str, str] | None,
    limit: int,
    actor: Actor,
    now: datetime,
) -> list[dict[str, Any]]:
    """Return the orders within reach that pass the filters, without their callers.

    Raises:
        NotYours: the role has nothing to do with the hotline.
    """
    desk = desk_of(actor, LIST)
    found = queries.orders(session, desk, filters, sort=sort, after=after, limit=limit, now=now)
    return [view.line(row) for row in found]


def show(session: Session, order_id: UUID, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return one order with its caller, editions, history, cases and the commands that may be given now.

    Raises:
        UnknownOrder: there is none within reach.
    """
    row = seen(session, order_id, desk_of(actor, LIST), now)
    ids = queries.linked_cases(session, order_id)
    cases = match_queries.cases_in_short(session, ids)
    visible = visible_case_ids(session, actor, ids, now)
    may = _may_work(session, order_id, actor, now)
    return {
        **view.line(row),
        "caller": queries.caller(session, order_id),
        "cases_linked": [view.case(cases[one]) for one in ids if one in visible],
        "history": [view.entry(one) for one in queries.history(session, order_id)],
        "editions": [view.edition(one) for one in queries.editions(session, order_id)],
        "commands": lifecycle.possible(row["state"], now, row["return_due_at"]) if may else [],
    }


def obey(
    session: Session,
    order_id: UUID,
    command: str,
    base_version: int,
    data: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
) -> dict[str, Any]:
    """Carry out one command on an order and return the order as it then stands.

    Raises:
        UnknownOrder: there is none within reach.
        OrderMovedOn, OrderStateForbids: it was changed since, or its state or clock does not allow this.
        InvalidInput: the data cannot be read.
    """
    row = locked(session, order_id, base_version, actor, now)
    facts = lifecycle.facts_of(command, data)
    steps = lifecycle.steps(row["state"], command)
    lifecycle.check_times(command, facts, row, local_day(now), now)
    facts |= _checked(session, row, command, facts, actor, now)
    write(session, row, [(*one, facts if one[0] == command else {}) for one in steps], actor, now)
    return show(session, order_id, actor=actor, now=now)


def draft(session: Session, order_id: UUID, *, actor: Actor, now: datetime) -> str:
    """Return the reply that the history of the order's cases allows now.

    Raises:
        UnknownOrder: there is none within reach.
    """
    row = seen(session, order_id, desk_of(actor, LIST), now)
    wordings = setting_queries.wordings(session, local_day(now))
    return drafting.draft(row, queries.case_words(session, order_id), wordings)


def wordings(session: Session, *, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """Return the sentences of replies in force, with the names that each may fill in.

    Raises:
        NotYours: the role has nothing to do with the hotline.
    """
    reach(actor, LIST)
    found = setting_queries.wordings(session, local_day(now))
    return [
        {"stage": stage, "wording": wording, "names": sorted(drafting.NAMES[stage])}
        for stage, wording in sorted(found.items())
    ]


def set_wording(
    session: Session, stage: str, wording: str, source: str, *, actor: Actor, now: datetime
) -> list[dict[str, Any]]:
    """Let a sentence of replies hold from today on.

    Raises:
        NotYours: the role sets no sentences.
        InvalidInput: the stage is unknown, or the sentence could not be filled in.
        OrderStateForbids: a sentence of today or later stands.
    """
    reach(actor, SET)
    if stage not in drafting.NAMES:
        raise unreadable([fault("/stage", "is no stage of a reply", "不是有效的答复阶段")])
    drafting.check_wording(stage, wording)
    day = local_day(now)
    if setting_queries.wording_since(session, stage) >= day:
        raise OrderStateForbids("A sentence was set today already.", "今日已设置过该语句，请明日再改。")
    setting_queries.set_wording(session, stage, wording, source, day)
    audit.write(session, actor, SET, "hotline_text", stage, {"wording": wording}, now)
    return wordings(session, actor=actor, now=now)


def locked(session: Session, order_id: UUID, base_version: int, actor: Actor, now: datetime) -> Row:
    """Return an order that the actor may work on, locked, as it was seen.

    Raises:
        UnknownOrder, OrderMovedOn: there is none within reach; it was changed since.
    """
    queries.lock(session, order_id)
    row = seen(session, order_id, desk_of(actor, WORK), now)
    if row["version"] != base_version:
        raise OrderMovedOn(row["version"])
    return row


def write(
    session: Session,
    row: Row,
    entries: list[tuple[str, str, str, dict[str, Any]]],
    actor: Actor,
    now: datetime,
) -> None:
    """Write entries of one order, one after the other, and note them in the audit trail."""
    for at, (command, from_state, to_state, facts) in enumerate(entries, start=1):
        told = {
            "order_id": str(row["order_id"]),
            "seq": row["version"] + at,
            "command": command,
            "from_state": from_state,
            "to_state": to_state,
            "facts": {**facts, **audit.behalf(actor)},
            "imported": False,
        }
        queries.write(session, [told], actor.user_id, now)
        audit.write(session, actor, command, "hotline_order", row["order_id"], {"seq": told["seq"]}, now)


def seen(session: Session, order_id: UUID, desk: Desk, now: datetime) -> Row:
    """Return an order of a desk.

    Raises:
        UnknownOrder: the desk has no such order.
    """
    found = queries.orders(session, desk, {"order_id": order_id}, limit=1, now=now)
    if not found:
        raise UnknownOrder
    return found[0]


def _may_work(session: Session, order_id: UUID, actor: Actor, now: datetime) -> bool:
    try:
        seen(session, order_id, desk_of(actor, WORK), now)
    except (NotYours, UnknownOrder):
        return False
    return True


def _checked(
    session: Session, row: Row, command: str, facts: Mapping[str, Any], actor: Actor, now: datetime
) -> dict[str, Any]:
    """Return what the history keeps beside what was sent; refuse what names something out of reach."""
    if command == "hotline.place":
        check_place(session, UUID(facts["community_id"]), actor, now)
    if command in ("hotline.link", "hotline.unlink"):
        _check_link(session, row, command, UUID(facts["case_id"]), actor, now)
    if command == "hotline.redo":
        rules = rules_of(setting_queries.rules(session, local_day(now)))
        return {"yellow_at": yellow_between(now, datetime.fromisoformat(facts["due_at"]), rules).isoformat()}
    return {}


def check_place(session: Session, community_id: UUID, actor: Actor, now: datetime) -> None:
    """Refuse a community that does not exist, or where the actor's desk has nothing to do.

    Raises:
        UnknownCommunity, NotYours: there is none; it is another desk's.
    """
    found = communities_by_id(session, [community_id], local_day(now)).get(community_id)
    if found is None:
        raise UnknownCommunity(community_id)
    if not desk_of(actor, WORK).covers(found.neighbourhood_code, actor.unit_code):
        raise NotYours("The community belongs to another desk.", "该小区不在您的范围内。")


def _check_link(session: Session, row: Row, command: str, case_id: UUID, actor: Actor, now: datetime) -> None:
    tied = case_id in queries.linked_cases(session, row["order_id"])
    if tied == (command == "hotline.link"):
        raise OrderStateForbids(
            "The case is tied to the order already." if tied else "The case is not tied to the order.",
            "案卷已关联该工单。" if tied else "案卷未关联该工单。",
        )
    if command == "hotline.link" and case_id not in visible_case_ids(session, actor, [case_id], now):
        raise unreadable([fault("/data/case_id", "is no case within your reach", "您的范围内没有该案卷")])
