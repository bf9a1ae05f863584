"""What workers do for single cases."""

from __future__ import annotations

from uuid import UUID

from server.ledger.watermark import marked
from server.photos import copies
from server.photos.errors import PhotoMissing, PhotoUnreadable
from server.photos.store import Folder
from server.problems import NotFound
from server.work import Work


def watermark(work: Work, case_id: str, digest: str) -> None:
    """Make the copy of a photo (SHA-256 in hex) with the lines of a case, unless it is there already."""
    sha256, store = bytes.fromhex(digest), Folder(work.settings.photo_store)
    try:
        with work.database.transaction() as session:
            wanted = marked(session, UUID(case_id), sha256)
        copies.check_usable(wanted.photo)
    except (NotFound, PhotoMissing, PhotoUnreadable):
        return  # so it became since it was asked for; whoever asks again is told
    # A file that kills its decoder is found out and given up by the job that looks into new photos.
    if wanted.photo.looked_into and copies.made(store, sha256, wanted.lines) is None:
        copies.make(work, store, sha256, wanted.lines)
