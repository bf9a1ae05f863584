"""What the process that serves a tablet's request keeps for all of them."""

from __future__ import annotations

from flask import current_app

from server.fieldsync.receipts import Receipts
from server.request import settings


def receipts() -> Receipts:
    """Return the process's signer of receipts."""
    found: Receipts | None = current_app.extensions.get("wangge.receipts")
    if found is None:
        found = Receipts(settings().secret_key)
        current_app.extensions["wangge.receipts"] = found
    return found
