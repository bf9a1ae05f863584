"""Warning of a photo that is evidence of an earlier inspection already."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from server.photos.claims import Claim
from server.photos.oddities import TWICE, Oddity
from sync.mutations import Warning


def used_twice(
    inspection_id: UUID, claims: Sequence[Claim], shared: Mapping[bytes, Collection[UUID]]
) -> tuple[Warning, ...]:
    """Return a warning for each photo of an inspection that other inspections name, and each of those."""
    return tuple(
        Warning(TWICE, "/data/photos", *Oddity(TWICE, other_id=other).words())
        for claim in claims
        if claim.entity_id == inspection_id
        for other in sorted(shared.get(claim.photo.sha256, ()))
        if other != inspection_id
    )
