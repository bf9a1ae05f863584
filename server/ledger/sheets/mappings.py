"""Mappings kept under a name, so that the next table of the same ledger is read the same way."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from server.auth import audit
from server.auth.actor import Actor
from server.ledger.sheets import import_queries
from server.ledger.sheets.errors import UnknownMapping
from server.ledger.sheets.mapping import LedgerMapping, mapping_of
from server.ledger.sheets.tables import SavedMapping


def saved(session: Session, name: str) -> LedgerMapping:
    """Return the mapping saved under a name.

    Raises:
        UnknownMapping: there is none.
    """
    found = import_queries.saved_mapping(session, name)
    if found is None:
        raise UnknownMapping(name, import_queries.mapping_names(session))
    return mapping_of(found.mapping)


def every(session: Session) -> list[LedgerMapping]:
    """Return all saved mappings by name."""
    return [mapping_of(found.mapping) for found in import_queries.saved_mappings(session)]


def save(
    session: Session, name: str, mapping: LedgerMapping, *, actor: Actor | None, now: datetime
) -> LedgerMapping:
    """Keep a mapping under a name, replacing what was kept there; return it with its name."""
    named = replace(mapping, name=name)
    session.merge(
        SavedMapping(
            name=name, mapping=named.as_json(), saved_by=actor.user_id if actor else None, saved_at=now
        )
    )
    audit.write(session, actor, "ledger.save_mapping", "ledger_mapping", name, named.as_json(), now)
    return named
