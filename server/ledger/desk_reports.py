"""`case.report` over the API: a spot check of headquarters, or what a company found by itself (企业自查)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.auth import audit
from server.auth.actor import Actor
from server.communities.errors import AlreadyThere
from server.ledger import command_data, queries, rulebook, service, wires
from server.ledger.errors import UnknownCommunity
from server.ledger.facts import Command
from server.ledger.history import Author
from server.ledger.onsite import Scope, grounds_of
from server.ledger.outline import county_outline
from server.ledger.reports import KNOWN, Report, found_by, read_report
from server.photos import service as photos
from server.problems import NotYours

REPORT = "case.report"


def report_case(
    session: Session, case_id: UUID, command: Command, *, actor: Actor, now: datetime
) -> dict[str, Any]:
    """Open a case under this new id, or let the report join or reopen the one it belongs to; return that.

    Raises:
        NotYours: the role may not report, or not there.
        AlreadyThere: a case stands under this id.
        InvalidInput, UnknownCommunity, UnknownCategory: the report cannot be read.
    """
    scope = Scope(session, actor, REPORT, now)
    if queries.versions(session, [case_id]):
        raise AlreadyThere
    report, cell, communities = _grounded(session, command.data, scope, now)
    found = found_by(
        report,
        case_id,
        role=actor.role,
        reporter=Author(actor.user_id, actor.unit_code, actor.stands_for),
        cell=cell,
        found_at=now,
    )
    [opened], claims = service.open_cases(session, [found], communities, now=now)
    photos.claim_all(session, claims, user_id=actor.user_id, now=now)
    audit.write(session, actor, REPORT, "case", opened.case_id, {"id_given": str(case_id)}, now)
    wires.tell(session, [opened.case_id])
    service.number_now(session)
    return service.show(session, opened.case_id, actor=actor, now=now)


def _grounded(
    session: Session, data: Mapping[str, Any], scope: Scope, now: datetime
) -> tuple[Report, str | None, Mapping[UUID, Any]]:
    """Return the report with its severity settled, its grid cell, and the facts of its community."""
    command_data.refuse_unknown(data, KNOWN)
    report = read_report(data, county_outline(session))
    communities, [cell] = grounds_of(session, [report.asked], now)
    community = communities.get(report.asked.community_id)
    if community is None:
        raise UnknownCommunity(report.asked.community_id)
    if not scope.covers(community):
        raise NotYours(
            "The community lies beyond your reach. Ask the shift leader of its street.",
            "小区不在您的权限范围内，请联系所在街道的值班长。",
        )
    severity = rulebook.severity_of(session, report.category, report.severity, now)
    return replace(report, severity=severity), cell, communities
