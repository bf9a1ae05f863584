"""Web, worker and scheduler are forked from one process, and seen and kept alive like children."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import TimeoutExpired

import pytest

from server.local.accounts import Launch
from server.local.children import Watch
from server.local.forked import Forked, Forker, Kin
from server.local.places import CHECKOUT

PATIENCE_S = 60


@pytest.fixture
def watch() -> Iterator[Watch]:
    kept = Watch(lambda _words: None)
    yield kept
    kept.stop()


@pytest.fixture
def forker(tmp_path: Path) -> Forker:
    nowhere = {
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "SECRET_KEY": "s" * 32,
        "PHOTO_STORE": str(tmp_path / "photos"),
    }
    launch: Launch = {"cwd": str(CHECKOUT), "env": {**os.environ, **nowhere}}
    command = [sys.executable, "-m", "server.forker"]
    return Forker("forker", command, launch, tmp_path / "forker.log", tmp_path / "forker.pid")


def _scheduler(forker: Forker, folder: Path) -> Forked:
    files = folder / "scheduler.log", folder / "scheduler.pid"
    return Forked("scheduler", ["scheduler"], forker.launch, *files, forker=forker)


def _until(true: Callable[[], object]) -> None:
    ends = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < ends, "too late"
        time.sleep(0.02)


def _stat(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()


def _pid(file: Path) -> int:
    return int(file.read_text())


def _memory_kb(pid: int, kind: str) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith(f"{kind}:"))


def test_a_forked_process_leads_a_session_writes_its_own_log_and_shares_its_memory(
    watch: Watch, forker: Forker, tmp_path: Path
) -> None:
    watch.add(forker)
    scheduler = _scheduler(forker, tmp_path)
    watch.add(scheduler)
    pid = _pid(scheduler.pid_file)

    _until(lambda: "not enqueued" in scheduler.log.read_text())

    assert _stat(pid)[1:4] == [str(_pid(forker.pid_file)), str(pid), str(pid)]
    assert Path(f"/proc/{pid}/comm").read_text() == "scheduler\n"
    assert _memory_kb(pid, "Shared_Dirty") > 2 * _memory_kb(pid, "Private_Dirty")
    assert forker.log.read_text() == ""


def test_a_forked_process_that_was_killed_is_forked_again(
    watch: Watch, forker: Forker, tmp_path: Path
) -> None:
    watch.add(forker)
    scheduler = _scheduler(forker, tmp_path)
    watch.add(scheduler)
    killed = _pid(scheduler.pid_file)
    _until(lambda: time.monotonic() - scheduler.started > 1)

    os.kill(killed, signal.SIGKILL)

    _until(lambda: _pid(scheduler.pid_file) != killed)
    assert _stat(_pid(scheduler.pid_file))[1] == forker.pid_file.read_text().strip()


def test_a_killed_forker_leaves_its_kin_alive_and_its_successor_replaces_those_that_die_later(
    watch: Watch, forker: Forker, tmp_path: Path
) -> None:
    watch.add(forker)
    scheduler = _scheduler(forker, tmp_path)
    watch.add(scheduler)
    first, below = _pid(forker.pid_file), _pid(scheduler.pid_file)
    _until(lambda: time.monotonic() - scheduler.started > 1)

    os.kill(first, signal.SIGKILL)

    _until(lambda: _pid(forker.pid_file) != first)
    assert scheduler.process is not None
    assert scheduler.process.poll() is None
    os.kill(below, signal.SIGKILL)
    _until(lambda: _pid(scheduler.pid_file) != below)
    assert _stat(_pid(scheduler.pid_file))[1] == forker.pid_file.read_text().strip()


def test_stopping_ends_the_forked_and_then_the_forker(watch: Watch, forker: Forker, tmp_path: Path) -> None:
    watch.add(forker)
    scheduler = _scheduler(forker, tmp_path)
    watch.add(scheduler)
    seen = [Kin(_pid(forker.pid_file)), Kin(_pid(scheduler.pid_file))]

    watch.stop()

    assert [one.poll() for one in seen] == [0, 0]
    assert not scheduler.pid_file.exists()


def test_who_waits_for_one_that_lives_is_told_so_and_one_that_is_gone_has_ended() -> None:
    alive = Kin(os.getpid())
    with pytest.raises(TimeoutExpired):
        alive.wait(0.01)
    gone = os.posix_spawn(sys.executable, [sys.executable, "-c", ""], {})
    os.waitpid(gone, 0)
    ended = Kin(gone)
    ended.kill()
    assert (ended.poll(), ended.wait()) == (0, 0)


def test_an_order_to_a_forker_that_was_never_started_is_an_os_error(forker: Forker, tmp_path: Path) -> None:
    with pytest.raises(BrokenPipeError):
        _scheduler(forker, tmp_path).start()
