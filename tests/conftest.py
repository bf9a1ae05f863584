"""What every test may ask for: a database of its own, already migrated, and an empty Redis.

All of it is thrown away with the run. The addresses of a running product are taken out of the environment
first, so that no test can reach one.
"""

from __future__ import annotations

import gc
import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
import redis
from argon2 import PasswordHasher

from server.auth import passwords
from server.local import browser, throw_away
from server.local.locks import locked
from server.local.places import places

if TYPE_CHECKING:
    from tests.build import County

RUN = "WANGGE_TEST_RUN"
COUNTY = "county"
ADDRESSES = (
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "DATABASE_READ_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "PHOTO_STORE",
)
SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"

# A law is about values; how long an example takes on a busy machine says nothing about it.
hypothesis.settings.register_profile("wangge", deadline=None, print_blob=True)
hypothesis.settings.load_profile("wangge")


@dataclass(frozen=True, slots=True)
class OwnDatabase:
    """The addresses of one test's database, per role."""

    name: str
    url: str
    owner_url: str
    superuser_url: str


def pytest_configure(config: pytest.Config) -> None:
    """Name the run after its first process; the workers of xdist inherit the name."""
    for name in ADDRESSES:
        os.environ.pop(name, None)
    if not hasattr(config, "workerinput"):
        os.environ[RUN] = str(os.getpid())


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over what was imported and collected: it lives until the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the services with the run's first process."""
    if not hasattr(config, "workerinput"):
        throw_away.stop(places(), int(os.environ[RUN]))


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Hash passwords with the least work: most tests make six people, and none of them is attacked."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture(scope="session")
def services() -> throw_away.ThrowAway:
    """Return the PostgreSQL cluster and the Redis of this run; the first test that asks waits for them."""
    return throw_away.shared(places(), int(os.environ[RUN]))


@pytest.fixture
def database(services: throw_away.ThrowAway) -> Iterator[OwnDatabase]:
    """Return a fresh, migrated, empty database that only this test knows (0.1 s)."""
    name = f"test_{uuid.uuid4().hex}"
    services.clone(name)
    roles = (services.cluster.url(role, name) for role in ("wangge_app", "wangge_owner", "postgres"))
    yield OwnDatabase(name, *roles)
    services.drop(name)


@pytest.fixture(scope="session")
def county_template(services: throw_away.ThrowAway) -> str:
    """Return the name of a database with the county and its demo places; the first who asks loads it."""
    from tests import build  # the whole product; tests of pure rooms do without it

    note = services.cluster.folder / "county.loaded"
    with locked(places().clusters / "county.lock", wait=True):
        if not note.exists():
            services.drop(COUNTY)
            services.clone(COUNTY)
            build.fill(services.cluster.url("wangge_app", COUNTY))
            note.touch()
    return COUNTY


@pytest.fixture
def county(
    services: throw_away.ThrowAway, county_template: str, redis_url: str, tmp_path: Path
) -> Iterator[County]:
    """Return the loaded county in a database that only this test knows; `build` has what to do with it."""
    from tests import build

    name = f"test_{uuid.uuid4().hex}"
    services.clone(name, county_template)
    url, owner_url = (services.cluster.url(role, name) for role in ("wangge_app", "wangge_owner"))
    with build.opened(url, owner_url, redis_url, tmp_path / "photos") as opened:
        yield opened
    services.drop(name)


@pytest.fixture
def database_url(database: OwnDatabase) -> str:
    """Return this test's database as the role that the product runs as."""
    return database.url


@pytest.fixture
def owner_url(database: OwnDatabase) -> str:
    """Return this test's database as the role that migrates."""
    return database.owner_url


@pytest.fixture
def redis_url(services: throw_away.ThrowAway) -> str:
    """Return an emptied Redis database that no other process of this run uses."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    url = services.redis.url(int(worker))
    with redis.Redis.from_url(url) as client:
        client.flushdb()
    return url


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real data beside the checkout; without it the test is skipped, visibly."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"the real data is not here: {SHARED_DATA}")
    return SHARED_DATA


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Return Debian's Chromium; without it a browser test fails where CI=true and is skipped elsewhere."""
    found = browser.chromium()
    if found is None and os.environ.get("CI") == "true":
        pytest.fail("chromium is not installed: apt-get install chromium fonts-noto-cjk")
    if found is None:
        pytest.skip("chromium is not installed")
    return found
