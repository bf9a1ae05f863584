"""Who works in the benchmarks: tablets enrolled over HTTP, and somebody at a desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import count

import uuid6
from sqlalchemy import text

from checklists.catalog import catalog
from server import wiring
from server.auth import enrolment
from server.communities import service as people
from server.db import Database, make_engine
from tests.benchmarks.generator import Generator
from tests.benchmarks.load import Order
from tests.benchmarks.product import Product
from tests.benchmarks.pulling import pull
from tests.benchmarks.wire import Line
from tests.benchmarks.work import CHECKLIST, Tablet

CLIENTS = 16
READ_CELLS = 4
HELD = 12_500
PASSWORD = "bench-of-the-county"

# Rows of cells that no tablet here walks, as the county's other years of work would leave them. Only a
# superuser may hand out change numbers.
CROWD = """
SET session_replication_role = replica;
INSERT INTO sync.bucket_entry (bucket, entity, entity_id, version, rev, alive, digest, change_no)
SELECT 'cell:crowd-' || n % 80, 'inspection', gen_random_uuid(), 1, 1, true, n, 1 + n % greatest(most, 1)
  FROM generate_series(1, 1000000) AS n, (SELECT count(*) AS most FROM sync.change) AS numbers;
ANALYZE sync.bucket_entry;
"""

# The largest community of each cell, with a point of it that lies in the cell.
SPOTS = text("""
SELECT community_id, code, ST_X(spot) AS lon, ST_Y(spot) AS lat
  FROM (SELECT DISTINCT ON (g.code) c.community_id, g.code,
               ST_PointOnSurface(ST_Intersection(c.geom, g.geom)) AS spot
          FROM geo.community_cell cc
          JOIN geo.community c USING (community_id)
          JOIN geo.grid_cell g ON g.code = cc.grid_cell_code
         ORDER BY g.code, cc.area_m2 DESC) AS found
 ORDER BY code
""")


@dataclass(frozen=True, slots=True)
class Spot:
    """A community and the cell that a worker stands in."""

    community_id: str
    cell: str
    lon: float
    lat: float


class People:
    """The people of one product; each group is enrolled when it is first asked for."""

    def __init__(self, product: Product, generator: Generator) -> None:
        self.product = product
        self.generator = generator
        self.url = product.address.url
        engine = make_engine(product.environ["DATABASE_URL"], pool_size=2)
        self.database = Database(engine, {"travelling": wiring.TRAVELLING})
        self._numbers = count(1)
        self._crowded = False

    @cached_property
    def spots(self) -> Sequence[Spot]:
        """Return a spot in each cell that has a community."""
        with self.database.snapshot() as session:
            return [Spot(str(row[0]), *row[1:]) for row in session.execute(SPOTS)]

    @cached_property
    def apart(self) -> list[Tablet]:
        """Return sixteen tablets in sixteen cells."""
        return [self._tablet([spot]) for spot in self._spread()[:CLIENTS]]

    @cached_property
    def together(self) -> list[Tablet]:
        """Return sixteen tablets in one cell, which no other tablet walks."""
        return [self._tablet([self._spread()[CLIENTS]]) for _ in range(CLIENTS)]

    @cached_property
    def reader(self) -> Tablet:
        """Return a tablet whose cells hold `HELD` inspections."""
        spots = self._spread()[CLIENTS + 1 : CLIENTS + 1 + READ_CELLS]
        writers = [self._tablet([spot]) for spot in spots]
        order = Order(self.url, writers, 100, 0, 300, seed=1, most=HELD // READ_CELLS)
        self.generator.carry_out(order, lambda: None)
        return self._tablet(spots)

    @cached_property
    def desk(self) -> str:
        """Return the access token of somebody who sees the whole county's ledger."""
        return self._signed_in(self._person("headquarters", ()))

    def company(self, unit_code: str) -> str:
        """Return the access token of somebody of a property company."""
        return self._signed_in(self._person("property_company", (), unit_code))

    def _signed_in(self, name: str) -> str:
        with Line(self.url) as line:
            told = line.ask("POST", "/api/v1/auth/login", {"username": name, "password": PASSWORD})
        return str(told["access_token"])

    def warm_up(self, seconds: float) -> None:
        """Let the web processes meet the work once: what they compile and keep is no request's cost."""
        self.generator.carry_out(Order(self.url, self.apart, 1, 2, seconds, seed=0), lambda: None)

    def crowd(self) -> None:
        """Lay a million rows of other cells beside those that are read; the second call does nothing."""
        if not self._crowded:
            self.product.as_superuser(CROWD)
            self._crowded = True

    def _spread(self) -> list[Spot]:
        """Return spots far from one another: every n-th, so that no community is met twice."""
        wanted = CLIENTS + 1 + READ_CELLS
        one_each = list({spot.community_id: spot for spot in self.spots}.values())
        if len(one_each) < wanted:
            raise LookupError(f"{wanted} communities are needed, {len(one_each)} are there")
        return one_each[:: len(one_each) // wanted]

    def code(self, cells: Sequence[str]) -> str:
        """Return an enrolment code of a new worker who walks these cells."""
        name = self._person("grid_worker", cells)
        with self.database.transaction() as session:
            made = enrolment.make_code(session, username=name, actor=None, now=datetime.now(UTC))
        return made.enrolment_code

    def _tablet(self, spots: Sequence[Spot]) -> Tablet:
        """Enrol a tablet whose worker walks these spots' cells; its first pull makes its scope known."""
        code = self.code([spot.cell for spot in spots])
        device_id = str(uuid6.uuid7())
        with Line(self.url) as line:
            told = line.ask(
                "POST",
                "/sync/v1/devices",
                {"device_id": device_id, "enrolment_code": code, "name": "bench"},
            )
        first, version = spots[0], catalog().get(CHECKLIST).version
        tablet = Tablet(
            device_id, told["access_token"], version, first.community_id, first.cell, first.lon, first.lat
        )
        pull(self.url, tablet)
        return tablet

    def _person(self, role: str, cells: Sequence[str], unit_code: str | None = None) -> str:
        name = f"bench{next(self._numbers)}"
        with self.database.transaction() as session:
            people.create_person(
                session,
                username=name,
                role=role,
                unit_code=unit_code,
                cells=cells,
                password=PASSWORD,
                actor=None,
                now=datetime.now(UTC),
            )
        return name
