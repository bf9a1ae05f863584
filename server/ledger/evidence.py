"""Whether the evidence of a case is complete. Pure; the database holds the same rule at the close-out."""

from __future__ import annotations

from collections.abc import Sequence

from server.ledger.facts import CaseFacts
from server.photos.claims import EvidencePhoto

Gap = tuple[str, str]


def gaps(case: CaseFacts, photos: Sequence[EvidencePhoto]) -> tuple[Gap, ...]:
    """Return what still misses for the close-out, in English and Chinese; empty when nothing does."""
    missing = {photo.sha256 for photo in photos if not photo.received}
    found: list[Gap] = []
    if missing:
        found.append((f"{len(missing)} photos have not arrived", f"有 {len(missing)} 张照片尚未到达"))
    if case.photo_required and not _has(photos, "before"):
        found.append(("no photo shows the problem", "缺少问题照片"))
    for role, command, gap in (
        ("after", "case.claim_fixed", ("no photo shows what was mended", "缺少整改后照片")),
        ("check", "case.check", ("no photo shows the check", "缺少核查照片")),
    ):
        entry = case.last(command)
        if entry is None or not _has(photos, role, entry.seq):
            found.append(gap)
    return tuple(found)


def _has(photos: Sequence[EvidencePhoto], role: str, seq: int | None = None) -> bool:
    return any(
        photo.role == role and photo.received and (seq is None or photo.entry_seq == seq) for photo in photos
    )
