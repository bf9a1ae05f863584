"""Use cases of votes: drafting, the commands on the way to the decision, reading them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import uuid6
from sqlalchemy.orm import Session

from server.auth import audit, rules
from server.auth.actor import Actor
from server.communities.queries import communities_by_id
from server.communities.reading import fault, unreadable
from server.communities.service import local_day, reach_of
from server.communities.territory import Territory
from server.governance import counting, lifecycle, queries, reading, view
from server.governance.errors import NoVoteRule
from server.governance.notices import tell
from server.governance.rules import rule_for
from server.papers import service as papers
from server.papers import words
from server.problems import NotFound, NotYours

LIST = "votes.list"


def listed(
    session: Session,
    filters: Mapping[str, Any],
    after: tuple[str, str] | None,
    limit: int,
    *,
    actor: Actor,
    now: datetime,
) -> list[dict[str, Any]]:
    """Return the votes within reach that pass the filters, the newest first.

    Raises:
        NotYours: the role sees no votes.
    """
    territory = reach_of(session, actor, LIST, now)
    return [view.line(row) for row in queries.votes(session, territory, filters, after, limit)]


def seen(session: Session, vote_id: UUID, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return the row of a vote that the actor may see.

    Raises:
        NotFound: there is none, or it lies outside the actor's reach.
    """
    territory = reach_of(session, actor, LIST, now)
    rows = queries.votes(session, territory, {"vote_id": vote_id}, None, 1)
    if not rows:
        raise NotFound("There is no such vote within your reach.", "您的范围内没有该表决。")
    return rows[0]


def show(session: Session, vote_id: UUID, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return one vote with its progress, objections, history and the commands the caller may give.

    Raises:
        NotFound: there is none, or it lies outside the caller's reach.
    """
    row = seen(session, vote_id, actor, now)
    past = queries.history(session, vote_id)
    may = [
        command
        for command in lifecycle.NEXT[row["state"]]
        if command != "vote.register" and _may(session, actor, command, row, now)
    ]
    return {
        **view.line(row),
        "ballots": queries.progress(session, vote_id),
        "objections": view.objections([entry for entry, *_ in past]),
        "history": [view.step(entry, name, absent) for entry, name, absent in past],
        "commands": may,
        "may_register": row["state"] == "draft" and _may(session, actor, "vote.register", row, now),
        "may_enter": row["state"] == "open" and _may(session, actor, "vote.enter", row, now),
    }


def draft(
    session: Session, community_id: UUID, told: Mapping[str, Any], *, actor: Actor, now: datetime
) -> dict[str, Any]:
    """Draft a vote of a community's owners and return it.

    Raises:
        NotYours: the role may not. InvalidInput: a value cannot be read, or the community is none of theirs.
    """
    territory = reach_of(session, actor, "vote.draft", now)
    stated = reading.stated(told)
    found = communities_by_id(session, [community_id], local_day(now)).get(community_id)
    if found is None or not found.holds or not _covers(territory, found.neighbourhood_code):
        raise unreadable([fault("/community_id", "is no community within your reach", "不是您范围内的小区")])
    vote_id = UUID(int=uuid6.uuid7().int)
    queries.insert_vote(
        session, {**stated, "vote_id": vote_id, "community_id": community_id, "created_at": now}
    )
    write(session, vote_id, 1, "vote.draft", "", "draft", {}, actor, now)
    return show(session, vote_id, actor=actor, now=now)


def obey(
    session: Session,
    vote_id: UUID,
    *,
    command: str,
    base_version: int,
    data: Mapping[str, Any],
    actor: Actor,
    now: datetime,
) -> dict[str, Any]:
    """Carry out one command on a vote and return it as it then stands.

    Raises:
        NotFound, NotYours: outside the caller's reach, or not theirs to do.
        VoteStateForbids, VoteMovedOn, VoteNotNow, NoVoteRule, InvalidInput: not so.
    """
    row = of_hand(session, vote_id, command, actor, now)
    values = reading.read(command, data)
    vote = queries.facts(session, vote_id, lock=True)
    if command == "vote.open":
        values |= _rule_values(session, row, values["opens_on"])
    to_state = lifecycle.decide(vote, command, base_version, values, local_day(now))
    if command == "vote.answer":
        _check_objection(session, vote_id, values["objection"])
    if command == "vote.count":
        rule = queries.of_rule(session, row["rule_set"], row["form"], _rule_matter(row))
        values = counting.result_of(rule, queries.figures(session, vote_id))
    told = {name: value for name, value in values.items() if name != "by_area"}
    write(session, vote_id, vote.version + 1, command, vote.state, to_state, told, actor, now)
    if command == "vote.count":
        _draft_notice(session, row, values, now)
    tell(session, row, command, vote.version + 1, now)
    return show(session, vote_id, actor=actor, now=now)


def of_hand(session: Session, vote_id: UUID, command: str, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return the row of a vote on which the actor may give a command.

    Raises:
        NotFound: outside the actor's reach. NotYours: the role or its reach gives no right to the command.
    """
    row = seen(session, vote_id, actor, now)
    rules.reach(actor, command)
    if not _may(session, actor, command, row, now):
        raise NotYours("This community is another subdistrict's.", "该小区不在您的职责范围内。")
    return row


def write(
    session: Session,
    vote_id: UUID,
    seq: int,
    command: str,
    from_state: str,
    to_state: str,
    data: Mapping[str, Any],
    actor: Actor,
    now: datetime,
) -> None:
    """Add an entry to a vote's history, which moves it, and to the audit trail."""
    queries.insert_entry(
        session,
        {
            "vote_id": vote_id,
            "seq": seq,
            "command": command,
            "from_state": from_state,
            "to_state": to_state,
            "actor_id": actor.user_id,
            "actor_unit": actor.unit_code,
            "recorded_at": now,
            "data": {**data, **audit.behalf(actor)},
        },
    )
    audit.write(session, actor, command, "vote", vote_id, {"seq": seq}, now)


def outcome_of(session: Session, vote_id: UUID) -> dict[str, Any] | None:
    """Return community, form, subject, state and outcome of a vote for rooms that plan by it; None: no such.

    `outcome` is None until the vote is counted.
    """
    rows = queries.votes(session, Territory(None), {"vote_id": vote_id}, None, 1)
    if not rows:
        return None
    told = view.line(rows[0])
    return {name: told[name] for name in ("community_id", "form", "subject", "state", "outcome")}


def rule_lines(session: Session) -> list[dict[str, Any]]:
    """Return every rule with its validity and source."""
    return [
        {
            **{
                name: getattr(one, name)
                for name in ("rule_set", "form", "matter", "base", "by_area", "source", "approval_strict")
            },
            "quorum": _fraction(one.quorum_numerator, one.quorum_denominator),
            "approval": _fraction(one.approval_numerator, one.approval_denominator),
            "valid_from": one.valid_from.isoformat(),
            "valid_to": one.valid_to.isoformat() if one.valid_to else None,
        }
        for one in queries.rule_sources(session)
    ]


def _fraction(numerator: int | None, denominator: int | None) -> str | None:
    return None if numerator is None else f"{numerator}/{denominator}"


def _covers(territory: Territory, neighbourhood_code: str) -> bool:
    nowhere = territory.unit is not None or territory.cells is not None
    return not nowhere and neighbourhood_code.startswith(territory.division or "")


def _may(session: Session, actor: Actor, command: str, row: Mapping[str, Any], now: datetime) -> bool:
    try:
        territory = reach_of(session, actor, command, now)
    except NotYours:
        return False
    return _covers(territory, row["neighbourhood_code"])


def _rule_matter(row: Mapping[str, Any]) -> str:
    return "any" if row["form"] == "poll" else str(row["matter"])


def _rule_values(session: Session, row: Mapping[str, Any], opens_on: str) -> dict[str, Any]:
    found = rule_for(queries.rules(session), row["form"], row["matter"], date.fromisoformat(opens_on))
    if found is None:
        raise NoVoteRule(row["matter"], opens_on)
    return {"rule_set": found.rule_set, "rule_matter": found.matter, "by_area": found.by_area}


def _check_objection(session: Session, vote_id: UUID, objection: int) -> None:
    known: Sequence[dict[str, Any]] = view.objections([e for e, *_ in queries.history(session, vote_id)])
    if not any(one["objection"] == objection and one["answer"] is None for one in known):
        raise unreadable([fault("/data/objection", "is no open objection", "没有该条待答复的异议")])


def _draft_notice(session: Session, row: Mapping[str, Any], result: Mapping[str, Any], now: datetime) -> None:
    """Draft the notice in the name of the street; where no unit answers for the place there is none."""
    if row["street"] is None:
        return
    rule = queries.of_rule(session, row["rule_set"], row["form"], _rule_matter(row))
    period = f"{words.day(row['opens_on'])}至{words.day(row['closes_on'])}"
    fields = counting.notice(
        rule, result, community=row["community_name"], subject=row["subject"], period=period
    )
    paper_id = papers.draft_apart(
        session, "vote_notice", body=row["street"], to_unit=None, fields=fields, now=now
    )
    queries.insert_paper(session, row["vote_id"], paper_id)
