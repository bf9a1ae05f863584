"""The processes beside the web: `python -m server.worker worker` and `python -m server.worker scheduler`.

The worker performs jobs, each in a forked process of its own: a damaged picture may kill that process, never
the worker. The scheduler asks for periodic jobs, which find work in the database whose word got lost.
Both outlive a restart of Redis and of PostgreSQL, and end on SIGTERM.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import logging
import resource
import signal
import sys
import threading
import time
from datetime import UTC, datetime
from types import FrameType
from typing import Any

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue as RqQueue
from rq import Worker
from rq.job import Job as RqJob
from rq.scheduler import RQScheduler
from rq.serializers import JSONSerializer

from server import queue, wiring
from server.db import Database, make_engine
from server.logs import write_json_lines
from server.maps.kept import Kept, hear_commits
from server.settings import Settings, from_environment
from server.work import Job, Work

log = structlog.get_logger()

TICK_S = 2.0
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 15.0
MAINTENANCE_S = 60
# The largest picture that is looked into, 100 million pixels, takes 300 MB decoded and again upright.
JOB_MEMORY_BYTES = 2 * 1024**3
# Loaded before the first fork, so that no job pays for it.
PRELOADED = ("server.photos.derive", "server.photos.watermark")


def perform(name: str, *arguments: queue.Argument) -> None:
    """Do one job of `wiring.JOBS`; what it raises makes it failed, to be tried again later."""
    began = time.monotonic()
    settings = from_environment()
    engine = make_engine(settings.database_url, pool_size=1)
    try:
        with queue.connect(settings.redis_url) as redis:
            queue.begun(redis, name)
            hear_commits(engine, Kept(redis))
            database = Database(engine, wiring.carried(settings))
            job_named(name)(Work(database, settings, redis, datetime.now(UTC)), *arguments)
    finally:
        engine.dispose()
    log.info("job done", job=name, count=len(arguments), ms=round((time.monotonic() - began) * 1000))


def job_named(name: str) -> Job:
    """Return a job by its name.

    Raises:
        KeyError: no room offers it.
    """
    return wiring.JOBS[name] if name in wiring.JOBS else wiring.PERIODIC[name][0]


def limit_memory(most_bytes: int = JOB_MEMORY_BYTES) -> None:
    """Let this process take no more memory for its data: MemoryError beyond it (setrlimit(2))."""
    _, hardest = resource.getrlimit(resource.RLIMIT_DATA)
    most = most_bytes if hardest == resource.RLIM_INFINITY else min(most_bytes, hardest)
    resource.setrlimit(resource.RLIMIT_DATA, (most, hardest))


class PatientWorker(Worker):
    """A worker that limits the memory of its jobs and remembers whether it was asked to end."""

    asked_to_stop = False

    def request_stop(self, signum: int, frame: FrameType | None) -> Any:
        """Finish the present job, then end; a second signal ends at once."""
        self.asked_to_stop = True
        return super().request_stop(signum, frame)  # type: ignore[no-untyped-call]  # RQ leaves it so

    def main_work_horse(self, job: RqJob, queue: RqQueue) -> None:
        """Perform a job in the process that was forked for it."""
        limit_memory()
        super().main_work_horse(job, queue)


def preload() -> None:
    """Load what jobs need, for the processes that are forked from this one."""
    for module in PRELOADED:
        importlib.import_module(module)
    gc.collect()
    # A collector that walks over what is shared would copy it into each job's process.
    gc.freeze()


def work(settings: Settings) -> None:
    """Perform jobs until SIGTERM; while Redis is away, try again with growing pauses."""
    preload()
    pause = FIRST_PAUSE_S
    while True:
        began = time.monotonic()
        if _work_once(settings):
            return
        pause = (
            FIRST_PAUSE_S if time.monotonic() - began > LONGEST_PAUSE_S else min(2 * pause, LONGEST_PAUSE_S)
        )
        log.warning("worker lost Redis", again_in_s=pause)
        time.sleep(pause)


def _work_once(settings: Settings) -> bool:
    """Perform jobs until something is wrong; return whether the worker was asked to stop."""
    worker: PatientWorker | None = None
    with contextlib.suppress(RedisError, OSError), Redis.from_url(settings.redis_url) as redis:
        worker = PatientWorker(
            [queue.open_queue(redis)],
            connection=redis,
            serializer=JSONSerializer,
            maintenance_interval=MAINTENANCE_S,
            log_job_description=False,
        )
        worker.work(logging_level="WARNING")
    _end_on_signal()
    return worker is not None and worker.asked_to_stop


def schedule(settings: Settings, stopping: threading.Event) -> None:
    """Ask for periodic jobs and for due retries until `stopping`; any number of schedulers may run."""
    with queue.connect(settings.redis_url) as redis:
        retries = RQScheduler(
            [queue.open_queue(redis)], redis, serializer=JSONSerializer, logging_level=logging.WARNING
        )
        while not stopping.is_set():
            tick(redis, retries, time.time())
            stopping.wait(TICK_S)


def tick(redis: Redis, retries: RQScheduler, moment: float) -> None:
    """Ask for what is due at a POSIX time."""
    for name, (_, every_s) in wiring.PERIODIC.items():
        if queue.enqueue_for_slot(redis, name, int(moment // every_s), every_s):
            log.debug("periodic job", job=name)
    try:
        retries.acquire_locks()  # type: ignore[no-untyped-call]  # RQ leaves it so
        retries.enqueue_scheduled_jobs()  # type: ignore[no-untyped-call]  # RQ leaves it so
    except (RedisError, OSError) as fault:
        log.warning("scheduler lost Redis", fault=str(fault))


def _end_on_signal() -> None:
    """Let SIGTERM and Ctrl-C end a pause at once; RQ has put its own handlers in place."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: sys.exit(0))


def _stop_event() -> threading.Event:
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopping.set())
    return stopping


def main(words: list[str]) -> int:
    """Run one of the two processes; return the exit code for the shell."""
    write_json_lines()
    if words == ["worker"]:
        _end_on_signal()
        work(from_environment())
    elif words == ["scheduler"]:
        schedule(from_environment(), _stop_event())
    else:
        sys.stderr.write("usage: python -m server.worker worker|scheduler\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
