"""What was lost with an answer, one case each: a tablet goes by what reached it, so must the server."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from server.auth import enrolment
from server.communities import service as communities
from server.communities.service import local_day
from tests.build import a_worker
from tests.chaos.faults import Draw, Fault
from tests.chaos.machine import Scripted
from tests.chaos.proxy import Proxy
from tests.chaos.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.integration.chaos.conftest import Place

CELLS = "SELECT array_agg(grid_cell_code) FROM geo.community_cell GROUP BY community_id ORDER BY 1"


@pytest.fixture
def grounds(place: Place) -> tuple[list[str], list[str]]:
    """Return the cells of two communities that lie apart."""
    with place.county.transaction() as session:
        found = session.execute(text(CELLS)).scalars().all()
    return found[0], found[-1]


@pytest.fixture
def tablet(place: Place, grounds: tuple[list[str], list[str]]) -> Iterator[Writer]:
    now = datetime.now(UTC)
    with place.county.transaction() as session:
        a_worker(session, grounds[0], username="walker", now=now)
        code = enrolment.make_code(session, username="walker", actor=None, now=now).enrolment_code
    with Proxy(place.url, Draw(0, 0)) as proxy:
        writer = Writer(proxy, place.folder / "t.db", random.Random(3), crashes=0.0)
        writer.enrol(code)
        writer.pull()
        yield writer
        writer.client.close()


def move(place: Place, cells: list[str]) -> None:
    now = datetime.now(UTC)
    with place.county.transaction() as session:
        communities.assign(
            session, username="walker", cells=cells, starts=local_day(now), ends=None, actor=None, now=now
        )


def ask_for_a_page(tablet: Writer) -> None:
    query = {"cursor": tablet.client.store.fact("cursor"), "limit": 2000}
    tablet.client.line.once("GET", "/sync/v1/pull", params=query)


def test_work_where_the_tablet_last_pulled_counts_although_the_answer_to_a_later_pull_was_lost(
    place: Place, tablet: Writer, grounds: tuple[list[str], list[str]]
) -> None:
    move(place, grounds[1])
    tablet.proxy.draw = Scripted(0, 1.0, waiting=[Fault("lost_after")] * 2)
    for _ in range(2):
        ask_for_a_page(tablet)

    tablet.worker.inspect(0)

    assert [result["status"] for result in tablet.client.push()] == ["applied"]


def test_work_where_the_tablet_was_told_to_go_away_from_is_held(
    place: Place, tablet: Writer, grounds: tuple[list[str], list[str]]
) -> None:
    tablet.worker.inspect(0)
    move(place, grounds[1])
    for _ in range(2):
        tablet.client.pull()

    assert [result["status"] for result in tablet.client.push()] == ["held"]
