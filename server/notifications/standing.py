"""Telling people of stand-ins, once each: whoever is named, and both when it has ended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from checklists.deadlines import SHANGHAI
from server.notifications import service
from server.notifications.notices import Notice
from server.work import Work

EVERY_S = 60
BACK_DAYS = 7
"""A worker that stood still for so long tells what it missed; older news is none."""

_FRESH = text("""
SELECT s.stand_in_id, s.absent_id, s.deputy_id, s.from_on, s.to_on, s.named_by, s.revoked_by,
       a.display_name AS absent, d.display_name AS deputy,
       s.revoked_at IS NOT NULL OR s.to_on < :today AS ended,
       (SELECT count(*) FROM server.audit_line l
         WHERE l.facts ->> 'on_behalf_of' = s.absent_id::text AND l.user_id = s.deputy_id
           AND (l.at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN s.from_on AND s.to_on) AS deeds
  FROM server.stand_in s
  JOIN server."user" a ON a.user_id = s.absent_id
  JOIN server."user" d ON d.user_id = s.deputy_id
 WHERE coalesce(s.revoked_at, s.named_at) >= :since
    OR s.revoked_at IS NULL AND s.to_on BETWEEN :since_on AND :today
""")


def tell_all(work: Work) -> int:
    """Tell what is new of stand-ins; return how many notices there are, told before or not."""
    with work.database.transaction() as session:
        notices = list(news(session, work.now))
        service.post(session, notices, now=work.now)
    return len(notices)


def news(session: Session, now: datetime) -> Iterator[Notice]:
    """Return what people should have been told of the stand-ins of the last days."""
    today = now.astimezone(SHANGHAI).date()
    back = timedelta(days=BACK_DAYS)
    for row in session.execute(_FRESH, {"today": today, "since": now - back, "since_on": today - back}):
        yield from (_ended(row) if row.ended else _named(row))


def _named(row: Any) -> Iterator[Notice]:
    if row.named_by != row.deputy_id:
        yield _notice(
            row,
            "stand_in_named",
            row.deputy_id,
            f"请您为{row.absent}代班：{row.from_on} 至 {row.to_on}",
            f"You stand in for {row.absent} from {row.from_on} to {row.to_on}",
        )


def _ended(row: Any) -> Iterator[Notice]:
    done = f"，期间代办 {row.deeds} 件" if row.deeds else ""
    told = f"; {row.deeds} deeds were done for you" if row.deeds else ""
    if row.revoked_by != row.absent_id or row.deeds:
        yield _notice(
            row,
            "stand_in_ended",
            row.absent_id,
            f"{row.deputy}为您的代班已结束{done}",
            f"{row.deputy} no longer stands in for you{told}",
        )
    if row.revoked_by != row.deputy_id:
        yield _notice(
            row,
            "stand_in_ended",
            row.deputy_id,
            f"您为{row.absent}的代班已结束",
            f"You no longer stand in for {row.absent}",
        )


def _notice(row: Any, kind: str, user_id: Any, zh: str, en: str) -> Notice:
    return Notice(
        event_id=f"stand_in:{row.stand_in_id}:{kind}",
        kind=kind,
        entity="stand_in",
        entity_id=row.stand_in_id,
        title_zh=zh,
        title_en=en,
        user_id=user_id,
    )
