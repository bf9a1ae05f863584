"""Who may see a photo: whoever may see a record that names it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from server.auth.actor import Actor
from server.photos import queries

Visible = Callable[[Session, Actor, Collection[UUID]], set[UUID]]
"""Returns which of these records of one entity the actor may see."""

Visibility = Mapping[str, Visible]
"""By entity; a record of an entity that stands in no row is seen by nobody."""


def visible_photos(
    session: Session, actor: Actor, digests: Collection[bytes], visibility: Visibility
) -> set[bytes]:
    """Return which of these photos a record names that the actor may see."""
    naming = queries.records_naming(session, digests) if digests else {}
    wanted: dict[str, set[UUID]] = {}
    for records in naming.values():
        for entity, ids in records.items():
            wanted.setdefault(entity, set()).update(ids)
    seen = {
        entity: visibility[entity](session, actor, ids)
        for entity, ids in wanted.items()
        if entity in visibility
    }
    return {
        sha256
        for sha256, records in naming.items()
        if any(ids & seen.get(entity, set()) for entity, ids in records.items())
    }


def known_photos(
    session: Session, actor: Actor, digests: Collection[bytes], visibility: Visibility
) -> set[bytes]:
    """Return which of these photos the actor may see, or has brought or named himself."""
    own = queries.brought_by(session, actor.user_id, digests) if digests else set()
    return own | visible_photos(session, actor, set(digests) - own, visibility)
