"""What a worker does for a siting plan: solve it, say how far it is, stop when asked, keep the best."""

from __future__ import annotations

from datetime import timedelta
from time import monotonic, perf_counter
from typing import Any
from uuid import UUID

from geo.errors import GeoError
from server.queue import enqueue
from server.siting.plans import queries
from server.siting.plans.service import JOB
from server.siting.pulse import GONE_AFTER, beating
from server.work import Work

TELL_EVERY_S = 0.5
LONGEST_S = 3600
TIME_LIMIT_S = LONGEST_S + 300
EVERY_S = 60


def solve_plan(work: Work, plan_id: str) -> None:
    """Solve one plan, unless it is finished or another worker is at it."""
    number = UUID(plan_id)
    with work.database.transaction() as session:
        if not queries.take(session, number, work.now, work.now - GONE_AFTER):
            return
        asked = queries.plan(session, number)
        assert asked is not None
        stated = dict(asked.problem)
    with beating(work, "siting_plan", "plan_id", number):
        columns = _solved(work, number, stated)
    with work.database.transaction() as session:
        queries.finish(session, number, columns)


def ask_again(work: Work) -> None:
    """Hand over the plans whose word Redis has lost, or whose worker is gone."""
    with work.database.transaction() as session:
        left = queries.left_over(session, work.now - GONE_AFTER)
    for plan_id in left:
        enqueue(work.redis, JOB, str(plan_id), time_limit_s=TIME_LIMIT_S)


class _Listener:
    """Writes down value and bound now and then, and hears when somebody wants it stopped."""

    def __init__(self, work: Work, plan_id: UUID) -> None:
        self._work, self._plan_id = work, plan_id
        self._next, self.stopped = 0.0, False

    def __call__(self, value: float, bound: float) -> bool:
        if monotonic() >= self._next and not self.stopped:
            with self._work.database.transaction() as session:
                self.stopped = queries.heard(session, self._plan_id, _finite(value), _finite(bound))
            self._next = monotonic() + TELL_EVERY_S
        return self.stopped


def _solved(work: Work, plan_id: UUID, stated: dict[str, Any]) -> dict[str, Any]:
    """Return the columns that tell what became of it."""
    # scipy and HiGHS are loaded only by the worker that solves.
    from geo.siting.plan import plan_of
    from geo.siting.reading import problem_of
    from geo.siting.solving import solve

    told, begun = _Listener(work, plan_id), perf_counter()
    try:
        problem = problem_of(stated)
        plan = plan_of(problem, solve(problem, told), perf_counter() - begun)
    except GeoError as fault:
        because = {"detail": fault.detail, "detail_zh": fault.detail_zh, **fault.extra}
        return {"state": "impossible", "because": because, "finished_at": _end(work, begun)}
    state = "cancelled" if told.stopped else "solved"
    return {
        "state": state,
        "plan": plan,
        "value": _finite(plan["value"]),
        "bound": _finite(plan["bound"]),
        "finished_at": _end(work, begun),
    }


def _end(work: Work, begun: float) -> Any:
    return work.now + timedelta(seconds=perf_counter() - begun)


def _finite(value: float) -> float | None:
    return value if abs(value) < 1e300 else None
