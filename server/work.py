"""What a job is given: the process's database, settings and Redis, and the moment it began."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from redis import Redis

from server.db import Database
from server.settings import Settings


@dataclass(frozen=True, slots=True)
class Work:
    """One run of one job. Jobs are idempotent: any of them may be run twice, or cut off anywhere."""

    database: Database
    settings: Settings
    redis: Redis
    now: datetime


Job = Callable[..., Any]
"""A job: called with its Work and the plain arguments that it was enqueued with."""
