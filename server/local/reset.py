"""`make reset`: stop what runs from this checkout and remove all that it kept."""

from __future__ import annotations

import os
import shutil
import signal

from server.local import leftovers, postmaster
from server.local.locks import holder, locked
from server.local.places import places


def reset() -> None:
    """Stop the product and remove its database, photos, logs and secrets."""
    here = places()
    lock = here.var / "run.lock"
    supervisor = holder(lock)
    if supervisor is not None:
        os.kill(supervisor, signal.SIGTERM)
    with locked(lock, wait=True):
        leftovers.end(here.checkout)
        postmaster.end(here.kept / "data")
        tests = list(here.clusters.glob("test-*"))  # a run of the tests that is under way keeps its own
        for folder in (here.var, here.kept if tests else here.clusters):
            shutil.rmtree(folder, ignore_errors=True)
    print(f"removed {here.var} and {here.kept}")


if __name__ == "__main__":
    reset()
