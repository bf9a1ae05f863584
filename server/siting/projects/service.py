"""Use cases of projects: keeping the register, urging builders, noting their answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import uuid6
from sqlalchemy.orm import Session

from server.auth import audit
from server.auth.actor import Actor
from server.auth.rules import Reach, reach
from server.communities.reading import fault, unreadable
from server.communities.service import reach_of
from server.papers import service as papers
from server.papers import words
from server.problems import NotFound, NotYours
from server.siting.projects import queries
from server.siting.projects.columns import KEEPERS, NAMES, TEXTS, URGES, hindrances
from server.siting.projects.errors import LetterNotIssued, ProjectMovedOn, ProjectStands

LIST, KEEP, URGE = "charging_projects.list", "charging_project.keep", "charging_project.urge"
TEMPLATE, IMPORT, EXPORT = "charging-projects-template", "charging-projects-import", "charging-projects"


def listed(
    session: Session,
    filters: Mapping[str, Any],
    after: tuple[str, str] | None,
    limit: int | None,
    *,
    actor: Actor,
    now: datetime,
) -> list[dict[str, Any]]:
    """Return the projects within reach that pass the filters, the newest first; see `queries.projects`.

    Raises:
        NotYours: the role sees no projects.
    """
    territory = reach_of(session, actor, LIST, now)
    return [_as_json(row) for row in queries.projects(session, territory, filters, after, limit)]


def show(session: Session, project_id: UUID, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Return one project with its letters and whether the caller may keep it and urge its builder.

    Raises:
        NotFound: there is none, or it lies outside the caller's reach.
    """
    found = listed(session, {"project_id": project_id}, None, 1, actor=actor, now=now)
    if not found:
        raise NotFound("There is no such project within your reach.", "您的范围内没有该项目。")
    return {**found[0], "may_keep": _may(actor, KEEP), "may_urge": _may(actor, URGE)}


def add(session: Session, told: Mapping[str, Any], *, actor: Actor, now: datetime) -> dict[str, Any]:
    """Add a project to the register and return it.

    Args:
        told: the members of `columns.NAMES`; `subdistrict` by code or Chinese name.

    Raises:
        NotYours: the role may not. InvalidInput: members do not fit. ProjectStands: the name is taken there.
    """
    check_right(actor, KEEP)
    columns = read(session, told)
    if queries.named(session, columns["subdistrict_code"], columns["name"]) is not None:
        raise ProjectStands(columns["name"])
    return show(session, store_new(session, columns, actor=actor, now=now), actor=actor, now=now)


def change(
    session: Session,
    project_id: UUID,
    base_version: int,
    told: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
) -> dict[str, Any]:
    """Put what is told in place of a project's members and return it.

    Raises:
        NotFound, NotYours, InvalidInput, ProjectStands: see `add`. ProjectMovedOn: changed meanwhile.
    """
    check_right(actor, KEEP)
    show(session, project_id, actor=actor, now=now)
    held = queries.project(session, project_id)
    assert held is not None
    if held.version != base_version:
        raise ProjectMovedOn(base_version, held.version)
    columns = read(session, told)
    other = queries.named(session, columns["subdistrict_code"], columns["name"])
    if other is not None and other.project_id != project_id:
        raise ProjectStands(columns["name"])
    store_changed(session, project_id, columns, held.version + 1, actor=actor, now=now)
    return show(session, project_id, actor=actor, now=now)


def urge(
    session: Session, project_id: UUID, demand: str, answer_by: date, *, actor: Actor, now: datetime
) -> dict[str, Any]:
    """Draft a letter that urges a project's builder and return the project.

    Raises:
        NotFound, NotYours: outside the caller's reach, or not theirs to do.
    """
    check_right(actor, URGE)
    one = show(session, project_id, actor=actor, now=now)
    needed = f"应建 {one['required_ports']} 个" if one["required_ports"] is not None else "应建数量未登记"
    fields = {
        "matter": f"{one['name']}充电设施建设",
        "party": one["developer"],
        "progress": f"{needed}，已建 {one['built_ports']} 个",
        "demand": demand,
        "answer_by": words.day(answer_by),
        "to_name": one["developer"],
    }
    paper_id = papers.draft_apart(session, "urging_letter", body=URGES, to_unit=None, fields=fields, now=now)
    letter = {"paper_id": paper_id, "project_id": project_id, "drafted_by": actor.user_id}
    queries.insert_letter(session, {**letter, "answer_by": answer_by})
    audit.write(session, actor, URGE, "charging_project", project_id, {"paper_id": str(paper_id)}, now)
    return show(session, project_id, actor=actor, now=now)


def answer(
    session: Session,
    project_id: UUID,
    paper_id: UUID,
    answered_on: date,
    told: str,
    *,
    actor: Actor,
    now: datetime,
) -> dict[str, Any]:
    """Note the builder's answer to an issued letter, once, and return the project.

    Raises:
        NotFound, NotYours: no such letter, or not theirs. LetterNotIssued: not issued, or answered.
    """
    check_right(actor, URGE)
    show(session, project_id, actor=actor, now=now)
    letter = queries.letter(session, project_id, paper_id)
    if letter is None:
        raise NotFound("The project has no such letter.", "该项目没有这份督促函。")
    if letter.answer is not None or queries.paper_state(session, paper_id) != "issued":
        raise LetterNotIssued
    queries.answer_letter(session, paper_id, {"answered_on": answered_on, "answer": told})
    audit.write(
        session,
        actor,
        "charging_project.answer",
        "charging_project",
        project_id,
        {"paper_id": str(paper_id)},
        now,
    )
    return show(session, project_id, actor=actor, now=now)


def check_right(actor: Actor, action: str) -> None:
    """Refuse whoever may not do this; of the bureaus only those do that the county's plan names.

    Raises:
        NotYours: the role or the unit has no such right.
    """
    units = KEEPERS if action == KEEP else {URGES}
    if reach(actor, action) is not Reach.COUNTY and actor.unit_code not in units:
        raise NotYours("This register is another bureau's.", "该登记由其他部门负责。")


def read(session: Session, told: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a project.

    Raises:
        InvalidInput: `errors` name the members that do not fit.
    """
    wrong = hindrances(told)
    code = queries.subdistricts(session).get(str(told["subdistrict"]))
    if code is None:
        wrong.append(("subdistrict", "is no subdistrict of the county", "没有该街道"))
    if wrong:
        raise unreadable([fault(f"/{name}", detail, zh) for name, detail, zh in wrong])
    columns = {name: told.get(name) for name in NAMES if name != "subdistrict"}
    columns |= {name: columns[name] or "" for name in TEXTS & set(columns)}
    return {**columns, "built_ports": columns["built_ports"] or 0, "subdistrict_code": code}


def store_new(session: Session, columns: Mapping[str, Any], *, actor: Actor, now: datetime) -> UUID:
    """Store a new project that was read; return its id."""
    project_id = UUID(int=uuid6.uuid7().int)
    by = {"created_at": now, "changed_at": now, "changed_by": actor.user_id}
    queries.insert_project(session, {**columns, **by, "project_id": project_id})
    audit.write(session, actor, KEEP, "charging_project", project_id, {"version": 1}, now)
    return project_id


def store_changed(
    session: Session,
    project_id: UUID,
    columns: Mapping[str, Any],
    version: int,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Store the next version of a project."""
    by = {"changed_at": now, "changed_by": actor.user_id}
    queries.store_project(session, project_id, {**columns, **by}, version)
    audit.write(session, actor, KEEP, "charging_project", project_id, {"version": version}, now)


def _may(actor: Actor, action: str) -> bool:
    try:
        check_right(actor, action)
    except NotYours:
        return False
    return True


def _as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
