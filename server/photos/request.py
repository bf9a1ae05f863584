"""The photo store of the process that serves a request."""

from __future__ import annotations

from flask import current_app

from server.photos.store import Folder, PhotoStore
from server.request import settings


def photo_store() -> PhotoStore:
    """Return the store that the settings name."""
    found: PhotoStore | None = current_app.extensions.get("wangge.photo_store")
    if found is None:
        found = Folder(settings().photo_store)
        current_app.extensions["wangge.photo_store"] = found
    return found
