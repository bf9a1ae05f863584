"""Use cases of papers: drafting by hand, the commands on the way to the issue, reading them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import uuid6
from sqlalchemy.orm import Session

from server.auth import audit, rules
from server.auth.actor import Actor
from server.auth.errors import UnknownUnit
from server.auth.rules import Reach
from server.communities.reading import fault, unreadable
from server.communities.service import reach_of
from server.communities.territory import NOWHERE
from server.papers import drafts, lifecycle, queries, reading, templating, view
from server.papers.drafts import MOST_CASES, Draft
from server.papers.errors import PrefixMissing
from server.papers.lifecycle import PaperFacts
from server.problems import NotFound, NotYours

LIST = "papers.list"
TOLD = (*reading.COMMANDS, "paper.attach_scan")


def papers(
    session: Session,
    filters: Mapping[str, Any],
    after: tuple[str, str] | None,
    limit: int,
    *,
    actor: Actor,
    now: datetime,
) -> list[dict[str, Any]]:
    """Return the papers within reach that pass the filters, newest draft first, as JSON.

    Raises:
        NotYours: the role sees no papers.
    """
    territory = reach_of(session, actor, LIST, now)
    found = queries.papers(session, territory, actor.unit_code, filters, after, limit)
    return [view.line(row) for row in found]


def show(session: Session, paper_id: UUID, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return one paper with its fields, its history and the commands that the caller may give now.

    Raises:
        NotFound: there is none, or it lies outside the caller's reach.
    """
    row = seen(session, paper_id, actor, now)
    paper = queries.facts(session, paper_id)
    assert paper is not None
    commands = [
        command
        for command in lifecycle.orders(paper, actor.people)
        if command in TOLD and _may(session, actor, command, paper.body, paper.to_unit)
    ]
    return view.detail(row, paper, commands)


def seen(session: Session, paper_id: UUID, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return the line of a paper that the actor may see.

    Raises:
        NotFound: there is none, or it lies outside the actor's reach.
    """
    territory = reach_of(session, actor, LIST, now)
    rows = queries.papers(session, territory, actor.unit_code, {"paper_id": paper_id}, None, 1)
    if not rows:
        raise NotFound("There is no such paper within your reach.", "您的范围内没有该公文。")
    return rows[0]


def draft(
    session: Session,
    *,
    kind: str,
    numbers: Sequence[str],
    body: str | None,
    to_unit: str | None,
    fields: Mapping[str, Any],
    actor: Actor,
    now: datetime,
) -> dict[str, Any]:
    """Draft a paper about cases and return it.

    Args:
        body: who issues it; None: whom the kind asks for, the cases' subdistrict or headquarters.
        to_unit: to whom; None: the unit that has to mend the first case, or whom the kind asks for.
        fields: what differs from the draft that the cases give.

    Raises:
        NotYours: the role may not draft, or not for this body.
        InvalidInput: a number is no case within the caller's reach, or a field cannot be read.
        UnknownUnit: body or addressee is no unit.
    """
    territory = reach_of(session, actor, "paper.draft", now)
    found = queries.seen_cases(session, numbers, territory)
    wrong = [n for n in numbers if n not in found]
    if wrong or not numbers or len(numbers) > MOST_CASES:
        zh = f"您的范围内没有案卷 {'、'.join(wrong[:5])}" if wrong else f"须为 1 至 {MOST_CASES} 个案卷号"
        detail = f"no cases within your reach: {wrong[:5]}" if wrong else f"1 to {MOST_CASES} numbers"
        raise unreadable([fault("/cases", detail, zh)])
    for code in (body, to_unit):
        if code is not None and queries.unit(session, code) is None:
            raise UnknownUnit(code)
    changed = reading.read(kind, "paper.edit", {"fields": fields})["fields"] if fields else {}
    ids = [found[number] for number in dict.fromkeys(numbers)]
    made = drafts.draft(session, kind, ids, body=body, to_unit=to_unit, now=now)
    if not _may(session, actor, "paper.draft", made.body, None):
        raise NotYours("You may not draft for this body.", "您不能以该单位名义拟稿。")
    made.fields.update(changed)
    paper_id = store(session, made, [(case_id, None) for case_id in ids], actor=actor, now=now)
    return show(session, paper_id, actor=actor, now=now)


def draft_apart(
    session: Session,
    kind: str,
    *,
    body: str,
    to_unit: str | None,
    fields: Mapping[str, Any],
    now: datetime,
) -> UUID:
    """Draft a paper about no cases on behalf of the product itself; return its id.

    Args:
        fields: its fields by name, beside `from_name`, which the body gives; `to_name` where the addressee is
            no unit, else the addressee's.
    """
    names = queries.unit_names(session, [body, *([to_unit] if to_unit else ())])
    told = {"from_name": names[body], "to_name": names.get(to_unit or "", ""), "copies": "", **fields}
    return store(session, Draft(kind, body, to_unit, told), [], actor=None, now=now)


def store(
    session: Session,
    made: Draft,
    cases: Sequence[tuple[UUID, int | None]],
    *,
    actor: Actor | None,
    now: datetime,
) -> UUID:
    """Store a draft about cases, if any, each with the entry that caused it or None; return its id."""
    paper_id = UUID(int=uuid6.uuid7().int)
    columns = {
        "paper_id": paper_id,
        "kind": made.kind,
        "body": made.body,
        "to_unit": made.to_unit,
        "state": "draft",
        "head_seq": 0,
        "fields": made.fields,
        "drafted_at": now,
    }
    queries.insert_paper(session, columns, cases)
    _write(session, paper_id, 1, "paper.draft", "", "draft", {}, actor, now)
    return paper_id


def obey(
    session: Session,
    *,
    paper_id: UUID,
    command: str,
    base_version: int,
    data: Mapping[str, Any],
    actor: Actor,
    now: datetime,
) -> dict[str, Any]:
    """Carry out one command on a paper and return it as it then stands.

    Raises:
        NotFound, NotYours: outside the caller's reach, or not theirs to do.
        PaperStateForbids, PaperMovedOn, SamePerson, FieldsMissing, PrefixMissing, InvalidInput: not so.
    """
    paper = of_hand(session, paper_id, command, actor, now)
    values = reading.read(paper.kind, command, data)
    to_state = lifecycle.decide(paper, command, base_version, actor.people)
    if command == "paper.issue":
        if queries.prefix(session, paper.body, paper.kind) is None:
            raise PrefixMissing(paper.body, paper.kind)
        templating.in_force(session, paper.kind, now)
    _write(session, paper_id, paper.version + 1, command, paper.state, to_state, values, actor, now)
    return show(session, paper_id, actor=actor, now=now)


def fill_in(session: Session, paper: PaperFacts, fields: Mapping[str, Any], now: datetime) -> None:
    """Write fields into a draft, locked, on behalf of the product itself."""
    _write(
        session,
        paper.paper_id,
        paper.version + 1,
        "paper.edit",
        paper.state,
        paper.state,
        {"fields": dict(fields)},
        None,
        now,
    )


def attach_scan(
    session: Session, *, paper_id: UUID, told: Mapping[str, Any], actor: Actor, now: datetime
) -> dict[str, Any]:
    """Note a sealed scan that was stored (`sha256`, `size`, `content_type`); the same one again is one.

    Raises:
        NotFound, NotYours, PaperStateForbids: outside the caller's reach, not theirs, or not issued yet.
    """
    command = "paper.attach_scan"
    paper = of_hand(session, paper_id, command, actor, now)
    before = paper.last(command)
    if before is None or before.data["sha256"] != told["sha256"]:
        to_state = lifecycle.decide(paper, command, paper.version, actor.people)
        _write(session, paper_id, paper.version + 1, command, paper.state, to_state, told, actor, now)
    return show(session, paper_id, actor=actor, now=now)


def of_hand(session: Session, paper_id: UUID, command: str, actor: Actor, now: datetime) -> PaperFacts:
    """Return a paper, locked, on which the actor may give a command.

    Raises:
        NotFound: outside the actor's reach. NotYours: the role or its reach gives no right to the command.
    """
    seen(session, paper_id, actor, now)
    paper = queries.facts(session, paper_id, lock=True)
    assert paper is not None
    rules.reach(actor, command)
    if not _may(session, actor, command, paper.body, paper.to_unit):
        raise NotYours("This paper is another body's.", "该公文属于其他单位。")
    return paper


def _may(session: Session, actor: Actor, command: str, body: str, to_unit: str | None) -> bool:
    try:
        scope = rules.reach(actor, command)
    except NotYours:
        return False
    if scope is Reach.COUNTY or body == actor.unit_code:
        return True
    if command == "paper.receive" and to_unit == actor.unit_code:
        return True
    issuer = queries.unit(session, body)
    if issuer is None or scope not in (Reach.SUBDISTRICT, Reach.NEIGHBOURHOOD):
        return False
    return (issuer.division_code or "").startswith(actor.division_code or NOWHERE)


def _write(
    session: Session,
    paper_id: UUID,
    seq: int,
    command: str,
    from_state: str,
    to_state: str,
    data: Mapping[str, Any],
    actor: Actor | None,
    now: datetime,
) -> None:
    queries.insert_entry(
        session,
        {
            "paper_id": paper_id,
            "seq": seq,
            "command": command,
            "from_state": from_state,
            "to_state": to_state,
            "actor_id": actor.user_id if actor else None,
            "actor_unit": actor.unit_code if actor else None,
            "recorded_at": now,
            "data": {**data, **audit.behalf(actor)},
        },
    )
    if actor is not None:
        audit.write(session, actor, command, "paper", paper_id, {"seq": seq}, now)
