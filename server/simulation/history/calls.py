"""What residents told in the last weeks: complaints and orders of the hotline, answered or waiting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from checklists.deadlines import SHANGHAI
from server.auth.actor import Actor
from server.complaints import obeying
from server.complaints import service as complaints
from server.complaints.hotline import service as hotline
from server.complaints.hotline.pasting import take_text
from server.complaints.hotline.taking import By
from server.simulation.history.ground import Site
from server.simulation.history.people import Staff
from server.simulation.history.words import CALLS, Call

SITES_PER_CALL = 4
LONGEST_AGO = timedelta(days=20)
# Real numbers of work orders have no such letters.
ORDER_PREFIX = "DEMO"
Steps = Sequence[tuple[str, dict[str, Any]]]
# How far the desk has come, of several complaints and orders in turn.
COMPLAINT_WAYS: Sequence[Steps] = (
    (),
    (("complaint.acknowledge", {}),),
    (
        ("complaint.acknowledge", {}),
        ("complaint.verify", {"finding": "true", "text": "现场核实，情况属实"}),
    ),
    (
        ("complaint.acknowledge", {}),
        ("complaint.verify", {"finding": "true", "text": "现场核实，情况属实"}),
        ("complaint.answer", {"answer": "已责成物业企业整改，并安排专人回访。"}),
        ("complaint.close", {"outcome": "satisfied"}),
    ),
    (
        ("complaint.acknowledge", {}),
        ("complaint.verify", {"finding": "not_found", "text": "到场未发现所述情况"}),
        ("complaint.answer", {"answer": "经两次到场查看，未发现所述情况，将加强巡查。"}),
    ),
)
ORDER_WAYS: Sequence[Steps] = (
    (),
    (("hotline.accept", {}),),
    (("hotline.reply", {"reply": "已现场核实并责成整改，整改完成后回访。"}),),
)


@dataclass(frozen=True, slots=True)
class Calls:
    """Takes calls in as the desks of the streets do, through the product's own doors."""

    session: Session
    staff: Staff
    draw: Random
    now: datetime

    def take(self, sites: Sequence[Site]) -> None:
        """Take a complaint in at every fourth community, and an order of the hotline at the next."""
        for turn, site in enumerate(sites[::SITES_PER_CALL]):
            self._complain(site, self.draw.choice(CALLS), COMPLAINT_WAYS[turn % len(COMPLAINT_WAYS)])
        for turn, site in enumerate(sites[1::SITES_PER_CALL]):
            self._order(turn, site, self.draw.choice(CALLS), ORDER_WAYS[turn % len(ORDER_WAYS)])

    def _complain(self, site: Site, call: Call, steps: Steps) -> None:
        place, cell = site.place(self.draw)
        began, clerk = self._some_time_ago(), self._desk(site, "intake_clerk")
        data = {
            "community_id": str(site.community_id),
            "channel": self.draw.choice(("visit", "phone", "letter")),
            "category": call.category,
            "description": call.words,
            "grid_cell_code": cell,
            "location": dict(place.sent),
        }
        stands = complaints.register(self.session, data, actor=clerk, now=began)
        for at, (command, given) in zip(self._moments(began, steps), steps, strict=True):
            stands = obeying.obey(
                self.session,
                UUID(stands["complaint_id"]),
                command=command,
                base_version=stands["version"],
                data=given,
                actor=clerk,
                now=at,
            )

    def _order(self, turn: int, site: Site, call: Call, steps: Steps) -> None:
        called, dispatcher = self._some_time_ago(), self._desk(site, "dispatcher")
        local = called.astimezone(SHANGHAI)
        number = f"{ORDER_PREFIX}{local:%Y%m%d}{turn:04d}"
        text = "\n".join(
            (
                f"工单编号：{number}",
                f"来电时间：{local:%Y-%m-%d %H:%M}",
                f"诉求：{call.words}",
                f"地址：{site.community['name']}",
            )
        )
        by = By(dispatcher, hotline.desk_of(dispatcher, hotline.WORK), "paste", called + timedelta(minutes=9))
        take_text(self.session, text, by, dry_run=False)
        [stands] = hotline.orders(
            self.session,
            {"text": number},
            sort="newest",
            after=None,
            limit=1,
            actor=dispatcher,
            now=self.now,
        )
        for at, (command, given) in zip(self._moments(by.now, steps), steps, strict=True):
            hotline.obey(
                self.session,
                UUID(stands["order_id"]),
                command,
                stands["version"],
                given,
                actor=dispatcher,
                now=at,
            )

    def _some_time_ago(self) -> datetime:
        return self.now - LONGEST_AGO * self.draw.uniform(0.02, 1.0)

    def _moments(self, began: datetime, steps: Steps) -> list[datetime]:
        """Return when each step was taken: spread evenly from the call until now."""
        return [began + (self.now - began) * at / (len(steps) + 1) for at in range(1, len(steps) + 1)]

    def _desk(self, site: Site, role: str) -> Actor:
        return self.draw.choice(self.staff.desks[site.street, role])
