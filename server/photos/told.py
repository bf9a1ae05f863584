"""What a record says of when and where its photos were taken; each claiming room tells it of its own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Told:
    """One record's word.

    Attributes:
        at: when its work was done by the tablet's clock; counts where the claim names no moment.
        clock_ahead: by how much that clock was ahead, as far as it is known.
        places: longitude and latitude in WGS 84; a photo may belong to any of them.
        fact: the same for records that tell of one fact, such as an inspection and its correction;
            None where several records may well show one photo.
    """

    at: datetime | None = None
    clock_ahead: timedelta = timedelta()
    places: tuple[tuple[float, float], ...] = ()
    fact: UUID | None = None

    def taken_at(self, claimed_at: datetime | None) -> datetime | None:
        """Return when a photo was taken, corrected by what is known of the clock."""
        moment = claimed_at or self.at
        return None if moment is None else moment - self.clock_ahead


Telling = Callable[[Session, Collection[UUID]], dict[UUID, Told]]
"""Returns the word of those of these records of one entity that exist."""

Tellings = Mapping[str, Telling]
"""By entity; a photo of an entity without a row is compared with nothing."""
