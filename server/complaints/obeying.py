"""Commands on complaints: decided by the rules, written into the history, which moves the complaint."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.auth import audit
from server.auth.actor import Actor
from server.communities.outline import county_outline
from server.complaints import lifecycle, opening, queries, service, sync, view
from server.complaints.errors import ComplaintMovedOn, ComplaintStateForbids
from server.complaints.intake import ENTITY, without_person
from server.complaints.lifecycle import NEXT, Standing, Step
from server.complaints.telling import tell_desk, tell_worker
from server.ledger.command_data import read_place
from server.ledger.errors import UnknownCommand
from server.ledger.facts import Place, place_facts
from server.ledger.queries import case_row
from server.ledger.service import visible_case_ids
from server.ledger.states import OPEN_STATES
from server.photos import service as photos
from server.photos.claims import Claim, ClaimedPhoto, read_photos
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
    carry_out(session, row, command, data, actor, now)
    audit.write(session, actor, command, "complaint", complaint_id, {"base_version": base_version}, now)
    return service.show(session, complaint_id, actor=actor, now=now)


def carry_out(
    session: Session,
    row: Mapping[str, Any],
    command: str,
    data: Mapping[str, Any],
    actor: Actor,
    now: datetime,
) -> None:
    """Decide a command that state and rights allow, write it down, tell desk, worker and tablets.

    Raises:
        InvalidInput: the command cannot be read.
        ComplaintStateForbids, ComplaintNotNow: not now.
    """
    complaint_id, stands = view.id_of(row), view.standing_of(row)
    given = lifecycle.read(command, data)
    known = queries.contact(session, complaint_id)
    step = lifecycle.decide(stands, command, given, service.limits_of(session, now), now)
    evidence: list[ClaimedPhoto] = []
    if command == "complaint.transfer":
        step = _with_case(session, row, step, given, data, known, actor, now)
    elif command == "complaint.verify":
        evidence = read_photos(data.get("photos") or [], "/data/photos", "check")
        step = _seen_on_site(session, step, data, evidence, actor)
    elif command == "complaint.ask_verification":
        check_worker(session, given["worker"])
    write(session, complaint_id, stands, step, known, by=PERSON, actor=actor, now=now)
    claims = [Claim(ENTITY, complaint_id, replace(one, entry_seq=stands.version + 1)) for one in evidence]
    photos.claim_all(session, claims, user_id=actor.user_id, now=now)
    if command == "complaint.reopen":
        tell_reopened(session, row, now)
    if command == "complaint.ask_verification":
        tell_worker(session, row, given["worker"], now)
    sync.tell(session, [complaint_id])


def check_worker(session: Session, user_id: UUID) -> None:
    """Refuse to ask anybody but an active worker to look.

    Raises:
        InvalidInput: there is no such worker.
    """
    if not queries.is_worker(session, user_id):
        detail, zh = "name an active grid worker", "须为在岗的网格员"
        fault = {"pointer": "/data/worker", "detail": detail, "detail_zh": zh}
        raise InvalidInput(detail, zh, errors=[fault])


def _seen_on_site(
    session: Session, step: Step, data: Mapping[str, Any], evidence: Sequence[ClaimedPhoto], actor: Actor
) -> Step:
    """Return the step with where somebody stood and what was photographed; a worker has to show it."""
    if actor.role == "grid_worker" and not evidence:
        detail, zh = "A photo of what was found is needed.", "现场核实须有照片。"
        raise InvalidInput(
            detail, zh, errors=[{"pointer": "/data/photos", "detail": detail, "detail_zh": zh}]
        )
    place = None
    if data.get("location") is not None:
        place, _ = read_place(data["location"], county_outline(session))
    shown = {"photos": [photo.sha256.hex() for photo in evidence]} if evidence else {}
    return replace(step, facts={**step.facts, **shown, **place_facts(place)})


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
        facts={**step.facts, **audit.behalf(actor)},
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
