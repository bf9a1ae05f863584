"""What the scheduler asks of this room."""

from __future__ import annotations

from collections.abc import Mapping

from server.fieldsync import service
from server.photos.service import DERIVE
from server.queue import wake
from server.work import Job, Work
from sync import ageing
from sync.mutations import CommandType
from sync.push import again_after_deadlock

EVERY_S = 60
FORGET_EVERY_S = 3600


def apply_orphans(command_types: Mapping[str, CommandType]) -> Job:
    """Return the job that settles envelopes which a crash left without results."""

    def job(work: Work) -> int:
        return service.apply_orphans(work.database, command_types, work.now)

    return job


def release_held(command_types: Mapping[str, CommandType]) -> Job:
    """Return the job that lets held items go on for which something has arrived."""

    def job(work: Work) -> int:
        decided = service.release_held(work.database, command_types, work.now)
        if decided:
            wake(work.redis, DERIVE)
        return decided

    return job


def forget(work: Work) -> tuple[int, int, int]:
    """Forget tombstones and bodies of envelopes older than 400 days, and on tablets fates older than 30.

    Returns how many of each.
    """
    transaction = work.database.transaction
    fates = again_after_deadlock(lambda: ageing.withdraw_fates(transaction, work.now))
    return ageing.forget_tombstones(transaction, work.now), ageing.forget_bodies(transaction, work.now), fates
