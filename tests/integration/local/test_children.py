"""Processes are started again when they die, and stopped with all they started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from server.local import leftovers
from server.local.children import Child, Watch
from server.local.errors import AlreadyRunning
from server.local.locks import holder, locked
from server.local.ports import free_port
from server.local.programs import redis_program
from server.local.redis_server import RedisServer

PARENT_AND_CHILD = "sleep 300 & echo $! > {child}; wait"


@pytest.fixture
def watch() -> Iterator[Watch]:
    kept = Watch(lambda _words: None)
    yield kept
    kept.stop()


def _until(true: Callable[[], object], within_s: float) -> None:
    ends = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < ends, "too late"
        time.sleep(0.02)


def _pid(file: Path) -> int:
    return int(file.read_text())


def _alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False


def test_redis_is_back_within_two_seconds_of_its_death(watch: Watch, tmp_path: Path) -> None:
    server = RedisServer(redis_program(), tmp_path / "redis", free_port())
    pid_file = tmp_path / "redis.pid"
    watch.add(Child("redis", server.command(), {"cwd": "/"}, tmp_path / "redis.log", pid_file))
    server.wait()
    time.sleep(1)
    killed = _pid(pid_file)

    os.kill(killed, signal.SIGKILL)

    _until(lambda: _pid(pid_file) != killed and server.answers(), within_s=2)


def test_a_process_takes_what_it_started_with_it(watch: Watch, tmp_path: Path) -> None:
    child_file, pid_file = tmp_path / "child.pid", tmp_path / "sh.pid"
    command = ["sh", "-c", PARENT_AND_CHILD.format(child=child_file)]
    watch.add(Child("sh", command, {"cwd": "/"}, tmp_path / "sh.log", pid_file))
    _until(child_file.exists, within_s=5)
    time.sleep(1.1)
    leader, below = _pid(pid_file), _pid(child_file)

    os.kill(leader, signal.SIGKILL)

    _until(lambda: not _alive(below), within_s=2)
    _until(lambda: _pid(pid_file) != leader, within_s=2)
    _until(lambda: child_file.read_text().strip() not in ("", str(below)), within_s=2)
    second = _pid(child_file)
    watch.stop()
    assert not pid_file.exists()
    _until(lambda: not _alive(second), within_s=2)


def test_one_that_keeps_dying_is_named_with_its_log_and_then_left_in_peace(tmp_path: Path) -> None:
    said: list[str] = []
    watch = Watch(said.append)
    watch.add(Child("brief", ["sh", "-c", "exit 1"], {"cwd": "/"}, tmp_path / "brief.log", tmp_path / "pid"))

    _until(lambda: "keeps dying" in said[-1] if said else False, within_s=8)
    time.sleep(1.5)
    watch.stop()

    assert len(said) == 3
    assert str(tmp_path / "brief.log") in said[-1]


def test_one_that_ignores_the_request_to_stop_is_killed(watch: Watch, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-c",
        "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(300)",
    ]
    child = Child("deaf", command, {"cwd": "/"}, tmp_path / "log", tmp_path / "pid", patience_s=0.5)
    watch.add(child)
    pid = _pid(tmp_path / "pid")
    time.sleep(0.3)

    watch.stop()

    assert not _alive(pid)


def test_what_a_killed_supervisor_left_is_found_and_ended(tmp_path: Path) -> None:
    left = subprocess.Popen(["sleep", "300"], env=leftovers.mark(tmp_path), start_new_session=True)
    other = subprocess.Popen(["sleep", "300"], env=leftovers.mark(tmp_path / "other"), start_new_session=True)
    try:
        _until(lambda: leftovers.end(tmp_path) == 1, within_s=2)

        assert left.wait(5) == -signal.SIGTERM
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_a_second_start_of_the_same_checkout_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "run.lock"

    with locked(file, wait=False):
        assert holder(file) == os.getpid()
        with pytest.raises(AlreadyRunning, match="running already"), locked(file, wait=False):
            pass
    assert holder(file) is None
