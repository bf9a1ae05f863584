from pathlib import Path

import pytest
from click.testing import CliRunner
from redis import Redis
from rq.scheduler import RQScheduler
from rq.serializers import JSONSerializer

from server import queue, wiring, worker
from server.console import Console
from server.job_commands import jobs
from server.work import Work


@pytest.fixture
def redis(redis_url: str) -> Redis:
    return Redis.from_url(redis_url)


def _away() -> Redis:
    return queue.connect("redis://127.0.0.1:1/0")


def test_asking_for_a_job_while_redis_is_away_raises_nothing() -> None:
    assert queue.enqueue(_away(), "derive", "9f" * 32) is False
    assert queue.wake(_away(), "derive") is False
    assert queue.enqueue_for_slot(_away(), "derive-waiting", 7, 30) is False
    assert queue.enqueue_once(_away(), "derive", "9f" * 32) is False


def test_who_wakes_a_job_that_already_waits_asks_for_no_other(redis: Redis) -> None:
    woken = [queue.wake(redis, "derive") for _ in range(3)]
    queue.begun(redis, "derive")
    woken.append(queue.wake(redis, "derive"))

    assert woken == [True, False, False, True]
    assert len(queue.open_queue(redis)) == 2


def test_two_schedulers_ask_for_a_periodic_job_once_a_slot(redis: Redis) -> None:
    asked = [queue.enqueue_for_slot(redis, "derive-waiting", slot, 30) for slot in (7, 7, 8, 7, 8)]

    assert asked == [True, False, True, False, False]
    assert len(queue.open_queue(redis)) == 2


def test_a_tick_asks_for_every_periodic_job_again_after_redis_was_wiped(redis: Redis) -> None:
    retries = RQScheduler([queue.open_queue(redis)], redis, serializer=JSONSerializer)

    for _ in range(2):
        worker.tick(redis, retries, 1_000_000)
        assert len(queue.open_queue(redis)) == len(wiring.PERIODIC)
        redis.flushdb()


def test_a_tick_lives_through_a_redis_that_is_away() -> None:
    worker.tick(_away(), RQScheduler(["wangge"], _away(), serializer=JSONSerializer), 1_000_000)


def test_every_periodic_job_can_be_performed_by_its_name() -> None:
    for name, (job, every_s) in wiring.PERIODIC.items():
        assert worker.job_named(name) == wiring.JOBS.get(name, job)
        assert every_s >= worker.TICK_S
    with pytest.raises(KeyError):
        worker.job_named("no such job")


def test_failed_jobs_are_listed_and_asked_for_again(
    redis: Redis, redis_url: str, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    def fail(work: Work, word: str) -> None:
        if not done:
            done.append(word)
            raise RuntimeError("the roof is on fire")
        done.append(word)

    monkeypatch.setitem(wiring.JOBS, "fail", fail)
    for name, value in (("DATABASE_URL", database_url), ("REDIS_URL", redis_url), ("SECRET_KEY", "s" * 32)):
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PHOTO_STORE", str(tmp_path))
    monkeypatch.setattr(queue.jobs, "RETRY_AFTER_S", (0,))
    queue.enqueue(redis, "fail", "now")
    job = queue.open_queue(redis).jobs[0]
    job.retries_left = 0
    job.save()

    _burst(redis)
    console = Console()
    listed = CliRunner().invoke(jobs, ["failed"], obj=console)
    assert "fail now: RuntimeError: the roof is on fire" in listed.output
    assert "1 failed" in listed.output
    assert CliRunner().invoke(jobs, ["retry"], obj=console).output == "1 asked for again\n"
    _burst(redis)

    assert done == ["now", "now"]
    assert CliRunner().invoke(jobs, ["failed", "--json"], obj=console).output == "[]\n"


def test_what_somebody_waits_for_is_done_once_and_may_be_asked_for_again_afterwards(
    redis: Redis, redis_url: str, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    monkeypatch.setitem(wiring.JOBS, "note", lambda work, word: done.append(word))
    for name, value in (("DATABASE_URL", database_url), ("REDIS_URL", redis_url), ("SECRET_KEY", "s" * 32)):
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PHOTO_STORE", str(tmp_path))

    asked = [queue.enqueue_once(redis, "note", word) for word in ("a", "a", "b")]
    _burst(redis)
    asked.append(queue.enqueue_once(redis, "note", "a"))

    assert asked == [True, False, True, True]
    assert done == ["a", "b"]


def _burst(redis: Redis) -> None:
    from rq import SimpleWorker

    SimpleWorker([queue.open_queue(redis)], connection=redis, serializer=JSONSerializer).work(burst=True)
