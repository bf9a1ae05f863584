"""Worker and scheduler as processes, as `make run` starts them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import text

from server import queue
from server.db import Database, make_engine
from server.local.places import CHECKOUT
from server.local.ports import free_port
from server.local.programs import redis_program
from server.local.redis_server import RedisServer
from server.photos import service
from server.photos.incoming import Incoming
from server.photos.store import Folder
from tests.integration.photos.conftest import NOW
from tests.pictures import jpeg, sha256


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[RedisServer]:
    server = RedisServer(redis_program(), tmp_path / "redis", free_port())
    server.launch()
    yield server
    server.stop()


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    engine = make_engine(database_url)
    yield Database(engine, {"travelling": {}})
    engine.dispose()


class Processes:
    """The processes of one test; all of them are ended with it."""

    def __init__(self, environ: dict[str, str], folder: Path) -> None:
        self._environ = environ
        self._folder = folder
        self._started: list[subprocess.Popen[bytes]] = []

    def start(self, name: str) -> subprocess.Popen[bytes]:
        """Start `worker` or `scheduler`."""
        with open(self._folder / f"{name}.log", "ab") as log:
            words = [sys.executable, "-m", "server.worker", name]
            process = subprocess.Popen(words, cwd=CHECKOUT, env=self._environ, stdout=log, stderr=log)
        self._started.append(process)
        return process

    def log(self, name: str) -> str:
        """Return what a process has written."""
        return (self._folder / f"{name}.log").read_text()

    def stop(self) -> None:
        """End what still runs."""
        for process in self._started:
            process.kill()
            process.wait()


@pytest.fixture
def processes(database_url: str, own_redis: RedisServer, tmp_path: Path) -> Iterator[Processes]:
    own = {
        "DATABASE_URL": database_url,
        "REDIS_URL": own_redis.url(),
        "SECRET_KEY": "s" * 32,
        "PHOTO_STORE": str(tmp_path / "photos"),
    }
    started = Processes({**os.environ, **own}, tmp_path)
    yield started
    started.stop()


def _store(db: Database, tmp_path: Path, seed: int, content: bytes | None = None) -> bytes:
    store, content = Folder(tmp_path / "photos"), content or jpeg(seed, (400, 300))
    incoming = Incoming(store.temporary(), 10**7)
    incoming.write(content)
    arrival = incoming.arrived(sha256(content))
    with db.transaction() as session:
        service.take(session, store, [arrival], now=NOW)
    arrival.discard()
    return sha256(content)


def _derived(db: Database, sha: bytes) -> bool:
    with db.transaction() as session:
        query = text("SELECT derived_at IS NOT NULL FROM server.photo WHERE sha256 = :sha")
        return bool(session.scalar(query, {"sha": sha}))


def _wait(what: Callable[[], bool], patience_s: float = 40) -> None:
    ends = time.monotonic() + patience_s
    while not what():
        assert time.monotonic() < ends, "waited too long"
        time.sleep(0.1)


def _end(process: subprocess.Popen[bytes]) -> int:
    process.send_signal(signal.SIGTERM)
    return process.wait(10)


def test_a_worker_derives_outlives_a_restart_of_redis_and_ends_cleanly(
    processes: Processes, own_redis: RedisServer, db: Database, tmp_path: Path
) -> None:
    process = processes.start("worker")
    first = _store(db, tmp_path, 1)
    with Redis.from_url(own_redis.url()) as redis:
        queue.wake(redis, "derive")
    _wait(lambda: _derived(db, first))

    own_redis.stop()
    time.sleep(1)
    assert process.poll() is None
    own_redis.launch()
    second = _store(db, tmp_path, 2)
    with Redis.from_url(own_redis.url()) as redis:
        queue.wake(redis, "derive")
    _wait(lambda: _derived(db, second))

    assert _end(process) == 0


def test_a_job_that_wants_more_memory_than_it_may_have_gets_an_error_and_not_the_machine() -> None:
    greedy = (
        "from server.worker import limit_memory\n"
        "limit_memory(256 * 2**20)\n"
        "try:\n    bytearray(512 * 2**20)\nexcept MemoryError:\n    print('refused')"
    )

    answer = subprocess.run([sys.executable, "-c", greedy], cwd=CHECKOUT, capture_output=True, text=True)

    assert answer.stdout.strip() == "refused"


def test_a_worker_without_redis_waits_and_ends_at_once_when_asked(
    processes: Processes, own_redis: RedisServer
) -> None:
    own_redis.stop()
    process = processes.start("worker")
    _wait(lambda: "worker lost Redis" in processes.log("worker"))

    assert _end(process) == 0


def test_a_lost_word_is_found_again_by_the_scheduler(
    processes: Processes, own_redis: RedisServer, db: Database, tmp_path: Path
) -> None:
    sha = _store(db, tmp_path, 3)
    both = processes.start("worker"), processes.start("scheduler")
    _wait(lambda: _derived(db, sha))
    with Redis.from_url(own_redis.url()) as redis:
        redis.flushall()
    again = _store(db, tmp_path, 4)
    _wait(lambda: _derived(db, again), 60)

    assert [_end(process) for process in both] == [0, 0]


def test_an_unknown_process_is_told_its_words() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "server.worker", "cook"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (2, "usage: python -m server.worker worker|scheduler\n")
