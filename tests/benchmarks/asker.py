"""Clients that only ask, a process of their own: `python -m tests.benchmarks.asker`.

It reads one order a line from standard input and answers each with one line of JSON.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass

import orjson

from server.local.places import CHECKOUT
from tests.benchmarks.wire import Bare, Refused


@dataclass(frozen=True, slots=True)
class Questions:
    """What to ask: the paths in turn, by so many clients at once, for so long."""

    url: str
    token: str | None
    paths: Sequence[str]
    clients: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of it: answers a second, and the middle of their times."""

    rate: float
    p50_ms: float


class Asker:
    """A running process of clients."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, order: Questions) -> Asked:
        """Return what came of the questions.

        Raises:
            Refused: an answer was no success.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(orjson.dumps(asdict(order)).decode() + "\n")
        self._process.stdin.flush()
        told = orjson.loads(self._process.stdout.readline() or b'{"fault": "the clients ended"}')
        if "fault" in told:
            raise Refused(told["fault"])
        return Asked(**told)


@contextmanager
def asker() -> Iterator[Asker]:
    """Yield clients that end with the block."""
    command = [sys.executable, "-m", "tests.benchmarks.asker"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=CHECKOUT) as process:
        try:
            yield Asker(process)
        finally:
            process.kill()


def carry_out(order: Questions) -> Asked:
    """Ask with every client at once until the time is over."""
    times: list[float] = []
    faults: list[str] = []
    ends = time.perf_counter() + order.seconds

    def run(number: int) -> None:
        with Bare(order.url, order.token) as line:
            turn = number
            while time.perf_counter() < ends and not faults:
                path = order.paths[turn % len(order.paths)]
                turn += order.clients
                began = time.perf_counter()
                try:
                    status, body = line.get(path)
                except OSError as fault:
                    status, body = 0, str(fault).encode()
                times.append(time.perf_counter() - began)
                if status != 200:
                    faults.append(f"GET {path}: {status} {body[:200].decode(errors='replace')}")

    began = time.perf_counter()
    threads = [threading.Thread(target=run, args=(number,)) for number in range(order.clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise Refused(faults[0])
    took = time.perf_counter() - began
    return Asked(len(times) / took, sorted(times)[len(times) // 2] * 1000)


def main() -> None:
    """Serve orders until standard input ends."""
    for line in sys.stdin:
        try:
            told: object = asdict(carry_out(Questions(**orjson.loads(line))))
        except (Refused, OSError) as fault:
            told = {"fault": str(fault)}
        print(orjson.dumps(told).decode(), flush=True)


if __name__ == "__main__":
    main()
