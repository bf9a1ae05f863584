"""Who stands behind stored work: the person and the tablet as they are now, in order or not."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from sync.mutations import Sender

_WHO = text("""
SELECT p.user_id, p.role, p.unit_code, p.username, d.user_id AS owner, d.revoked_at, d.enrolled_at
  FROM server."user" p LEFT JOIN server.device d ON d.device_id = CAST(:device_id AS uuid)
 WHERE p.user_id = CAST(:user_id AS uuid)
""")


def sender_behind(session: Session, device_id: UUID, user_id: UUID) -> Sender | None:
    """Return the person at a tablet; `revoked` with the reason when only the office may apply their work.

    A person who was switched off since stays the one whose work it was. None: nobody has this id.
    """
    row = session.execute(_WHO, {"device_id": str(device_id), "user_id": str(user_id)}).one_or_none()
    if row is None:
        return None
    reason = _escrow(row)
    return Sender(
        user_id=user_id,
        device_id=device_id,
        role=row.role,
        unit_code=row.unit_code,
        username=row.username,
        revoked=reason is not None,
        escrow=reason or "device-revoked",
        enrolled_at=row.enrolled_at,
    )


def _escrow(row: Any) -> str | None:
    if row.owner is None:
        return "device-unknown"
    if row.owner != row.user_id:
        return "device-foreign"
    return "device-revoked" if row.revoked_at is not None else None
