"""What other rooms hand in to be told."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing to tell a unit or a person; exactly one of `unit_code` and `user_id` is given.

    Attributes:
        event_id: names the cause, the same at every attempt; a recipient is told once of each.
        kind: `dispatched`, `request_decided` and so on; pages choose an icon by it.
        entity, entity_id: the record to open.
    """

    event_id: str
    kind: str
    entity: str
    entity_id: UUID
    title_zh: str
    title_en: str
    unit_code: str | None = None
    user_id: UUID | None = None
