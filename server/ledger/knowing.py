"""What a guard must know beside the case, read for the one command that is to be decided."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import uuid6
from sqlalchemy.orm import Session

from server.auth.rules import REACH
from server.ledger import merging, queries
from server.ledger.evidence import gaps
from server.ledger.facts import CaseFacts, Known, Person
from server.ledger.requests import KIND_OF
from server.ledger.rulebook import clock_of, filing_of, parameters_of, rulebook_of
from server.photos import service as photos

CHECKING_ROLES = frozenset(REACH["case.check"])
VERIFYING_ROLES = frozenset(REACH["case.verify"])

More = Callable[[Session, CaseFacts, Mapping[str, Any], datetime], Mapping[str, Any]]


def known_for(
    session: Session, facts: CaseFacts, command: str, data: Mapping[str, Any], now: datetime
) -> Known:
    """Return the clock of the county and what this command asks for besides.

    Raises:
        UnknownCategory: a case is filed under a pair for which no rule is in force.
    """
    clock = clock_of(session, now)
    known = Known(
        clock.deadline, clock.until, after_pause=clock.after_pause, parameters=parameters_of(session, now)
    )
    more = _MORE.get(command)
    return known if more is None else replace(known, **more(session, facts, data, now))


def _filing(session: Session, facts: CaseFacts, data: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    return {"filing": filing_of(session, facts.case_id, data["category"], data["severity"], now)}


def _unit(session: Session, facts: CaseFacts, data: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    # One that was made within the minute is looked up.
    known = data["unit"] in rulebook_of(session, now).units
    return {"unit_exists": known or queries.unit_exists(session, data["unit"])}


def _checker(session: Session, facts: CaseFacts, data: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    return {"checker": _person(session, data["checker"], CHECKING_ROLES)}


def _verifier(
    session: Session, facts: CaseFacts, data: Mapping[str, Any], now: datetime
) -> Mapping[str, Any]:
    return {"verifier": _person(session, data["worker"], VERIFYING_ROLES)}


def _first_seen(
    session: Session, facts: CaseFacts, data: Mapping[str, Any], now: datetime
) -> Mapping[str, Any]:
    digests = [bytes.fromhex(digest) for digest in data["photos"]]
    return {"first_seen": {digest.hex(): at for digest, at in photos.first_seen(session, digests).items()}}


def _reopening(
    session: Session, facts: CaseFacts, data: Mapping[str, Any], now: datetime
) -> Mapping[str, Any]:
    works = facts.unit_code is None or queries.unit_exists(session, facts.unit_code)
    return {**_first_seen(session, facts, data, now), "unit_exists": works}


def _evidence(
    session: Session, facts: CaseFacts, data: Mapping[str, Any], now: datetime
) -> Mapping[str, Any]:
    claimed = photos.photos_of(session, "case", [facts.case_id])[facts.case_id]
    return {"evidence_gaps": gaps(facts, claimed)}


def _target(session: Session, facts: CaseFacts, data: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    return {"target": merging.target(session, facts, data["into"], now)}


def _request(session: Session, facts: CaseFacts, data: Mapping[str, Any], now: datetime) -> Mapping[str, Any]:
    return {"request_id": UUID(str(uuid6.uuid7()))}


def _person(session: Session, user_id: UUID, roles: Collection[str]) -> Person | None:
    found = queries.checker(session, user_id)
    if found is None:
        return None
    unit_code, role = found
    return Person(user_id, unit_code, role in roles)


_MORE: Mapping[str, More] = {
    "case.file": _filing,
    "case.dispatch": _unit,
    "case.transfer": _unit,
    "case.assign_check": _checker,
    "case.ask_verification": _verifier,
    "case.check": _first_seen,
    "case.reopen": _reopening,
    "case.close": _evidence,
    "case.merge": _target,
    **dict.fromkeys(KIND_OF, _request),
}
