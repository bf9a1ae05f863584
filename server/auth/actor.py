"""Who acts: the person behind a call, as every rule needs to know them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person with role and unit.

    Attributes:
        unit_kind: the kind of the unit, such as `subdistrict` or `property_company`.
        device_id: the tablet that the token belongs to, None for a sign-in by password.
        device_revoked: the tablet may only push; what it pushes is kept for the office.
        division_code: the official code (9 or 12 digits) of what the unit answers for, if it is a place.
        stands_for: the colleague whose place the person takes now; role and unit are then that one's.
    """

    user_id: UUID
    username: str
    display_name: str
    role: str
    unit_code: str
    unit_kind: str
    device_id: UUID | None = None
    device_revoked: bool = False
    division_code: str | None = None
    device_enrolled_at: datetime | None = None
    stands_for: UUID | None = None

    @property
    def people(self) -> frozenset[UUID]:
        """Return who acts and for whom: what one of them may not do, neither may."""
        return frozenset(filter(None, (self.user_id, self.stands_for)))

    @property
    def placed_as(self) -> UUID:
        """Return whose cells and tasks count: those of the person stood in for."""
        return self.stands_for or self.user_id
