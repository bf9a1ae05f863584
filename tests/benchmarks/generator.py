"""The harness's hand on the load generator."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TypeVar

import orjson

from server.local.places import CHECKOUT
from tests.benchmarks.load import Load, Order

T = TypeVar("T")


class Faulty(Exception):
    """Some pushes were refused, so the figures would say nothing; the message tells how and how many."""


class Generator:
    """A running load generator."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def carry_out(self, order: Order, reading: Callable[[], T]) -> tuple[Load, T, T]:
        """Return the load and what `reading` returned right before and right after it.

        The order's tablets have their next seqs afterwards.

        Raises:
            Faulty: a push or an item of it was refused.
        """
        self._say(orjson.dumps(asdict(order)).decode())
        self._hear()
        before = reading()
        self._say("")
        told = self._hear()
        after = reading()
        load = Load(**orjson.loads(told))
        for tablet, next_seq in zip(order.tablets, load.next_seqs, strict=True):
            tablet.next_seq = next_seq
        if load.faults or not load.accepted:
            raise Faulty(f"accepted {load.accepted}, {load.statuses}, {load.faults}")
        return load, before, after

    def _say(self, line: str) -> None:
        if self._process.stdin is not None:
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()

    def _hear(self) -> str:
        line = self._process.stdout.readline() if self._process.stdout is not None else ""
        if not line:
            raise Faulty("the load generator ended; its words stand above")
        return line


@contextmanager
def generator() -> Iterator[Generator]:
    """Yield a load generator that ends with the block."""
    command = [sys.executable, "-m", "tests.benchmarks.load"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=CHECKOUT) as process:
        try:
            yield Generator(process)
        finally:
            process.kill()
