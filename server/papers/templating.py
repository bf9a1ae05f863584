"""The templates in force: ours until the office replaces one; what was replaced is kept with its validity."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any
from uuid import UUID

import uuid6
from sqlalchemy.orm import Session

from server.auth import audit, rules
from server.auth.actor import Actor
from server.papers import labels, queries
from server.papers.kinds import TEMPLATES
from server.papers.tables import PaperTemplate
from server.problems import NotFound

RIGHT = "paper.template"


def in_force(session: Session, kind: str, now: datetime) -> PaperTemplate:
    """Return the template of a kind that is in force, ours stored first where the office has none.

    Raises:
        NotFound: there is no such kind.
    """
    from server.papers import layout  # Word's library is loaded where a paper is made only

    if kind not in TEMPLATES:
        raise NotFound(f"There is no kind {kind} of paper.", f"没有 {kind} 这种公文。")
    found = queries.template(session, kind)
    if found is not None and found.origin == "office":
        return found
    ours = layout.standard(kind)
    if found is None or found.sha256 != hashlib.sha256(ours).digest():
        _store(session, kind, ours, "standard", None, now)
        found = queries.template(session, kind)
    assert found is not None
    return found


def replace(
    session: Session, *, kind: str, content: bytes | None, actor: Actor | None, now: datetime
) -> PaperTemplate:
    """Put a template in force from now on; papers issued before keep theirs.

    Args:
        content: the .docx file; None puts ours in force again.
        actor: None is the command line.

    Raises:
        NotYours: the role may not. NotFound: there is no such kind.
        TemplateUnusable: it is no .docx, names unknown fields, or does not render with sample data.
    """
    from server.papers import layout, rendering  # Word's library is loaded where a paper is made only

    if actor is not None:
        rules.reach(actor, RIGHT)
    if kind not in TEMPLATES:
        raise NotFound(f"There is no kind {kind} of paper.", f"没有 {kind} 这种公文。")
    origin = "standard" if content is None else "office"
    wanted = layout.standard(kind) if content is None else content
    rendering.check(kind, wanted)
    _store(session, kind, wanted, origin, actor.user_id if actor else None, now)
    digest = hashlib.sha256(wanted).hexdigest()
    facts = {"origin": origin, "sha256": digest}
    audit.write(session, actor, "paper.template", "paper_template", kind, facts, now)
    found = queries.template(session, kind)
    assert found is not None
    return found


def listed(session: Session) -> list[dict[str, Any]]:
    """Return every kind with the templates it had, newest first; `valid_to` None is in force."""
    stored = queries.templates(session)
    return [
        {
            "kind": kind.code,
            "title": kind.title,
            "title_en": kind.title_en,
            "about_cases": kind.about_cases,
            "fields": [
                {
                    "name": f.name,
                    "label": f.label,
                    "label_en": labels.english(kind.code, f.name),
                    "shape": f.shape,
                    "needed": f.needed,
                }
                for f in kind.fields
            ],
            "versions": [_version(row) for row in stored if row.kind == kind.code],
        }
        for kind in TEMPLATES.values()
    ]


def _version(row: Any) -> dict[str, Any]:
    return {
        "template_id": str(row.template_id),
        "origin": row.origin,
        "sha256": row.sha256,
        "valid_from": row.valid_from.isoformat(),
        "valid_to": row.valid_to.isoformat() if row.valid_to else None,
        "added_by": row.added_by,
    }


def _store(
    session: Session, kind: str, content: bytes, origin: str, added_by: UUID | None, now: datetime
) -> None:
    queries.insert_template(
        session,
        template_id=UUID(int=uuid6.uuid7().int),
        kind=kind,
        content=content,
        origin=origin,
        added_by=added_by,
        now=now,
    )
