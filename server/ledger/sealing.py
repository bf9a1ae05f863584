"""Making the signed root of each day: once a day, by whoever comes first."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from server.ledger import root_queries as queries
from server.ledger.facts import moment
from server.ledger.roots import Root, RootKey, Statement
from server.ledger.terms import local_day
from server.work import Work

EVERY_S = 600


def seal(session: Session, key: RootKey, now: datetime) -> Root | None:
    """Make the root that covers the ledger up to yesterday, unless it stands; None when it does.

    It covers every head committed by now. After days without a scheduler one root covers them all.
    """
    queries.alone(session)
    day = local_day(now) - timedelta(days=1)
    newest = queries.newest_day(session)
    if newest is not None and newest >= day:
        return None
    before = next(iter(queries.newest(session, 1)), None)
    said = before.says if before else None
    number = said.root + 1 if said else 1
    found = queries.cover(session, number)
    statement = Statement(
        root=number,
        day=day.isoformat(),
        made_at=moment(now),
        moved=found.moved,
        heads=found.heads,
        cases=found.cases + (said.cases if said else 0),
        entries=found.entries + (said.entries if said else 0),
        prev=before.digest if before else None,
    )
    root = key.sign(statement)
    queries.keep(session, root)
    return root


def seal_yesterday(work: Work) -> None:
    """Make the root of yesterday if it is missing."""
    with work.database.transaction() as session:
        seal(session, RootKey(work.settings.secret_key), work.now)
