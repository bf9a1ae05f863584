"""Tables of who serves a community and who walks a cell; the places themselves stand in `geo.tables`."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base


class PropertyCompany(Base):
    """A property service company; its names stand in its unit."""

    __tablename__ = "property_company"
    unit_code: Mapped[str] = mapped_column(ForeignKey("server.unit.code"), primary_key=True)
    credit_code: Mapped[str | None]
    phone: Mapped[str | None]
    party_members: Mapped[int | None]
    origin: Mapped[str]


class ServiceContract(Base):
    """A property service contract; `ends_on` is the first day on which it no longer holds."""

    __tablename__ = "service_contract"
    contract_id: Mapped[UUID] = mapped_column(primary_key=True)
    community_id: Mapped[UUID]
    unit_code: Mapped[str] = mapped_column(ForeignKey("server.property_company.unit_code"))
    kind: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    origin: Mapped[str]


class Assignment(Base):
    """A worker walks a cell; `valid_to` is the first day on which it no longer holds."""

    __tablename__ = "assignment"
    assignment_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("server.user.user_id"))
    grid_cell_code: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
