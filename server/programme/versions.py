"""Use cases of versions of checklists: compared, taken in, planned, withdrawn, made current again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

import uuid6
from sqlalchemy.orm import Session

from checklists.compare import compare
from checklists.document import published_template, template_from_document, version_of
from checklists.errors import Fault, TemplateFaulty
from checklists.lint import lint
from checklists.model import Template
from server.auth import audit
from server.auth.actor import Actor
from server.auth.rules import reach
from server.communities.service import local_day
from server.problems import InvalidInput, NotFound
from server.programme import publishing, queries
from server.programme import version_queries as rows
from server.programme.errors import ChecklistPlanStands
from server.programme.tables import ChecklistVersion
from server.work import Work

LOOK, KEEP = "checklists.list", "checklist.keep"
EVERY_S = 60


def listed(session: Session, code: str, *, actor: Actor) -> dict[str, Any]:
    """Return the versions of a checklist, the current one first, and what is planned.

    Raises:
        NotYours: the role may not. NotFound: no checklist has this code.
    """
    reach(actor, LOOK)
    versions, plans = rows.versions(session, code), rows.plans(session, code)
    if not versions and not plans:
        raise _no_checklist()
    return {"code": code, "versions": versions, "plans": plans}


def planned(session: Session, *, actor: Actor) -> list[dict[str, Any]]:
    """Return what is planned for a later day, of every checklist.

    Raises:
        NotYours: the role may not.
    """
    reach(actor, LOOK)
    return [one for one in rows.plans(session, None) if one["outcome"] is None]


def differences(session: Session, old: str, new: str, *, actor: Actor) -> list[dict[str, Any]]:
    """Return what one version (or the current one of a code) changes against another, item by item.

    Raises:
        NotYours: the role may not. NotFound: one of them is not stored.
    """
    reach(actor, LOOK)
    return _differences(_template(session, old), _template(session, new))


def stored(session: Session, named: str, *, actor: Actor) -> ChecklistVersion:
    """Return a version by its `sha256:…`, or the current one of a code.

    Raises:
        NotYours: the role may not. NotFound: it is not stored.
    """
    reach(actor, LOOK)
    found = queries.checklist(session, named)
    if found is None:
        raise _no_checklist()
    return found


def take_in(
    session: Session,
    document: Mapping[str, Any],
    *,
    starts_on: date | None,
    dry_run: bool,
    actor: Actor,
    now: datetime,
) -> dict[str, Any]:
    """Take in a version: look at it, make it current, or keep it for a later day; return what it is.

    Args:
        starts_on: the local day from which it is to be current; None is today.
        dry_run: only tell its faults and what it changes.

    Raises:
        NotYours: the role may not. InvalidInput: it is faulty (unless `dry_run`), or the day has passed.
        ChecklistPlanStands: another version of it is planned for that day.
    """
    reach(actor, KEEP)
    day = local_day(now)
    if starts_on is not None and starts_on < day:
        raise _wrong("starts_on", "must be today or later", "须为今天或以后的日期")
    faults = _faults(session, document, day)
    if faults and not dry_run:
        told = [{**one, "pointer": f"/document{one['pointer']}"} for one in faults]
        raise InvalidInput("The checklist is faulty.", "检查表有误。", errors=told)
    outcome = "tried"
    if not dry_run and starts_on is not None and starts_on > day:
        outcome = _plan(session, document, starts_on, actor, now)
    elif not dry_run:
        publishing.publish(session, _bare(document), file="", actor=actor, now=now)
        outcome = "published"
    return {**_told(session, document, faults), "outcome": outcome}


def make_current(session: Session, version: str, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Make a stored version current again, today; return the versions as `listed` does.

    Raises:
        NotYours: the role may not. NotFound: it is not stored. InvalidInput: a category that it names has no
            rule any more.
    """
    reach(actor, KEEP)
    found = queries.checklist(session, version)
    if found is None:
        raise _no_checklist()
    try:
        publishing.publish(session, found.document, file="", actor=actor, now=now)
    except TemplateFaulty as fault:
        raise InvalidInput(fault.detail, fault.detail_zh, errors=fault.errors) from fault
    return listed(session, found.code, actor=actor)


def withdraw(session: Session, plan_id: UUID, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Take back what was planned for a later day; return the versions as `listed` does.

    Raises:
        NotYours: the role may not. NotFound: nothing such is planned. ChecklistPlanStands: it has ended.
    """
    reach(actor, KEEP)
    found = rows.plan(session, plan_id)
    if found is None:
        raise _no_checklist()
    if found["outcome"] is not None:
        raise ChecklistPlanStands("it is no longer planned", "该计划已结束")
    rows.end_plan(session, plan_id, "withdrawn", actor.user_id, now)
    audit.write(session, actor, "checklist.withdraw", "checklist", found["version"], {}, now)
    return listed(session, found["code"], actor=actor)


def publish_due(work: Work) -> int:
    """Make current what was planned for today or before, each in its own transaction; return how many."""
    done = 0
    while True:
        with work.database.transaction() as session:
            found = rows.due(session, local_day(work.now))
            if found is None:
                return done
            plan_id, document = found
            try:
                with session.begin_nested():
                    publishing.publish(session, document, file="", actor=None, now=work.now)
                outcome = "published"
            except TemplateFaulty:
                outcome = "faulty"
            rows.end_plan(session, plan_id, outcome, None, work.now)
        done += 1


def _plan(session: Session, document: Mapping[str, Any], starts_on: date, actor: Actor, now: datetime) -> str:
    version, plan_id = version_of(document), uuid6.uuid7()
    values = {
        "plan_id": plan_id,
        "code": document["code"],
        "version": version,
        "document": _bare(document),
        "starts_on": starts_on,
        "made_by": actor.user_id,
        "made_at": now,
    }
    if not rows.add_plan(session, values):
        raise ChecklistPlanStands("another version is planned for that day", "该日已有计划版本")
    facts = {"code": document["code"], "on": starts_on.isoformat()}
    audit.write(session, actor, "checklist.plan", "checklist", version, facts, now)
    return "planned"


def _told(session: Session, document: Mapping[str, Any], faults: list[dict[str, Any]]) -> dict[str, Any]:
    if faults:
        return {"code": None, "version": None, "replaces": None, "faults": faults, "differences": []}
    new = template_from_document(_bare(document), pairs=publishing.pairs_on(session, date.max))
    return _against_current(session, new)


def _against_current(session: Session, new: Template) -> dict[str, Any]:
    versions = rows.versions(session, new.code)
    held = next((one["version"] for one in versions if one["version"] != new.version), None)
    changed = _differences(_template(session, held), new) if held else []
    told = {"code": new.code, "version": new.version, "replaces": held}
    return {**told, "faults": [], "differences": changed}


def _faults(session: Session, document: Mapping[str, Any], day: date) -> list[dict[str, Any]]:
    try:
        found = lint(dict(document), pairs=publishing.pairs_on(session, day))
        if not found and document.get("version", version_of(document)) != version_of(document):
            found = [
                Fault(
                    "/version", "The content has another version; leave it out.", "版本与内容不符，请去掉。"
                )
            ]
    except RecursionError:
        found = [Fault("", "It is nested too deeply.", "嵌套过深。")]
    return [{**fault.as_dict(), "item": item_at(document, fault.pointer)} for fault in found]


def item_at(document: Mapping[str, Any], pointer: str) -> str | None:
    """Return the code of the innermost item that a fault's pointer lies in; None outside of items."""
    node: Any = document
    code = None
    for part in pointer.split("/")[1:]:
        if isinstance(node, list) and part.isdigit() and int(part) < len(node):
            node = node[int(part)]
        elif isinstance(node, Mapping):
            node = node.get(part)
        else:
            break
        if isinstance(node, Mapping) and isinstance(node.get("code"), str) and "type" in node:
            code = node["code"]
    return code


def _differences(old: Template, new: Template) -> list[dict[str, Any]]:
    return [
        {"what": one.what, "pointer": one.pointer, "old": one.old, "new": one.new}
        for one in compare(old, new)
    ]


def _template(session: Session, named: str) -> Template:
    found = queries.checklist(session, named)
    if found is None:
        raise _no_checklist()
    return published_template(found.document)


def _bare(document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name != "version"}


def _no_checklist() -> NotFound:
    return NotFound("There is no such checklist.", "没有这个检查表。")


def _wrong(name: str, detail: str, detail_zh: str) -> InvalidInput:
    error = {"pointer": f"/{name}", "detail": detail, "detail_zh": detail_zh}
    return InvalidInput(f"{name}: {detail}.", f"{name}：{detail_zh}。", errors=[error])
