"""The load generator, a process of its own: `python -m tests.benchmarks.load`.

It reads one order a line from standard input, says `{"ready": true}` when everything is drawn and connected,
waits for an empty line, pushes until the time or the count is over, and answers with one line of JSON.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

import orjson

from tests.benchmarks.wire import Line
from tests.benchmarks.work import Tablet, Work


@dataclass(frozen=True, slots=True)
class Order:
    """What to push: by which tablets, at most how long and how many inspections each."""

    url: str
    tablets: list[Tablet]
    inspections: int
    photos: int
    seconds: float
    seed: int
    most: int = 1_000_000
    violations: float = 0.25


@dataclass(slots=True)
class Load:
    """What came of it. Times in milliseconds per request; `statuses` counts items, faults by their answer."""

    accepted: int = 0
    seconds: float = 0.0
    client_cpu_s: float = 0.0
    times_ms: list[float] = field(default_factory=list)
    statuses: dict[str, int] = field(default_factory=dict)
    warnings: dict[str, int] = field(default_factory=dict)
    faults: dict[str, int] = field(default_factory=dict)
    next_seqs: list[int] = field(default_factory=list)


class Client:
    """One tablet that pushes as fast as it is answered."""

    def __init__(self, order: Order, number: int) -> None:
        self.order = order
        self.tablet = order.tablets[number]
        self.work = Work(order.seed * 1000 + number, order.violations)
        self.line = Line(order.url, self.tablet.access_token)
        self.times_ms: list[float] = []
        self.statuses: Counter[str] = Counter()
        self.warnings: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()

    def run(self, ends: float) -> None:
        """Push until the end; a fault at the envelope stops this tablet, as its seqs would have a hole."""
        sent = 0
        with self.line:
            while time.perf_counter() < ends and sent < self.order.most and not self.faults:
                self._push()
                sent += self.order.inspections

    def _push(self) -> None:
        before = self.tablet.next_seq
        push = self.work.push(self.tablet, inspections=self.order.inspections, photos=self.order.photos)
        began = time.perf_counter()
        try:
            status, content = self.line.send(
                "POST", "/sync/v1/push", push.body, Content_Type=push.content_type
            )
        except OSError as problem:
            status, content = 0, str(problem).encode()
        self.times_ms.append((time.perf_counter() - began) * 1000)
        if status != 200:
            self.tablet.next_seq = before
            self.faults[f"{status} {content[:200].decode(errors='replace')}"] += 1
            return
        self._count(orjson.loads(content)["results"])

    def _count(self, results: list[dict[str, Any]]) -> None:
        for result in results:
            complete = not result["missing_photos"]
            self.statuses[result["status"] if complete else f"{result['status']}, photos missing"] += 1
            self.warnings.update(warning["type"] for warning in result["warnings"])
            if result["problem"]:
                self.faults[orjson.dumps(result["problem"]).decode()[:300]] += 1


def carry_out(order: Order, wait: Callable[[], None]) -> Load:
    """Draw, connect, wait for the word, push with every tablet at once, and return what came of it."""
    clients = [Client(order, number) for number in range(len(order.tablets))]
    wait()
    began, cpu = time.perf_counter(), time.process_time()
    threads = [threading.Thread(target=one.run, args=(began + order.seconds,)) for one in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return _sum(clients, time.perf_counter() - began, time.process_time() - cpu)


def _sum(clients: list[Client], seconds: float, cpu_s: float) -> Load:
    statuses: Counter[str] = sum((one.statuses for one in clients), Counter())
    return Load(
        accepted=statuses["applied"] + statuses["merged"],
        seconds=seconds,
        client_cpu_s=cpu_s,
        times_ms=[t for one in clients for t in one.times_ms],
        statuses=dict(statuses),
        warnings=dict(sum((one.warnings for one in clients), Counter[str]())),
        faults=dict(sum((one.faults for one in clients), Counter[str]())),
        next_seqs=[one.tablet.next_seq for one in clients],
    )


def main() -> None:
    """Serve orders until standard input ends."""
    for line in sys.stdin:
        given = orjson.loads(line)
        given["tablets"] = [Tablet(**one) for one in given["tablets"]]
        load = carry_out(Order(**given), _say_ready)
        print(orjson.dumps(asdict(load)).decode(), flush=True)


def _say_ready() -> None:
    print('{"ready": true}', flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    main()
