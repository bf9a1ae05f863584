"""What a page's main thread did in one piece: for how long, and how much of it was the page's own work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import CDPSession, Page

MAIN, TASK = "CrRendererMain", "RunTask"
Event = Mapping[str, Any]


@dataclass(slots=True)
class Tasks:
    """The longest task of a page's main thread in ms, known when it is no longer watched.

    Attributes:
        wall: from its begin to its end: also while the thread waited for another process (as for the one that
            draws, without a graphics card) or other programs had the processor.
        own: the processor's time that it took itself: what a page can do something about.
    """

    wall: float = 0.0
    own: float = 0.0


@contextmanager
def watched(page: Page) -> Iterator[Tasks]:
    """Yield the tasks of the page's main thread, counted by Chromium itself."""
    tasks, events = Tasks(), list[Event]()
    session = page.context.new_cdp_session(page)
    session.on("Tracing.dataCollected", lambda told: events.extend(told["value"]))
    session.send("Tracing.start", {"transferMode": "ReportEvents", "categories": "toplevel"})
    yield tasks
    _ended(page, session)
    session.detach()
    found = _of_the_page(events)
    tasks.wall = max((_ms(one, "dur") for one in found), default=0.0)
    tasks.own = max((_ms(one, "tdur") for one in found), default=0.0)


def _ended(page: Page, session: CDPSession) -> None:
    done: list[object] = []
    session.once("Tracing.tracingComplete", lambda told: done.append(told))
    session.send("Tracing.end")
    _until(page, lambda: bool(done))


def _until(page: Page, holds: Callable[[], bool]) -> None:
    while not holds():
        page.wait_for_timeout(20)


def _of_the_page(events: Sequence[Event]) -> list[Event]:
    """Return the tasks of that renderer's main thread which had most: the page's, not a worker's process."""
    mains = {_thread(one) for one in events if one["name"] == "thread_name" and one["args"]["name"] == MAIN}
    tasks = [one for one in events if one["name"].endswith(TASK) and _thread(one) in mains and "dur" in one]
    counted = Counter(map(_thread, tasks))
    page = counted.most_common(1)[0][0] if counted else None
    return [one for one in tasks if _thread(one) == page]


def _thread(event: Event) -> tuple[int, int]:
    return event["pid"], event["tid"]


def _ms(event: Event, name: str) -> float:
    return float(event.get(name, 0)) / 1000
