"""What inspections add to the report of a day, a week or a month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from server.auth.actor import Actor
from server.auth.rules import reach
from server.inspections import queries
from server.ledger.bulletins.parts import Figure, Part, Span
from server.ledger.terms import local_day

LIST = "/api/v1/inspections"


def count(session: Session, span: Span, actor: Actor, now: datetime) -> Sequence[Figure]:
    """Return how often was inspected, where, what was looked at and how often something was wrong.

    An inspection belongs to the day on which it was received, so that a report once sent never grows.

    Raises:
        NotYours: the role sees no inspections.
    """
    visible = queries.within(actor, reach(actor, "inspections.list"), local_day(now))
    wanted = queries.Filter(received_from=span.first, received_to=span.last, subdistrict=span.subdistrict)
    every = queries.counted(session, wanted, visible)
    wrong = queries.counted(session, replace(wanted, violating=True), visible)
    dates = ("received_from", "received_to")
    return (
        Figure("inspections", "检查次数", "Inspections", every["inspections"], span.address(LIST, *dates)),
        Figure("communities", "检查小区数", "Communities inspected", every["communities"]),
        Figure("items", "检查项数", "Items looked at", every["items"]),
        Figure(
            "violating",
            "发现问题的检查",
            "Found something wrong",
            wrong["inspections"],
            span.address(LIST, *dates, violating="true"),
        ),
    )


PART = Part("inspections", "巡查检查", "Inspections", count)
