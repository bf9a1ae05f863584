"""Commands on complaints: decided by the rules, written into the history, which moves the complaint."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.auth import audit
from server.auth.actor import Actor
from server.complaints import lifecycle, opening, queries, service, view
from server.complaints.errors import ComplaintMovedOn, ComplaintStateForbids
from server.complaints.intake import without_person
from server.complaints.lifecycle import NEXT, Standing, Step
from server.complaints.telling import tell_desk
from server.ledger.errors import UnknownCommand
from server.ledger.facts import Place
from server.ledger.lifecycle import OPEN_STATES
from server.ledger.queries import case_row
from server.ledger.service import visible_case_ids
from server.photos.claims import read_photos
from server.problems import InvalidInput, NotYours

PERSON, COMPLAINER, SYSTEM = "person", "complainer", "system"


def obey(
    session: Session,
    complaint_id: UUID,
    *,
    command: str,
    base_version: int,
    data: Mapping[str, Any],
    actor: Actor,
    now: datetime,
) -> dict[str, Any]:
    """Carry out one command on a complaint; return the complaint as it then stands.

    Raises:
        UnknownCommand, InvalidInput: the command cannot be read.
        NotFound, NotYours: the complaint, or the command, is not the actor's.
        ComplaintMovedOn, ComplaintStateForbids, ComplaintNotNow: not now.
    """
    if command not in NEXT:
        raise UnknownCommand(command)
    queries.lock(session, complaint_id)
    row = service.row_of(session, complaint_id, service.RIGHT, actor, now)
    if not service.covers(actor, command, row):
        raise NotYours("This is not yours to decide.", "此投诉无权由您办理。")
    stands = view.standing_of(row)
    if base_version != stands.version:
        current = service.show(session, complaint_id, actor=actor, now=now)
        raise ComplaintMovedOn(base_version, stands.version, current)
    if stands.state not in NEXT[command]:
        current = service.show(session, complaint_id, actor=actor, now=now)
        raise ComplaintStateForbids(command, stands.state, current)
    given = lifecycle.read(command, data)
    known = queries.contact(session, complaint_id)
    step = lifecycle.decide(stands, command, given, service.limits_of(session, now), now)
    if command == "complaint.transfer":
        step = _with_case(session, row, step, given, data, known, actor, now)
    write(session, complaint_id, stands, step, known, by=PERSON, actor=actor, now=now)
    if command == "complaint.reopen":
        tell_reopened(session, row, now)
    audit.write(session, actor, command, "complaint", complaint_id, {"base_version": base_version}, now)
    return service.show(session, complaint_id, actor=actor, now=now)


def write(
    session: Session,
    complaint_id: UUID,
    stands: Standing,
    step: Step,
    known: Mapping[str, str] | None,
    *,
    by: str,
    actor: Actor | None = None,
    now: datetime,
) -> None:
    """Write a step into the history; what is `known` of who complained is kept out of its words."""
    queries.add_entry(
        session,
        complaint_id=complaint_id,
        seq=stands.version + 1,
        command=step.command,
        from_state=step.from_state,
        to_state=step.to_state,
        given_by=by,
        actor_id=actor.user_id if actor else None,
        actor_unit=actor.unit_code if actor else None,
        recorded_at=now,
        facts=dict(step.facts),
        words={name: without_person(words, known) for name, words in step.words.items()},
    )


def tell_reopened(session: Session, row: Mapping[str, Any], now: datetime) -> None:
    """Tell the desk that somebody is not satisfied."""
    community = service.community_of(session, UUID(row["community_id"]), now)
    seq = row["version"] + 1
    tell_desk(session, view.id_of(row), row["number"], seq, "complaint_reopened", community, now)


def _with_case(
    session: Session,
    row: Mapping[str, Any],
    step: Step,
    given: Mapping[str, Any],
    data: Mapping[str, Any],
    known: Mapping[str, str] | None,
    actor: Actor,
    now: datetime,
) -> Step:
    """Return the step with the case that the complaint becomes, opened now or named."""
    if given["case_id"] is not None:
        case_id = _named(session, row, given["case_id"], actor, now)
    else:
        placed = row["lon"] is not None
        case_id = opening.open_case(
            session,
            community_id=UUID(row["community_id"]),
            category=given["category"],
            severity=given["severity"] or "",
            description=without_person(given["description"], known),
            channel=row["channel"],
            place=Place(row["lon"], row["lat"], row["accuracy_m"]) if placed else None,
            grid_cell_code=row["grid_cell_code"],
            # The officer names what the case may show: a resident's photo can tell who took it.
            evidence=read_photos(data.get("photos") or [], "/data/photos", "before"),
            actor=actor,
            now=now,
        )
    return Step(step.command, step.from_state, step.to_state, {"case_id": str(case_id)}, step.words)


def _named(session: Session, row: Mapping[str, Any], case_id: UUID, actor: Actor, now: datetime) -> UUID:
    case = case_row(session, case_id) if visible_case_ids(session, actor, [case_id], now) else None
    if case is None or str(case.community_id) != row["community_id"] or case.state not in OPEN_STATES:
        detail, zh = "name an open case of the same community", "须为同一小区的未办结案卷"
        raise InvalidInput(
            detail, zh, errors=[{"pointer": "/data/case_id", "detail": detail, "detail_zh": zh}]
        )
    return case_id
