"""The product on a port, with a loaded county behind it, and a tablet whose worker walks one community."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from server.app import create_app
from server.auth import enrolment
from tests.build import County, a_worker
from tests.chaos.faults import Draw
from tests.chaos.proxy import Proxy
from tests.chaos.writer import Writer
from tests.serving import served

CELLS = "SELECT array_agg(grid_cell_code) FROM geo.community_cell GROUP BY community_id ORDER BY 1"
WALKER = "walker"


@dataclass(frozen=True, slots=True)
class Place:
    """The product at an address, and a folder for tablets' files.

    Attributes:
        grounds: the cells of two communities that lie apart; the worker begins in the first ones.
    """

    url: str
    county: County
    folder: Path
    grounds: tuple[Sequence[str], Sequence[str]]


@pytest.fixture
def place(county: County, tmp_path: Path) -> Iterator[Place]:
    with county.transaction() as session:
        cells = session.execute(text(CELLS)).scalars().all()
    with served(create_app(replace(county.settings, pool_size=12))) as url:
        yield Place(url, county, tmp_path, (cells[0], cells[-1]))


@pytest.fixture
def tablet(place: Place) -> Iterator[Writer]:
    now = datetime.now(UTC)
    with place.county.transaction() as session:
        a_worker(session, place.grounds[0], username=WALKER, now=now)
        code = enrolment.make_code(session, username=WALKER, actor=None, now=now).enrolment_code
    with Proxy(place.url, Draw(0, 0)) as proxy:
        writer = Writer(proxy, place.folder / "walker.db", random.Random(3), crashes=0.0)
        writer.enrol(code)
        writer.pull()
        yield writer
        writer.client.close()
