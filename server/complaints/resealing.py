"""Sealing anew, under the key in use, who complained: in short transactions, as often as wanted."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from server.complaints.identities import COMPLAINT, ORDER, keyring_of
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


def reseal_all(database: Database) -> Mapping[str, int]:
    """Seal everything anew that another key sealed; return how many of complaints and of orders.

    Raises:
        IdentityUnreadable: the key of some is not here; what was sealed anew before stays so.
    """
    done = dict.fromkeys(_TABLES, 0)
    for kind in _TABLES:
        while True:
            with database.transaction() as session:
                some = reseal_some(session, kind)
            done[kind] += some
            if some < AT_ONCE:
                break
    return done


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
