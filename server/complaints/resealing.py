"""Sealing anew, under the key in use, who complained: in short transactions, as often as wanted.

Envelopes of tablets that bring complaints and were kept before there was a seal are sealed, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from server.complaints.identities import COMPLAINT, ENVELOPE, FORM, NAMES_PEOPLE, ORDER, keyring_of
from server.db import Database

AT_ONCE = 500
_TABLES = {COMPLAINT: ("complaint_contact", "complaint_id"), ORDER: ("hotline_caller", "order_id")}
_OLD = (
    "SELECT {key} AS id, sealed FROM server.{table}"
    " WHERE substr(sealed, 1, length(CAST(:newest AS bytea))) <> CAST(:newest AS bytea)"
    " ORDER BY {key} LIMIT :most FOR UPDATE"
)
_RESEAL = (
    "UPDATE server.{table} t SET sealed = n.sealed, phone_digest = n.digest"
    " FROM unnest(CAST(:ids AS uuid[]), CAST(:sealed AS bytea[]), CAST(:digests AS bytea[]))"
    " AS n (id, sealed, digest) WHERE t.{key} = n.id"
)
_ENVELOPES = text(
    "SELECT envelope_id, body FROM sync.envelope WHERE envelope_id > CAST(:after AS uuid)"
    " AND body IS NOT NULL AND CASE WHEN substr(body, 1, 1) = CAST(:form AS bytea)"
    "  THEN substr(body, 1, length(CAST(:newest AS bytea))) <> CAST(:newest AS bytea)"
    "  ELSE position(CAST(:named AS bytea) IN body) > 0 END"
    " ORDER BY envelope_id LIMIT :most FOR UPDATE"
)
_KEEP = text("UPDATE sync.envelope SET body = :body WHERE envelope_id = CAST(:id AS uuid)")


def reseal_all(database: Database) -> Mapping[str, int]:
    """Seal everything anew that another key sealed; return how many complaints, orders and envelopes.

    Raises:
        IdentityUnreadable: the key of some is not here; what was sealed anew before stays so.
    """
    done = dict.fromkeys((*_TABLES, ENVELOPE), 0)
    after: UUID | None = UUID(int=0)
    while after is not None:
        with database.transaction() as session:
            sealed, after = reseal_envelopes(session, after)
        done[ENVELOPE] += sealed
    for kind in _TABLES:
        while True:
            with database.transaction() as session:
                some = reseal_some(session, kind)
            done[kind] += some
            if some < AT_ONCE:
                break
    return done


def reseal_envelopes(session: Session, after: UUID) -> tuple[int, UUID | None]:
    """Seal anew what is due among the envelopes after this one; return how many, and how far it got."""
    keys = keyring_of(session)
    asked = {"after": str(after), "newest": keys.newest, "form": FORM, "named": NAMES_PEOPLE, "most": AT_ONCE}
    rows = session.execute(_ENVELOPES, asked).all()
    for row in rows:
        envelope_id, kept = UUID(str(row.envelope_id)), bytes(row.body)
        body = keys.open_bytes(ENVELOPE, envelope_id, kept) if kept.startswith(FORM) else kept
        sealed = keys.seal_bytes(ENVELOPE, envelope_id, body)
        session.execute(_KEEP, {"id": str(envelope_id), "body": sealed})
    return len(rows), UUID(str(rows[-1].envelope_id)) if len(rows) == AT_ONCE else None


def reseal_some(session: Session, kind: str) -> int:
    """Seal up to `AT_ONCE` anew; return how many."""
    keys = keyring_of(session)
    table, key = _TABLES[kind]
    asked = {"newest": keys.newest, "most": AT_ONCE}
    rows = session.execute(text(_OLD.format(table=table, key=key)), asked).all()
    told = {row.id: keys.open(kind, UUID(str(row.id)), bytes(row.sealed)) for row in rows}
    given = {
        "ids": [str(one) for one in told],
        "sealed": [keys.seal(kind, UUID(str(one)), known) for one, known in told.items()],
        "digests": [keys.digest(known["phone"]) for known in told.values()],
    }
    session.execute(text(_RESEAL.format(table=table, key=key)), given)
    return len(rows)
