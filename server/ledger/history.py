"""The hash chain of a case: the canonical text of each entry, and the words that stand beside it.

Members of the text: case_id, seq, version, level, command, from, to, actor, actor_unit, at, prev, facts, and
`private`, the salted digest of the words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from server.ledger.facts import moment
from server.ledger.lifecycle import SILENT
from sync.canonical import canonical

SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Head:
    """Where a case's history stands."""

    case_id: UUID
    seq: int
    digest: bytes | None
    version: int
    state: str
    level: int


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes an entry, with the unit they belong to; both None for the product itself.

    Attributes:
        stands_for: the colleague in whose place they act.
    """

    user_id: UUID | None = None
    unit_code: str | None = None
    stands_for: UUID | None = None


SYSTEM = Author()


@dataclass(frozen=True, slots=True)
class Written:
    """One entry ready to be stored, with its private words and the head it leaves."""

    row: Mapping[str, Any]
    private: Mapping[str, Any] | None
    head: Head


def begin(case_id: UUID) -> Head:
    """Return the head of a case without history."""
    return Head(case_id, 0, None, 0, "", 0)


def digest_of_words(salt: bytes, words: Mapping[str, Any]) -> str:
    """Return the hex digest under which private words stand in the hashed entry."""
    return sha256(salt + canonical(words)).hexdigest()


def _behalf(author: Author) -> dict[str, str]:
    return {"on_behalf_of": str(author.stands_for)} if author.stands_for else {}


def write(
    head: Head,
    command: str,
    to_state: str,
    *,
    author: Author,
    at: datetime,
    salt: bytes,
    facts: Mapping[str, Any] | None = None,
    words: Mapping[str, str] | None = None,
    level: int | None = None,
) -> Written:
    """Return the entry that follows `head`; versions rise by one but for entries in which nobody decided."""
    seq, version = head.seq + 1, head.version + (command not in SILENT)
    level = head.level if level is None else level
    told: dict[str, Any] = {
        "case_id": str(head.case_id),
        "seq": seq,
        "version": version,
        "level": level,
        "command": command,
        "from": head.state,
        "to": to_state,
        "actor": str(author.user_id) if author.user_id else None,
        "actor_unit": author.unit_code,
        "at": moment(at),
        "prev": head.digest.hex() if head.digest else None,
        "facts": {**(facts or {}), **_behalf(author)},
        "private": digest_of_words(salt, words) if words else None,
    }
    text = canonical(told)
    entry_hash = sha256(text).digest()
    row = {
        "case_id": head.case_id,
        "seq": seq,
        "version": version,
        "command": command,
        "from_state": head.state,
        "to_state": to_state,
        "level": level,
        "actor_id": author.user_id,
        "actor_unit": author.unit_code,
        "recorded_at": at,
        "prev_hash": head.digest,
        "canonical": text.decode(),
        "entry_hash": entry_hash,
    }
    private = {"case_id": head.case_id, "seq": seq, "salt": salt, "words": dict(words)} if words else None
    return Written(row, private, Head(head.case_id, seq, entry_hash, version, to_state, level))
