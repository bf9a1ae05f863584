"""What was lost with an answer, one case each: a tablet goes by what reached it, so must the server."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from server.communities import service as communities
from server.communities.service import local_day
from tests.chaos.faults import Fault
from tests.chaos.machine import Scripted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.chaos.writer import Writer
    from tests.integration.chaos.conftest import Place


def move(place: Place, cells: Sequence[str]) -> None:
    now = datetime.now(UTC)
    with place.county.transaction() as session:
        communities.assign(
            session, username="walker", cells=cells, starts=local_day(now), ends=None, actor=None, now=now
        )


def ask_for_a_page(tablet: Writer) -> None:
    query = {"cursor": tablet.client.store.fact("cursor"), "limit": 2000}
    tablet.client.line.once("GET", "/sync/v1/pull", params=query)


def test_work_where_the_tablet_last_pulled_counts_although_the_answer_to_a_later_pull_was_lost(
    place: Place, tablet: Writer
) -> None:
    move(place, place.grounds[1])
    tablet.proxy.draw = Scripted(0, 1.0, waiting=[Fault("lost_after")] * 2)
    for _ in range(2):
        ask_for_a_page(tablet)

    tablet.worker.inspect(0)

    assert [result["status"] for result in tablet.client.push()] == ["applied"]


def test_work_where_the_tablet_was_told_to_go_away_from_is_held(place: Place, tablet: Writer) -> None:
    tablet.worker.inspect(0)
    move(place, place.grounds[1])
    for _ in range(2):
        tablet.client.pull()

    assert [result["status"] for result in tablet.client.push()] == ["held"]
