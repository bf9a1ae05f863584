"""Use cases of the tables of rules: which there are, and who changed them."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from server.auth.actor import Actor
from server.auth.rules import reach, rights
from server.problems import NotFound
from server.rulebooks import queries
from server.rulebooks.books import BY_NAME, TABLES, Shown


def listed(actor: Actor) -> list[Shown]:
    """Return the tables that the actor may read, each with whether they may change it."""
    held = rights(actor)
    return [Shown(table, table.right in held) for table in TABLES if table.look in held]


def trail(session: Session, name: str, record: str | None, *, actor: Actor) -> list[dict[str, Any]]:
    """Return who changed a table's rows, the newest first.

    Raises:
        NotFound: there is no such table. NotYours: the role may not read it.
    """
    table = BY_NAME.get(name)
    if table is None:
        raise NotFound("There is no such table of rules.", "没有这个规则表。")
    reach(actor, table.look)
    return queries.trail(session, table.entity, record)
