"""A paper as JSON: in lists, in detail; and the values that its template is filled with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from server.papers import words
from server.papers.kinds import KINDS, SERVICE_RETURN
from server.papers.lifecycle import PaperFacts, Step
from server.papers.reading import MANNERS

BY_ITSELF = "系统"
_MANNERS = dict(
    zip(MANNERS, ("直接送达", "留置送达", "邮寄送达", "委托送达", "电子送达", "公告送达"), strict=True)
)


def line(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a paper as lists show it."""
    kind = KINDS[row["kind"]]
    return {
        "paper_id": str(row["paper_id"]),
        "kind": row["kind"],
        "title": kind.title,
        "title_en": kind.title_en,
        "number": row["number"],
        "state": row["state"],
        "version": row["version"],
        "body": row["body"],
        "body_name": row["body_name"],
        "to_unit": row["to_unit"],
        "to_name": row["to_name"],
        "drafted_at": _utc(row["drafted_at"]),
        "issued_at": _utc(row["issued_at"]),
        "case_ids": [str(one) for one in row["case_ids"]],
    }


def detail(row: Mapping[str, Any], paper: PaperFacts, commands: Sequence[str]) -> dict[str, Any]:
    """Return a paper with its fields, service, receipt, scan, history and the caller's commands."""
    return {
        **line(row),
        "fields": dict(paper.fields),
        "service": _data(paper.last("paper.serve")),
        "receipt": _data(paper.last("paper.receive")),
        "scan": _data(paper.last("paper.attach_scan")),
        "history": [_step(one) for one in paper.past],
        "commands": list(commands),
    }


def filled(paper: PaperFacts, number: str | None, issued_at: datetime | None) -> dict[str, Any]:
    """Return what the template of the paper is filled with."""
    receipt = _data(paper.last("paper.receive")) or {}
    return {
        **paper.fields,
        "title": KINDS[paper.kind].title,
        "number": number or "",
        "issued_on": words.day(issued_at),
        "drafted_by": _name(paper.writer()),
        "reviewed_by": _name(paper.last("paper.review")),
        "countersigned_by": _name(paper.last("paper.countersign")),
        "issued_by": _name(paper.last("paper.issue")),
        "received_by": receipt.get("received_by", ""),
        "received_at": _told_moment(receipt.get("received_at")),
    }


def service_return(paper: PaperFacts, number: str | None, issued_at: datetime | None) -> dict[str, Any]:
    """Return what the return of service is filled with; before the service its lines stand empty."""
    told = _data(paper.last("paper.serve")) or {}
    received = {True: "已签收", False: "拒收", None: ""}[told.get("received")]
    return {
        **filled(paper, number, issued_at),
        **{name: told.get(name, "") for name in ("place", "server_1", "server_2", "refused_because")},
        "receiver": told.get("receiver", ""),
        "witness": told.get("witness", ""),
        "title": SERVICE_RETURN.title,
        "paper_title": KINDS[paper.kind].title,
        "manner": _MANNERS.get(told.get("manner", ""), ""),
        "served_at": _told_moment(told.get("served_at")),
        "received": received,
    }


def _name(step: Step | None) -> str:
    return "" if step is None else step.actor_name or BY_ITSELF


def _told_moment(at: str | None) -> str:
    return words.moment(datetime.fromisoformat(at)) if at else ""


def _data(step: Step | None) -> dict[str, Any] | None:
    return None if step is None else dict(step.data)


def _step(step: Step) -> dict[str, Any]:
    return {
        "seq": step.seq,
        "command": step.command,
        "actor": step.actor_name,
        "stands_for": step.stands_for_name,
        "at": _utc(step.recorded_at),
        "data": dict(step.data),
    }


def _utc(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat()
