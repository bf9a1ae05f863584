"""Handing work to the workers, and looking at what failed.

Redis only carries the word that there is work; the work itself stands in the database. So a lost word is no
loss: the scheduler finds it again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry as Retrying
from rq import Queue, Retry
from rq.exceptions import DuplicateJobError, NoSuchJobError
from rq.job import Job
from rq.serializers import JSONSerializer

log = structlog.get_logger()

NAME = "wangge"
PERFORM = "server.worker.perform"
TIME_LIMIT_S = 120
RETRY_AFTER_S = (5, 30, 120, 600)
KEEP_DONE_S = 60
WAKE_AGAIN_AFTER_S = 60
FORGET_ONCE_S = 60
WAIT_ONCE_S = 600
KEEP_FAILED_S = 14 * 86400
KEEP_FAILED_PERIODIC_S = 3600

Argument = str | int


@dataclass(frozen=True, slots=True)
class FailedJob:
    """A job that failed; one with retries left is not among them."""

    job_id: str
    name: str
    arguments: tuple[Argument, ...]
    failed_at: datetime | None
    reason: str


def connect(url: str) -> Redis:
    """Return a Redis for request handlers: it may be away, so one quick second try and no pauses."""
    return Redis.from_url(url, socket_connect_timeout=2, socket_timeout=5, retry=Retrying(NoBackoff(), 1))


def open_queue(redis: Redis) -> Queue:
    """Return the one queue, whose jobs are plain JSON."""
    return Queue(NAME, connection=redis, serializer=JSONSerializer)


def enqueue(redis: Redis, name: str, *arguments: Argument, time_limit_s: int = TIME_LIMIT_S) -> bool:
    """Ask the workers to do a job of `wiring.JOBS`; return whether Redis has taken the word.

    Never raises when Redis is away: the scheduler finds the work again in the database.
    """
    retry = Retry(max=len(RETRY_AFTER_S), interval=list(RETRY_AFTER_S))
    kept: dict[str, Any] = {"result_ttl": KEEP_DONE_S, "failure_ttl": KEEP_FAILED_S}
    return _enqueue(redis, name, arguments, retry=retry, timeout=time_limit_s, **kept)


def enqueue_once(redis: Redis, name: str, *arguments: Argument, time_limit_s: int = TIME_LIMIT_S) -> bool:
    """Ask for a job that somebody waits for and asks for again, unless the same one waits or runs already.

    It is not retried: whoever still wants it asks again, a minute after it failed at the earliest. The
    arguments hold only letters, digits, `_` and `-`. Never raises when Redis is away.
    """
    job_id = "-".join(map(str, (name, *arguments)))
    kept: dict[str, Any] = {"ttl": WAIT_ONCE_S, "result_ttl": 0, "failure_ttl": FORGET_ONCE_S}
    return _enqueue(redis, name, arguments, timeout=time_limit_s, job_id=job_id, unique=True, **kept)


def wake(redis: Redis, name: str) -> bool:
    """Ask for a job that finds its own work in the database, unless one already waits to begin.

    Call it after the commit. One such job serves many callers: a fork for each photo would cost more than
    its thumbnails. Never raises when Redis is away.
    """
    try:
        if not redis.set(_woken(name), 1, nx=True, ex=WAKE_AGAIN_AFTER_S):
            return False
    except (RedisError, OSError) as fault:
        log.warning("job not enqueued", job=name, fault=str(fault))
        return False
    return enqueue(redis, name)


def begun(redis: Redis, name: str) -> None:
    """Note that a job begins to look for its work: who calls `wake` from now on gets another one."""
    redis.delete(_woken(name))


def _woken(name: str) -> str:
    return f"{NAME}:woken:{name}"


def enqueue_for_slot(redis: Redis, name: str, slot: int, every_s: int) -> bool:
    """Ask for a periodic job once per slot of time, however many schedulers ask.

    A word that no worker took before the next slot is forgotten, so that none pile up.
    """
    return _enqueue(
        redis,
        name,
        (),
        timeout=TIME_LIMIT_S,
        job_id=f"{name}-{slot}",
        unique=True,
        ttl=every_s,
        result_ttl=2 * every_s,
        failure_ttl=KEEP_FAILED_PERIODIC_S,
    )


def _enqueue(redis: Redis, name: str, arguments: tuple[Argument, ...], **how: Any) -> bool:
    try:
        open_queue(redis).enqueue_call(PERFORM, args=(name, *arguments), description=name, **how)
    except DuplicateJobError:
        return False
    except (RedisError, OSError) as fault:
        log.warning("job not enqueued", job=name, fault=str(fault))
        return False
    return True


def failed(redis: Redis) -> list[FailedJob]:
    """Return the failed jobs that are still kept, oldest first.

    Raises:
        RedisError: Redis is away.
    """
    queue = open_queue(redis)
    ids = queue.failed_job_registry.get_job_ids()
    jobs = Job.fetch_many(ids, connection=redis, serializer=JSONSerializer)
    return [_failed(job) for job in jobs if job is not None]


def requeue_failed(redis: Redis) -> int:
    """Ask for every failed job again; return how many.

    Raises:
        RedisError: Redis is away.
    """
    registry = open_queue(redis).failed_job_registry
    again = 0
    for job_id in registry.get_job_ids():
        try:
            registry.requeue(job_id)
        except NoSuchJobError:
            continue
        again += 1
    return again


def _failed(job: Job) -> FailedJob:
    name, *arguments = job.args or ("?",)
    result = job.latest_result()
    lines = (result.exc_string if result is not None else None) or "unknown"
    return FailedJob(job.id, str(name), tuple(arguments), job.ended_at, lines.strip().splitlines()[-1])
