"""The conflict list: values that met another edit, kept for the office."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.orm import Session

from sync.merge import Disputed
from sync.mutations import Mutation, Sender

_NOTE = text("""
INSERT INTO sync.conflict
  (kind, entity, entity_id, field, fact, old, sent, stood, type, device_id, seq, mid, user_id, noted_at)
SELECT kind, :entity, CAST(:entity_id AS uuid), field, fact, old::json, sent::json, stood::json,
       :type, CAST(:device_id AS uuid), :seq, CAST(:mid AS uuid), CAST(:user_id AS uuid), :now
  FROM unnest(CAST(:kinds AS text[]), CAST(:fields AS text[]), CAST(:facts AS text[]), CAST(:olds AS text[]),
              CAST(:sents AS text[]), CAST(:stoods AS text[])) AS d (kind, field, fact, old, sent, stood)
""")

_MADE_BY = text("""
SELECT count(DISTINCT result ->> 'version') FROM sync.mutation
 WHERE device_id = CAST(:device_id AS uuid) AND entity_id = CAST(:entity_id AS uuid) AND NOT clash
   AND status IN ('applied', 'merged') AND (result ->> 'version')::integer > :version
""")


def note(
    session: Session,
    sender: Sender,
    mutation: Mutation,
    entity: str,
    disputed: Sequence[Disputed],
    now: datetime,
) -> None:
    """Put the values of one edit that met another into the list."""
    if not disputed:
        return
    session.execute(
        _NOTE,
        {
            "entity": entity,
            "entity_id": str(mutation.entity_id),
            "type": mutation.type,
            "device_id": str(sender.device_id),
            "seq": mutation.seq,
            "mid": str(mutation.mid),
            "user_id": str(sender.user_id),
            "now": now,
            "kinds": [one.kind for one in disputed],
            "fields": [one.name for one in disputed],
            "facts": [one.fact for one in disputed],
            "olds": [orjson.dumps(one.old).decode() for one in disputed],
            "sents": [orjson.dumps(one.sent).decode() for one in disputed],
            "stoods": [orjson.dumps(one.stood).decode() for one in disputed],
        },
    )


def versions_made_by(session: Session, device_id: UUID, entity_id: UUID, after: int) -> int:
    """Return how many versions of a record above `after` a device's own stored items made."""
    found: int = session.execute(
        _MADE_BY, {"device_id": str(device_id), "entity_id": str(entity_id), "version": after}
    ).scalar_one()
    return found
