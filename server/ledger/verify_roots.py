"""Proving the signed roots: their chain, signatures and sums, and that every head they cover still stands."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy.orm import Session

from server.ledger import root_queries as queries
from server.ledger.errors import FaultyHistory, FaultyRoot
from server.ledger.root_queries import Sums
from server.ledger.roots import Root, Statement


def verify_roots(session: Session, trusted: Collection[str], held: str | None = None) -> list[Root]:
    """Prove every root, oldest first, and return them; the session must be a snapshot.

    Args:
        trusted: ids of the keys that may have signed the newest root; it vouches for those before it.
        held: the digest of a root that somebody wrote down: it must be among them.

    Raises:
        FaultyRoot: the first root that is not what it says, or that nobody known has signed.
        FaultyHistory: an entry that a root covers is gone or another.
    """
    added = queries.sums(session)
    roots: list[Root] = []
    cases = entries = 0
    for number, day, root in queries.all_roots(session):
        says = _read(number, root)
        found = added.pop(number, Sums())
        cases, entries = cases + found.cases, entries + found.entries
        _prove(says, number, day, root, roots[-1] if roots else None)
        if (says.moved, says.heads, says.cases, says.entries) != (found.moved, found.heads, cases, entries):
            raise FaultyRoot(number, "the heads that it covers were changed or taken away")
        roots.append(root)
    if added:
        raise FaultyRoot(min(added), "its heads stand, but the root itself is gone")
    _prove_signer(roots, trusted)
    if held is not None and all(root.digest != held.lower() for root in roots):
        raise FaultyRoot(None, f"no root has the digest {held}: the roots were made anew or cut off")
    _prove_heads(session)
    return roots


def _read(number: int, root: Root) -> Statement:
    if not root.genuine:
        raise FaultyRoot(number, "the signature does not fit")
    try:
        return root.says
    except (ValueError, TypeError) as error:
        raise FaultyRoot(number, "the statement cannot be read") from error


def _prove(says: Statement, number: int, day: date, root: Root, before: Root | None) -> None:
    if (says.root, says.day, says.as_text()) != (number, day.isoformat(), root.statement):
        raise FaultyRoot(number, "the statement differs from the columns")
    follows = 1 if before is None else before.says.root + 1
    if number != follows:
        raise FaultyRoot(follows, "the root is missing")
    if says.prev != (before.digest if before else None):
        raise FaultyRoot(number, "it does not carry the hash of the root before")


def _prove_signer(roots: list[Root], trusted: Collection[str]) -> None:
    if roots and roots[-1].key_id not in trusted:
        raise FaultyRoot(
            roots[-1].says.root,
            f"it is signed with the key {roots[-1].key_id}, not this server's;"
            " name it with --key if it was yours before SECRET_KEY changed",
        )


def _prove_heads(session: Session) -> None:
    lost = queries.first_lost(session)
    if lost is not None:
        number, case_id, seq, gone = lost
        what = "is gone" if gone else "is another one now"
        raise FaultyHistory(case_id, seq, f"the entry that root {number} covers {what}")
