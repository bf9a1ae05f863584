"""Trying what-ifs upon a finished plan, and holding its problem ready for them."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Protocol
from uuid import UUID

import orjson
from sqlalchemy.orm import Session

from geo.siting.errors import BadProblem
from server.auth.actor import Actor
from server.auth.rules import reach
from server.siting.plans import queries as plans
from server.siting.plans.errors import PlanNotReady
from server.siting.plans.service import ASK, hold_visible
from server.siting.trials import gates
from server.siting.trials.beside import Silent
from server.siting.trials.errors import TakesLonger

# A process that has to be begun and told the problem first needs the most of it.
PATIENCE_S = 5.0


class Desk(Protocol):
    """Who answers what-ifs; see `beside.Beside`."""

    def ask(self, order: bytes, patience_s: float) -> bytes:
        """Return the line that answers a line; raises `Silent`."""


def tried(
    session: Session, desk: Desk, plan_id: UUID, changes: Mapping[str, Any], *, actor: Actor
) -> dict[str, Any]:
    """Return what would come of a plan with changes: `plan`, or `because` when no plan can do that.

    Nothing is stored. The same changes as a variant (with gates: as a scenario) are solved to the end by a
    worker.

    Args:
        changes: see `geo.siting.whatif.Changes`; and `open_gates`, upon which `distances` tells the walks to
            the sites of the answer.

    Raises:
        BadProblem: the changes do not fit. PlanNotReady: the plan has no sites yet.
        TakesLonger: no answer came in time.
        NoWalks: gates are opened of a plan that does not walk. InvalidInput: a gate is not there, or open.
        NotYours, NotFound: see `plans.service.found`.
    """
    _hold(session, plan_id, actor)
    others = {name: value for name, value in changes.items() if name != "open_gates"}
    opened = sorted({str(gate) for gate in changes.get("open_gates", ())})
    ways = gates.ways_through(session, plan_id, opened, actor=actor) if opened else None
    answer = _asked(session, desk, plan_id, others, ways)
    if "faults" in answer:
        raise BadProblem([tuple(fault) for fault in answer["faults"]])
    if "late" in answer:
        raise TakesLonger
    return {
        "plan": answer.get("plan"),
        "distances": answer.get("distances"),
        "because": answer.get("impossible"),
    }


def make_ready(session: Session, desk: Desk, plan_id: UUID, *, actor: Actor) -> None:
    """Let the problem of a plan be held ready, so that the first what-if is answered as fast as the next.

    Raises:
        PlanNotReady, TakesLonger, NotYours, NotFound: see `tried`.
    """
    _hold(session, plan_id, actor)
    _asked(session, desk, plan_id, None, None)


def _hold(session: Session, plan_id: UUID, actor: Actor) -> None:
    reach(actor, ASK)
    state, has_sites = hold_visible(session, plan_id, actor=actor)
    if not has_sites:
        raise PlanNotReady(state)


def _asked(
    session: Session,
    desk: Desk,
    plan_id: UUID,
    changes: Mapping[str, Any] | None,
    ways: gates.Opened | None,
) -> dict[str, Any]:
    order: dict[str, Any] = {"name": str(plan_id)} | ({} if changes is None else {"changes": changes})
    if ways is not None:
        order |= {"name": f"{plan_id} {ways.name}", "told": True}
    end = time.monotonic() + PATIENCE_S
    try:
        answer = _answer(desk, order, end)
        if "unknown" in answer:
            problem, plan = plans.as_text(session, plan_id)
            kept: dict[str, Any] = {"problem": orjson.Fragment(problem), "plan": orjson.Fragment(plan)}
            kept |= {} if ways is None else {"ways": ways.sent()}
            answer = _answer(desk, order | kept, end)
    except Silent:
        raise TakesLonger from None
    return answer


def _answer(desk: Desk, order: Mapping[str, Any], end: float) -> dict[str, Any]:
    answer: dict[str, Any] = orjson.loads(desk.ask(orjson.dumps(order), end - time.monotonic()))
    return answer
