"""Photos by digest, who names them as evidence, and uploads that resume part by part."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import BigInteger, DateTime, ForeignKey, LargeBinary
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base


class Photo(Base):
    """A photo, known from its first mention on; `state` is expected, stored or refused.

    `refused_because` beside `stored` says why no picture could be made of bytes that did arrive.
    """

    __tablename__ = "photo"

    sha256: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    state: Mapped[str]
    first_seen_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    stored_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    size: Mapped[int | None] = mapped_column(BigInteger)
    content_type: Mapped[str | None]
    refused_because: Mapped[str | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    orientation: Mapped[int | None]
    taken_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    geom: Mapped[WKBElement | None] = mapped_column(Geometry("POINT", srid=4326, spatial_index=False))
    exif: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    derived_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    derive_attempts: Mapped[int]


class PhotoClaim(Base):
    """A record names a photo as evidence; `entry_seq` is the entry of the history that does so."""

    __tablename__ = "photo_claim"

    entity: Mapped[str] = mapped_column(primary_key=True)
    entity_id: Mapped[UUID] = mapped_column(primary_key=True)
    sha256: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey(Photo.sha256), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    entry_seq: Mapped[int] = mapped_column(primary_key=True)
    context: Mapped[str]
    taken_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    claimed_by: Mapped[UUID | None]
    claimed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    compared_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Upload(Base):
    """An upload; it is open until `finished_at`, and `ended_because` says why it ended without a photo."""

    __tablename__ = "upload"

    upload_id: Mapped[UUID] = mapped_column(primary_key=True)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    size: Mapped[int] = mapped_column(BigInteger)
    content_type: Mapped[str]
    user_id: Mapped[UUID]
    device_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    fence: Mapped[int]
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_because: Mapped[str | None]


class UploadPart(Base):
    """What one request brought; `length` is None while that request is still at work."""

    __tablename__ = "upload_part"

    upload_id: Mapped[UUID] = mapped_column(ForeignKey(Upload.upload_id), primary_key=True)
    fence: Mapped[int] = mapped_column(primary_key=True)
    starts_at_byte: Mapped[int] = mapped_column(BigInteger)
    length: Mapped[int | None] = mapped_column(BigInteger)
