"""What the ledger sends to tablets and takes from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from server.auth.actor import Actor
from server.ledger import command_data, lifecycle, service, wires
from server.ledger.case_files import case_file
from server.ledger.errors import StaleVersion, StateForbids
from server.ledger.facts import CaseFacts, Command
from server.ledger.onsite import sender_as_actor
from server.ledger.outcomes import conflict, held, rejected, warnings_of
from server.ledger.reporting import report_cases
from server.ledger.terms import local_day
from server.photos.claims import digest_of
from server.problems import DomainError, NotFound
from sync.entity import SyncEntity
from sync.mutations import CommandType, Mutation, Outcome, Sender

CASE = SyncEntity("case", wires.load_cases, carried_in=("task",), copies={"community": wires.cases_in})
ENTITIES = (CASE,)

FROM_TABLETS = (
    "case.verify",
    "case.accept",
    "case.claim_fixed",
    "case.check",
    "case.reopen",
    "case.record_refusal",
    "case.report_dissuaded",
    "case.note",
)
# Facts happened, whatever the sender had seen of the case.
ALWAYS_APPLY = frozenset(("case.record_refusal", "case.report_dissuaded", "case.note"))


def obey_tablet(
    session: Session, sender: Sender, mutations: Sequence[Mutation], now: datetime
) -> list[Outcome]:
    """Carry out case commands from a tablet, in order; each gets its outcome, the tablets are told once."""
    actor = sender_as_actor(session, sender, now)
    outcomes: list[Outcome] = []
    moved: dict[UUID, UUID] = {}
    for mutation in mutations:
        outcome = _obey(session, mutation, actor, sender, now)
        if outcome.status == "applied":
            moved[mutation.entity_id] = mutation.mid
        outcomes.append(outcome)
    wires.tell(session, list(moved), moved)
    return outcomes


def _obey(session: Session, mutation: Mutation, actor: Actor, sender: Sender, now: datetime) -> Outcome:
    file = case_file(session, mutation.entity_id, actor.user_id, local_day(now), locking=True)
    if file is None:
        unknown = NotFound("The case has not arrived yet.", "案卷尚未到达。")
        return held(unknown, f"case:{mutation.entity_id}")
    facts = file.facts
    command = Command(mutation.type, mutation.base_version, mutation.data)
    try:
        service.check_right(file, mutation.type, actor, sender.pulled_scope, approved=sender.approved)
        _check_version(facts, command, actor)
        moved = service.carry_out(session, facts, file.head, command, actor, now)
    except (StateForbids, StaleVersion) as error:
        current = wires.load_cases(session, [str(mutation.entity_id)])[0].data
        stale = mutation.base_version is not None and mutation.base_version != facts.version
        if isinstance(error, StaleVersion) or stale:
            return conflict(error, facts.version, current)
        return rejected(error, facts.version)
    except DomainError as error:
        return rejected(error, facts.version)
    return Outcome("applied", version=moved.version, warnings=warnings_of(mutation.type, mutation.data))


def _check_version(facts: CaseFacts, command: Command, actor: Actor) -> None:
    if command.type in ALWAYS_APPLY:
        return
    if command.base_version is None:
        fault = {
            "pointer": "/base_version",
            "detail": "name the version you saw",
            "detail_zh": "须注明所见版本",
        }
        raise command_data.invalid([fault])
    if not lifecycle.seen_by(facts, command.base_version, actor.user_id):
        raise StaleVersion(command.base_version, facts.version)


def _locks(mutation: Mutation) -> Sequence[UUID]:
    return [mutation.entity_id]


def _joins(mutation: Mutation) -> Sequence[UUID]:
    try:
        return [UUID(mutation.data["joins"])]
    except (KeyError, TypeError, ValueError, AttributeError):
        return []


def _photos(mutation: Mutation) -> Sequence[str]:
    named = mutation.data.get("photos")
    photos = named if isinstance(named, list) else []
    digests = (digest_of(photo.get("sha256") if isinstance(photo, dict) else photo) for photo in photos)
    return [digest.hex() for digest in digests if digest is not None]


COMMAND_TYPES: Mapping[str, CommandType] = {
    name: CommandType(name, obey_tablet, locks=_locks, photos=_photos) for name in FROM_TABLETS
} | {"case.report": CommandType("case.report", report_cases, locks=_joins, photos=_photos, makes=True)}
