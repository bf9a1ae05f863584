"""Builders: each makes one thing with defaults, a test names only what matters to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session

from server import wiring
from server.app import create_app
from server.auth.actor import Actor
from server.auth.queries import actor_by_id
from server.auth.tokens import Claims, access_token
from server.communities import service as communities
from server.db import Database, make_engine
from server.programme.service import load_county
from server.settings import Settings

NOW = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
"""A Friday, half past nine in the county."""
PASSWORD = "a long enough one"
SECRET = "tests sign with this, thirty-two characters and more"
SEED = 7
CELL = "370831001003001"
OTHER_CELL = "370831001003002"
JIHE_CELL = "370831002008001"

_number = count(1)


@dataclass(frozen=True, slots=True)
class County:
    """A loaded county with demo places in a database that only one test knows."""

    database: Database
    database_url: str
    owner_url: str
    settings: Settings

    def transaction(self) -> AbstractContextManager[Session]:
        """Return a session of the application's role, committed when the block ends."""
        return self.database.transaction()

    @contextmanager
    def owner(self) -> Iterator[Session]:
        """Yield a session of the role that owns the tables."""
        owners = Database(make_engine(self.owner_url, pool_size=1), wiring.carried(self.settings))
        try:
            with owners.transaction() as session:
                yield session
        finally:
            owners.engine.dispose()

    @contextmanager
    def client(self) -> Iterator[FlaskClient]:
        """Yield a client of the web application upon this county."""
        app = create_app(self.settings)
        yield app.test_client()
        app.extensions["wangge.database"].engine.dispose()
        app.extensions["wangge.redis"].close()

    def bearer(self, actor: Actor, now: datetime | None = None) -> dict[str, str]:
        """Return the header with which this person's requests come; signed now unless told otherwise."""
        claims = Claims(actor.user_id, actor.device_id)
        moment = now or datetime.now(UTC)
        token = access_token(claims, self.settings.secret_key, moment, self.settings.access_token_s)
        return {"Authorization": f"Bearer {token}"}


@contextmanager
def opened(database_url: str, owner_url: str, redis_url: str, photos: Path) -> Iterator[County]:
    """Yield the county that is stored in a database, and close its connections afterwards."""
    engine = make_engine(database_url, pool_size=4)
    settings = settings_for(database_url, owner_url, redis_url, photos)
    yield County(Database(engine, wiring.carried(settings)), database_url, owner_url, settings)
    engine.dispose()


def settings_for(database_url: str, owner_url: str, redis_url: str, photos: Path, **more: Any) -> Settings:
    """Return the settings of one test's product."""
    return Settings(
        database_url=database_url,
        database_owner_url=owner_url,
        redis_url=redis_url,
        secret_key=SECRET,
        photo_store=photos,
        pool_size=4,
        **more,
    )


def fill(database_url: str) -> None:
    """Load the county with its demo places into a migrated database, and leave no connection behind."""
    database = Database(make_engine(database_url, pool_size=1), {"travelling": wiring.TRAVELLING})
    with database.transaction() as session:
        load_county(session, with_demo=True, seed=SEED, now=NOW, tell=lambda line: None)
    database.engine.dispose()


def a_person(
    session: Session,
    role: str = "dispatcher",
    unit: str | None = "sihe_subdistrict",
    *,
    username: str | None = None,
    cells: Sequence[str] = (),
    now: datetime = NOW,
) -> Actor:
    """Create a person who can sign in with PASSWORD, and return them as actor."""
    person = communities.create_person(
        session,
        username=username or f"{role}_{next(_number)}",
        role=role,
        unit_code=unit,
        cells=cells,
        password=PASSWORD,
        actor=None,
        now=now,
    )
    return actor_of(session, person.user_id)


def a_worker(
    session: Session, cells: Sequence[str] = (CELL,), *, username: str | None = None, now: datetime = NOW
) -> Actor:
    """Create a grid worker of these cells."""
    return a_person(session, "grid_worker", None, username=username, cells=cells, now=now)


def actor_of(session: Session, user_id: UUID, device_id: UUID | None = None) -> Actor:
    """Return the actor behind a user id."""
    found = actor_by_id(session, user_id, device_id)
    assert found is not None
    return found


def a_community_in(session: Session, cell: str | None = None, *, company: bool | None = None) -> UUID:
    """Return the first community, in a cell if one is named, with or without a company if that matters."""
    found: UUID = session.execute(
        text(
            "SELECT c.community_id FROM geo.community c JOIN geo.community_cell k USING (community_id)"
            " WHERE (CAST(:cell AS text) IS NULL OR k.grid_cell_code = CAST(:cell AS text))"
            " AND (CAST(:company AS boolean) IS NULL OR CAST(:company AS boolean) = EXISTS (SELECT FROM"
            " server.service_contract s WHERE s.community_id = c.community_id"
            " AND daterange(s.starts_on, s.ends_on) @> CAST(:day AS date)))"
            " ORDER BY c.neighbourhood_code, c.name LIMIT 1"
        ),
        {"cell": cell, "company": company, "day": date(2026, 11, 20)},
    ).scalar_one()
    return found


def a_point_in(session: Session, community_id: UUID) -> tuple[float, float]:
    """Return longitude and latitude (WGS 84) of a point inside a community."""
    row = session.execute(
        text(
            "SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_PointOnSurface(geom) AS p FROM geo.community"
            " WHERE community_id = :community_id) AS inside"
        ),
        {"community_id": community_id},
    ).one()
    return float(row[0]), float(row[1])


def cells_of_community(session: Session, community_id: UUID) -> list[str]:
    """Return the codes of the cells that a community reaches over."""
    found = session.execute(
        text("SELECT grid_cell_code FROM geo.community_cell WHERE community_id = :id ORDER BY 1"),
        {"id": community_id},
    )
    return list(found.scalars())
