"""All SQL about projects."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

from geo.tables import Subdistrict
from server.communities.territory import Territory
from server.siting.projects.tables import ChargingProject, ProjectLetter

_PROJECTS = text(Path(__file__).with_name("projects.sql").read_text(encoding="utf-8"))
_FILTERS = ("project_id", "stage", "subdistrict", "late", "text")


def projects(
    session: Session,
    territory: Territory,
    filters: Mapping[str, Any],
    after: tuple[str, str] | None,
    limit: int | None,
) -> list[dict[str, Any]]:
    """Return projects within a territory, the newest first.

    Args:
        filters: `project_id`, `stage`, `subdistrict` (its code), `late`, `text`: values or None.
    """
    after_at, after_id = after or (None, None)
    given = {
        **{name: filters.get(name) for name in _FILTERS},
        **territory.parameters(),
        "after_at": after_at,
        "after_id": after_id,
        "limit": limit,
    }
    return [dict(row) for row in session.execute(_PROJECTS, given).mappings()]


def subdistricts(session: Session) -> dict[str, str]:
    """Return the code of each subdistrict by its code and by its Chinese name."""
    rows = session.execute(select(Subdistrict.code, Subdistrict.name_zh)).all()
    return {**{row.name_zh: row.code for row in rows}, **{row.code: row.code for row in rows}}


def project(session: Session, project_id: UUID) -> ChargingProject | None:
    """Return a project as it stands, locked."""
    wanted = select(ChargingProject).where(ChargingProject.project_id == project_id)
    return session.scalar(wanted.execution_options(populate_existing=True).with_for_update())


def named(session: Session, subdistrict_code: str, name: str) -> ChargingProject | None:
    """Return the project of this name in a subdistrict."""
    wanted = select(ChargingProject).where(
        ChargingProject.subdistrict_code == subdistrict_code, ChargingProject.name == name
    )
    return session.scalar(wanted.execution_options(populate_existing=True).with_for_update())


def insert_project(session: Session, columns: Mapping[str, Any]) -> None:
    """Store a new project."""
    session.execute(insert(ChargingProject).values(**columns, version=1))


def store_project(session: Session, project_id: UUID, columns: Mapping[str, Any], version: int) -> None:
    """Store columns of a project as a version of it."""
    wanted = update(ChargingProject).where(ChargingProject.project_id == project_id)
    session.execute(wanted.values(**columns, version=version))


def insert_letter(session: Session, columns: Mapping[str, Any]) -> None:
    """Note a letter about a project."""
    session.execute(insert(ProjectLetter).values(**columns))


def letter(session: Session, project_id: UUID, paper_id: UUID) -> ProjectLetter | None:
    """Return a letter of a project, locked."""
    wanted = select(ProjectLetter).where(
        ProjectLetter.paper_id == paper_id, ProjectLetter.project_id == project_id
    )
    return session.scalar(wanted.execution_options(populate_existing=True).with_for_update())


def paper_state(session: Session, paper_id: UUID) -> str:
    """Return the state of a paper that exists."""
    found: str = session.execute(
        text("SELECT state FROM server.paper WHERE paper_id = :id"), {"id": paper_id}
    ).scalar_one()
    return found


def answer_letter(session: Session, paper_id: UUID, columns: Mapping[str, Any]) -> None:
    """Store the answer to a letter."""
    session.execute(update(ProjectLetter).where(ProjectLetter.paper_id == paper_id).values(**columns))
