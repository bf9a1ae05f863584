"""The killer ends what the pid files name, and only while it is told to."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.killer import VICTIMS, Killer

HAS_A_CHILD = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=sys.stdin)
print(child.pid, flush=True)
print(child.wait(), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def service() -> Iterator[subprocess.Popen[str]]:
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", HAS_A_CHILD], stdin=pipe, stdout=pipe, text=True) as process:
        yield process
        process.kill()


def heard(service: subprocess.Popen[str]) -> str:
    assert service.stdout is not None
    return service.stdout.readline().strip()


def killer(run: Path) -> Killer:
    return Killer(run, random.Random(1), every_s=(0.001, 0.01))


def test_a_services_first_process_is_killed(service: subprocess.Popen[str], tmp_path: Path) -> None:
    heard(service)
    (tmp_path / "web.pid").write_text(f"{service.pid}\n")
    wild = killer(tmp_path)

    assert wild.kill("web", whole=True)

    assert service.wait(20) == -signal.SIGKILL
    assert wild.kills == {"web": 1}


def test_a_single_child_is_killed_and_its_parent_lives(
    service: subprocess.Popen[str], tmp_path: Path
) -> None:
    heard(service)
    (tmp_path / "postgres.pid").write_text(f"{service.pid}\n")
    wild = killer(tmp_path)

    assert wild.kill("postgres", whole=False)

    assert heard(service) == str(-signal.SIGKILL)
    assert service.poll() is None
    assert wild.kills == {"postgres child": 1}


def test_what_does_not_run_is_no_kill(tmp_path: Path) -> None:
    (tmp_path / "redis.pid").write_text("no number\n")
    wild = killer(tmp_path)

    assert not wild.kill("redis", whole=True)
    assert not wild.kill("worker", whole=True)
    assert not wild.kills


def test_it_kills_on_its_own_until_it_is_stopped(service: subprocess.Popen[str], tmp_path: Path) -> None:
    heard(service)
    for name in set(VICTIMS):
        (tmp_path / f"{name}.pid").write_text(f"{service.pid}\n")

    with killer(tmp_path) as wild:
        assert service.wait(20) == -signal.SIGKILL

    assert sum(wild.kills.values()) >= 1
    assert not wild._thread.is_alive()
