"""Use cases of charging works: the steps of measure 14, reading them, and who is late."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.auth import audit, rules
from server.auth.actor import Actor
from server.auth.rules import Reach
from server.communities.reading import fault, unreadable
from server.communities.service import local_day, reach_of
from server.communities.territory import NOWHERE, Territory
from server.governance.service import outcome_of
from server.photos import service as photos
from server.photos.claims import Claim
from server.problems import NotFound, NotYours
from server.siting.works import drafting, lifecycle, queries, reading, view
from server.siting.works.errors import VoteUnusable
from server.siting.works.notices import tell
from server.siting.works.rules import Turn, own_step, promised_on, turn
from sync import changes

LIST = "charging_works.list"
TAKEN = "work.take_up"
COUNTED = frozenset(("counted", "published", "decided"))
SITE = "charging_site"


def listed(
    session: Session,
    filters: Mapping[str, Any],
    after: tuple[str, str] | None,
    limit: int | None,
    *,
    actor: Actor,
    now: datetime,
) -> list[dict[str, Any]]:
    """Return the works within reach that pass the filters, the newest first; see `queries.works`.

    Raises:
        NotYours: the role sees no works.
    """
    territory = reach_of(session, actor, LIST, now)
    return [view.line(row) for row in queries.works(session, territory, filters, after, limit)]


def of_ids(session: Session, ids: Sequence[UUID], *, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """Return these works within reach, the newest first."""
    return listed(session, {"ids": ids}, None, None, actor=actor, now=now)


def progress(
    session: Session, by: str, filters: Mapping[str, Any], *, actor: Actor, now: datetime
) -> list[dict[str, Any]]:
    """Return by place or unit how many works stand in each state, how many are late, and ports in service.

    Raises:
        NotYours: the role sees no works.
    """
    territory = reach_of(session, actor, LIST, now)
    found: dict[str, dict[str, Any]] = {}
    for key, name, state, count, late, ports in queries.progress(session, territory, filters, by):
        one = found.setdefault(
            str(key), {"key": key and str(key), "name": name, "states": {}, "works": 0, "late": 0, "ports": 0}
        )
        one["states"][state] = count
        one["works"] += count
        one["late"] += late
        one["ports"] += ports if state == "in_service" else 0
    return list(found.values())


def show(session: Session, work_id: UUID, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return one work with its steps, papers, photos, history and the commands the caller may give.

    Raises:
        NotFound: there is none, or it lies outside the caller's reach.
    """
    row = _seen(session, [work_id], actor, now)[0]
    past = queries.entries(session, [work_id])
    shown = photos.photos_of(session, SITE, [row["site_id"]])[row["site_id"]]
    statuses = queries.statuses(session, row["site_id"])
    return {
        **view.line(row),
        "steps": view.steps(past),
        "papers": [{**one, "paper_id": str(one["paper_id"])} for one in queries.papers(session, work_id)],
        "photos": [one.as_json() for one in shown],
        "statuses": [{"status": status, "since": since.isoformat()} for status, since in statuses],
        "history": view.history(past),
        "commands": [c for c in lifecycle.NEXT[row["state"]] if _may(actor, c, row)],
    }


def begin(session: Session, work_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Write the first entry of a work that was stored; whose turn it is hears of it."""
    [row] = queries.works(session, Territory(local_day(now)), {"ids": [work_id]}, None, 1)
    whose = turn(queries.limits(session), "planned", row["street"], local_day(now), None)
    _write(session, row, TAKEN, "", "planned", {}, whose, actor, now)


def obey(
    session: Session,
    orders: Sequence[tuple[UUID, int]],
    *,
    command: str,
    data: Mapping[str, Any],
    actor: Actor,
    now: datetime,
) -> list[UUID]:
    """Carry out one command on works, on all of them or on none; return their ids.

    One joint meeting, one fire opinion or one letter covers many sites and makes one paper.

    Args:
        orders: each work with the version that was seen.

    Raises:
        NotFound, NotYours: outside the caller's reach, or not theirs to do.
        WorkStateForbids, WorkMovedOn, VoteUnusable, InvalidInput: not so.
    """
    values = reading.read(command, data)
    versions = dict(orders)
    queries.lock(session, list(versions))
    rows = _seen(session, list(versions), actor, now)
    _check_together(command, rows)
    claimed = values.pop("photos", [])
    limits, past = queries.limits(session), _past(session, list(versions))
    seqs = {}
    for row in rows:
        if not _may(actor, command, row):
            rules.reach(actor, command)
            raise NotYours("This step is another unit's.", "该步骤由其他单位办理。")
        to_state = lifecycle.decide(row["state"], row["version"], command, versions[row["work_id"]], values)
        _check_vote(session, command, row, values)
        promised = _promised(command, to_state, values, past[row["work_id"]])
        whose = turn(limits, to_state, row["street"], local_day(now), promised)
        if command in lifecycle.FACTS:
            whose = Turn(row["responsible"], row["due_on"])
        seqs[row["work_id"]] = _write(
            session, row, command, row["state"], to_state, values, whose, actor, now
        )
        photos.claim_all(
            session,
            [Claim(SITE, row["site_id"], replace(one, context=command)) for one in claimed],
            user_id=actor.user_id,
            now=now,
        )
    drafting.draft(session, command, rows, seqs, values, actor=actor, now=now)
    return [row["work_id"] for row in rows]


def _write(
    session: Session,
    row: Mapping[str, Any],
    command: str,
    from_state: str,
    to_state: str,
    data: Mapping[str, Any],
    whose: Turn,
    actor: Actor,
    now: datetime,
) -> int:
    """Add an entry, which moves the work and its site; tell who is concerned; return its number."""
    seq: int = row["version"] + 1
    queries.insert_entry(
        session,
        {
            "work_id": row["work_id"],
            "seq": seq,
            "command": command,
            "from_state": from_state,
            "to_state": to_state,
            "actor_id": actor.user_id,
            "actor_unit": actor.unit_code,
            "recorded_at": now,
            "responsible": whose.responsible,
            "due_on": whose.due_on,
            "data": dict(data),
        },
    )
    changes.append(session, SITE, [row["site_id"]])
    audit.write(session, actor, command, "charging_work", row["work_id"], {"seq": seq}, now)
    tell(session, row, command, seq, to_state, whose, now)
    return seq


def _seen(session: Session, ids: Sequence[UUID], actor: Actor, now: datetime) -> list[dict[str, Any]]:
    territory = reach_of(session, actor, LIST, now)
    rows = queries.works(session, territory, {"ids": ids}, None, None)
    if len(rows) != len(set(ids)):
        raise NotFound("There is no such work within your reach.", "您的范围内没有该点位的办理记录。")
    return rows


def _may(actor: Actor, command: str, row: Mapping[str, Any]) -> bool:
    """Return whether the actor's right to a step reaches a work: by place, or as their unit's own."""
    try:
        scope = rules.reach(actor, command)
    except NotYours:
        return False
    if scope is Reach.COUNTY:
        return True
    if scope is Reach.UNIT:
        return own_step(command, actor.unit_code)
    return bool(row["neighbourhood_code"].startswith(actor.division_code or NOWHERE))


def _check_together(command: str, rows: Sequence[Mapping[str, Any]]) -> None:
    streets = {row["street"] for row in rows}
    communities = {row["community_id"] for row in rows}
    if command == "work.consult" and len(communities) > 1:
        zh = "一次表决只涉及一个小区的点位"
        raise unreadable([fault("/works", "a vote is of one community's sites", zh)])
    if len(streets) > 1:
        zh = "一次办理的点位须属于同一街道"
        raise unreadable([fault("/works", "must lie in one subdistrict", zh)])


def _check_vote(session: Session, command: str, row: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    if command != "work.consult" or values["vote_id"] is None:
        return
    vote = outcome_of(session, UUID(values["vote_id"]))
    if vote is None or vote["community_id"] != str(row["community_id"]) or vote["state"] not in COUNTED:
        raise VoteUnusable


def _past(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[lifecycle.Step]]:
    found: dict[UUID, list[lifecycle.Step]] = {one: [] for one in ids}
    for entry, _ in queries.entries(session, ids):
        found[entry.work_id].append(view.step_of(entry))
    return found


def _promised(
    command: str, to_state: str, values: Mapping[str, Any], past: Sequence[lifecycle.Step]
) -> date | None:
    """Return the day until which building shall be done; a return into building finds the last promise."""
    if to_state != "building":
        return None
    if values.get("expected_on"):
        return date.fromisoformat(values["expected_on"])
    return promised_on([step.data for step in past if step.command in {"work.begin", "work.extend"}])
