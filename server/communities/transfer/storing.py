"""Storing what a file would do; what PostgreSQL refuses becomes a fault of its row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import DataError, IntegrityError, InternalError
from sqlalchemy.orm import Session

from server.communities.transfer import queries
from server.communities.transfer.judging import Deed
from server.communities.transfer.kinds import Kind

AT_ONCE = 1000
Tell = Callable[[int], None]
_REFUSED = (IntegrityError, DataError, InternalError)


def store(session: Session, kind: Kind, deeds: Sequence[Deed], tell: Tell) -> None:
    """Store these deeds and tell whoever carries such records; refused ones get their fault.

    Args:
        tell: hears how many deeds are stored.
    """
    doing = [deed for deed in deeds if deed.what in ("created", "changed")]
    try:
        with session.begin_nested():
            _all(session, kind, doing, tell)
    except _REFUSED:
        _one_by_one(session, kind, doing)
    done = [deed for deed in doing if not deed.row.faults]
    session.flush()
    session.expire_all()
    kind.follow(session, [deed.key for deed in done], [deed.key for deed in done if deed.moved])


def wait_for_turn(session: Session) -> None:
    """Let one import after another judge and store: two of one new file would each make its records."""
    session.execute(text("SELECT pg_advisory_xact_lock(hashtext('places.import'))"))


def _all(session: Session, kind: Kind, deeds: Sequence[Deed], tell: Tell) -> None:
    done, new = 0, [deed for deed in deeds if deed.what == "created"]
    for begin in range(0, len(new), AT_ONCE):
        some = new[begin : begin + AT_ONCE]
        queries.make(session, kind, [deed.values for deed in some])
        done += len(some)
        tell(done)
    for deed in deeds:
        if deed.what == "changed":
            queries.change(session, kind, deed.key, deed.values)
            done += 1
            if done % AT_ONCE == 0:
                tell(done)


def _one_by_one(session: Session, kind: Kind, deeds: Sequence[Deed]) -> None:
    """Store each by itself, round by round: a cell may take ground only after its neighbour has left it."""
    left = list(deeds)
    while left:
        refused = [(deed, why) for deed in left if (why := _refusal(session, kind, deed)) is not None]
        if len(refused) == len(left):
            for deed, why in refused:
                deed.row.wrong("", f"the database refuses it: {why}", f"数据库拒绝：{why}")
            return
        left = [deed for deed, _ in refused]


def _refusal(session: Session, kind: Kind, deed: Deed) -> str | None:
    try:
        with session.begin_nested():
            if deed.what == "created":
                queries.make(session, kind, [deed.values])
            else:
                queries.change(session, kind, deed.key, deed.values)
    except _REFUSED as fault:
        told: Any = fault.orig
        return str(told.diag.message_primary or told).splitlines()[0][:200]
    return None
