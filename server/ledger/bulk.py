"""One command on many cases, with a result for each: what fails keeps nothing from its neighbours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.auth.actor import Actor
from server.ledger import queries, service
from server.ledger.facts import Command
from server.problems import DomainError

COMMANDS = (
    "case.dispatch",
    "case.assign_check",
    "case.file",
    "case.decline",
    "case.accept",
    "case.close",
)


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one case: the case as it now stands, or why the command was refused."""

    case_id: UUID
    case: Mapping[str, Any] | None = None
    error: DomainError | None = None


def obey_all(
    session: Session,
    name: str,
    data: Mapping[str, Any],
    cases: Sequence[tuple[UUID, int]],
    *,
    actor: Actor,
    now: datetime,
) -> list[Done]:
    """Give one command on many cases, each named with the version seen; return a result per case, in order.

    All of them are locked first, in the order of their ids, so that two desks never wait for each other.
    """
    queries.lock(session, {case_id for case_id, _ in cases})
    return [_one(session, case_id, Command(name, version, data), actor, now) for case_id, version in cases]


def _one(session: Session, case_id: UUID, command: Command, actor: Actor, now: datetime) -> Done:
    try:
        with session.begin_nested():
            return Done(
                case_id, service.obey(session, case_id=case_id, command=command, actor=actor, now=now)
            )
    except DomainError as error:
        return Done(case_id, error=error)
