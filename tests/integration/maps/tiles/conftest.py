from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask.testing import FlaskClient

from server.auth.actor import Actor
from server.maps.kept import Kept, hear_commits
from server.queue import connect
from tests.build import County, a_person
from tests.integration.ledger.acting import Cast, a_cast
from tests.integration.maps.tiles.asking import Reader


@pytest.fixture
def client(county: County) -> Iterator[FlaskClient]:
    with county.client() as client:
        yield client


@pytest.fixture
def heard(county: County) -> Iterator[County]:
    """Return the county whose own transactions tell Redis what they changed, as those of the product do."""
    with connect(county.settings.redis_url) as redis:
        hear_commits(county.database.engine, Kept(redis))
        yield county


@pytest.fixture
def reader(client: FlaskClient, county: County) -> Callable[[Actor], Reader]:
    return lambda actor: Reader(client, county, actor)


@pytest.fixture
def boss(reader: Callable[[Actor], Reader], county: County) -> Reader:
    with county.transaction() as session:
        return reader(a_person(session, "headquarters", None))


@pytest.fixture
def cast(county: County) -> Cast:
    return a_cast(county)
