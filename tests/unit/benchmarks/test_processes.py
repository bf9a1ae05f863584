import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.benchmarks.processes import cpu_s, family, pss_mb

SPINS_IN_A_CHILD = """
import subprocess, sys, time
subprocess.run([sys.executable, "-c", "import time\\nwhile time.process_time() < 0.4: pass"])
print("done", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def parent() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", SPINS_IN_A_CHILD]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process


def test_a_childs_processor_time_stays_counted_after_its_end(parent: subprocess.Popen[str]) -> None:
    assert parent.stdout is not None
    parent.stdout.readline()

    assert family(parent.pid) == [parent.pid]
    assert 0.4 <= cpu_s([parent.pid]) < 5


def test_memory_is_counted_over_the_whole_family(parent: subprocess.Popen[str]) -> None:
    assert parent.pid in family(os.getpid())
    assert pss_mb([os.getpid()]) > pss_mb([parent.pid]) > 1


def test_a_process_that_is_gone_costs_nothing() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()

    assert cpu_s([gone.pid]) == pss_mb([gone.pid]) == 0
