"""What the process that serves a tablet's request keeps for all of them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from uuid import UUID, uuid4

from flask import current_app

from server.auth.leases import Holding
from server.auth.request import leases
from server.fieldsync.limits import Crowd
from server.fieldsync.receipts import Receipts
from server.queue import Wakes
from server.request import settings


def receipts() -> Receipts:
    """Return the process's signer of receipts."""
    found: Receipts | None = current_app.extensions.get("wangge.receipts")
    if found is None:
        found = Receipts(settings().secret_key)
        current_app.extensions["wangge.receipts"] = found
    return found


_MAKING = Lock()


@contextmanager
def place_of_device(device_id: UUID, *, with_photos: bool) -> Iterator[None]:
    """Hold what one push takes of its device's allowance while the block runs.

    Raises:
        TooManyAtOnce: nothing of the push was read.
    """
    told, name = settings(), str(uuid4())
    wanted = [Holding(f"push:{device_id}", name, told.device_pushes_at_once)]
    if with_photos:
        wanted.append(Holding(f"upload:{device_id}", name, told.device_uploads_at_once))
    with leases().held(*wanted):
        yield


def crowd() -> Crowd:
    """Return the pushes under way in this process."""
    with _MAKING:
        found: Crowd | None = current_app.extensions.get("wangge.crowd")
        if found is None:
            found = Crowd(settings().pushes_at_once, random.Random())
            current_app.extensions["wangge.crowd"] = found
    return found


def wakes() -> Wakes:
    """Return the process's wakes of jobs."""
    with _MAKING:
        found: Wakes = current_app.extensions.setdefault("wangge.wakes", Wakes())
    return found
