"""Publishing a county's own checklists: a new version replaces the current one of its code."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from checklists.document import template_from_document
from checklists.model import Template
from server.auth import audit
from server.auth.actor import Actor
from server.programme import queries
from server.programme.tables import ChecklistVersion
from sync import changes


def pairs_on(session: Session, day: date) -> dict[str, frozenset[str]]:
    """Return the county's own categories with the severities that have a rule on that day."""
    pairs: dict[str, frozenset[str]] = {}
    for row in queries.rules_on(session, day):
        pairs[row.category] = pairs.get(row.category, frozenset()) | {row.severity}
    return pairs


def publish(session: Session, document: object, *, file: str, actor: Actor | None, now: datetime) -> Template:
    """Make a document the current version of its checklist and tell the tablets; return it.

    The version it replaces is retired, not deleted: inspections made with it keep it, and tablets that
    are still out may hand in work made with it. Publishing the current version again changes nothing.

    Raises:
        TemplateFaulty: the document does not keep the schema or names an unknown category.
    """
    template = template_from_document(document, file=file, pairs=pairs_on(session, now.date()))
    current = queries.checklist(session, template.code)
    if current is not None and current.version == template.version:
        return template
    if current is not None:
        current.retired_at = now
        session.flush()
    _store(session, template, now)
    touched = [template.version] + ([current.version] if current is not None else [])
    changes.append(session, "checklist", touched)
    facts = {"code": template.code, "replaces": current.version if current is not None else None}
    audit.write(session, actor, "checklist.publish", "checklist", template.version, facts, now)
    return template


def _store(session: Session, template: Template, now: datetime) -> None:
    known = queries.checklist(session, template.version)
    if known is not None:
        session.execute(
            update(ChecklistVersion)
            .where(ChecklistVersion.version == template.version)
            .values(retired_at=None)
        )
        return
    session.add(
        ChecklistVersion(
            version=template.version,
            code=template.code,
            title_zh=template.title_zh,
            title_en=template.title_en,
            document=template.document,
            published_at=now,
            retired_at=None,
        )
    )
