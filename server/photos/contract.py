"""How the OpenAPI file describes the photos that records name."""

from __future__ import annotations

from server.photos.claims import MOST_PHOTOS, ROLES
from sync.contract import MOMENT, SHA256, Schema, many, one_of, record, shown, told, whole, words

EXAMPLE = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
PHOTO = record(
    "sha256",
    sha256=SHA256,
    size=whole(0),
    content_type=words(),
    taken_at=MOMENT,
    role=one_of(*ROLES),
)
PHOTOS = told(
    many({"anyOf": [SHA256, PHOTO]}, MOST_PHOTOS),
    "Digests, or objects that say more; before or after upload.",
)
COMMANDS: dict[str, Schema] = {
    "photo.attach": shown(record("photos", photos=PHOTOS), photos=[{"sha256": EXAMPLE, "role": "after"}])
}
