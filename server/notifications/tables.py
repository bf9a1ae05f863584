"""Notifications, who has read them, where they are sent."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base

Instant = DateTime(timezone=True)


class Notification(Base):
    """One thing told to a unit or a person."""

    __tablename__ = "notification"

    notification_id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[str]
    kind: Mapped[str]
    unit_code: Mapped[str | None]
    user_id: Mapped[UUID | None]
    entity: Mapped[str]
    entity_id: Mapped[UUID]
    title_zh: Mapped[str]
    title_en: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Instant)


class NotificationChannel(Base):
    """Where a unit wants to be told besides; `secret` signs what a webhook gets."""

    __tablename__ = "notification_channel"

    channel_id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_code: Mapped[str]
    kind: Mapped[str]
    address: Mapped[str]
    secret: Mapped[str | None]
    active: Mapped[bool]
    changed_at: Mapped[datetime] = mapped_column(Instant)


class NotificationDelivery(Base):
    """The way of one notification through one channel."""

    __tablename__ = "notification_delivery"

    notification_id: Mapped[UUID] = mapped_column(
        ForeignKey("server.notification.notification_id"), primary_key=True
    )
    channel_id: Mapped[UUID] = mapped_column(
        ForeignKey("server.notification_channel.channel_id"), primary_key=True
    )
    state: Mapped[str]
    attempts: Mapped[int]
    next_at: Mapped[datetime] = mapped_column(Instant)
    last_error: Mapped[str | None]
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
