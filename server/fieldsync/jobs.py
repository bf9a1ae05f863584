"""What the scheduler asks of this room."""

from __future__ import annotations

from collections.abc import Mapping

from server.fieldsync import service
from server.work import Job, Work
from sync.mutations import CommandType

EVERY_S = 60


def apply_orphans(command_types: Mapping[str, CommandType]) -> Job:
    """Return the job that settles envelopes which a crash left without results."""

    def job(work: Work) -> int:
        return service.apply_orphans(work.database, command_types, work.now)

    return job
