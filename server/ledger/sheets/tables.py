"""Tables of imports and of saved mappings."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base
from server.ledger.tables import Instant


class SavedMapping(Base):
    """How a foreign ledger is read, kept under a name."""

    __tablename__ = "ledger_mapping"

    name: Mapped[str] = mapped_column(primary_key=True)
    mapping: Mapped[dict[str, Any]] = mapped_column(JSONB)
    saved_by: Mapped[UUID | None]
    saved_at: Mapped[datetime] = mapped_column(Instant)


class LedgerImport(Base):
    """One table that was taken into the ledger."""

    __tablename__ = "ledger_import"

    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    ledger: Mapped[str]
    file_name: Mapped[str]
    file_sha256: Mapped[bytes]
    imported_by: Mapped[UUID | None]
    imported_at: Mapped[datetime] = mapped_column(Instant)


class ImportedCase(Base):
    """Which row of which table a case came from, with the number that it had there."""

    __tablename__ = "imported_case"

    case_id: Mapped[UUID] = mapped_column(primary_key=True)
    import_id: Mapped[UUID]
    ledger: Mapped[str]
    old_number: Mapped[str | None]
    row_no: Mapped[int]
