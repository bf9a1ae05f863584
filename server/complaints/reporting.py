"""What complaints and orders of the hotline add to the report of a day, a week or a month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from server.auth.actor import Actor
from server.complaints import queries
from server.complaints.hotline import queries as orders
from server.complaints.hotline import service as hotline
from server.complaints.queries import Wanted
from server.complaints.service import period, seen_by
from server.ledger.bulletins.parts import Figure, Part, Span

COMPLAINTS, ORDERS = "/api/v1/complaints", "/api/v1/hotline/orders"


def count_complaints(session: Session, span: Span, actor: Actor, now: datetime) -> Sequence[Figure]:
    """Return how many complaints came in, and how many were answered.

    A complaint that was reopened and answered again counts on both days, so that a report once sent stays.

    Raises:
        NotYours: the role sees no complaints.
    """
    seen, (first, end) = seen_by(actor), period(span.first, span.last)
    received = Wanted(received_from=first, received_before=end, subdistrict=span.subdistrict)
    answered = Wanted(answered_from=first, answered_before=end, subdistrict=span.subdistrict)
    return (
        Figure(
            "received",
            "收到投诉",
            "Received",
            queries.count(session, seen, received, now),
            span.address(COMPLAINTS, "received_from", "received_to"),
        ),
        Figure(
            "answered",
            "答复投诉",
            "Answered",
            queries.count(session, seen, answered, now),
            span.address(COMPLAINTS, "answered_from", "answered_to"),
        ),
    )


def count_orders(session: Session, span: Span, actor: Actor, now: datetime) -> Sequence[Figure]:
    """Return how many orders of the hotline came in, and how many were replied to; see `count_complaints`.

    Raises:
        NotYours: the role has nothing to do with the hotline.
    """
    desk = hotline.desk_of(actor, hotline.LIST)

    def counted(since: str, until: str) -> int:
        asked = {since: span.first, until: span.last, "subdistrict": span.subdistrict}
        return orders.count(session, desk, asked, now=now)

    received, replied = ("received_from", "received_to"), ("replied_from", "replied_to")
    return (
        Figure("received", "收到工单", "Received", counted(*received), span.address(ORDERS, *received)),
        Figure("replied", "答复工单", "Replied to", counted(*replied), span.address(ORDERS, *replied)),
    )


PARTS = (
    Part("complaints", "投诉举报", "Complaints", count_complaints),
    Part("hotline", "12345 工单", "12345 orders", count_orders),
)
