"""While PostgreSQL is away every route says so; when it is back, the first request is answered."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from server import db
from server.app import create_app
from server.auth.tokens import Claims, access_token
from server.local import accounts, postmaster, throw_away
from server.local.places import places, socket_folder
from server.local.ports import free_port
from server.local.postgres import Cluster
from server.local.programs import postgres_programs
from server.request import App, now, session
from tests.build import SECRET, settings_for

if TYPE_CHECKING:
    from tests.conftest import OwnDatabase

# Each asks the database something, and none of them finds what it looks for.
ROUTES = {
    ("GET", "/sync/v1/receipt-key"): 200,
    ("GET", "/sync/v1/config"): 401,
    ("GET", "/sync/v1/pull"): 401,
    ("POST", "/sync/v1/push"): 401,
    ("POST", "/sync/v1/uploads"): 401,
    ("HEAD", f"/sync/v1/uploads/{uuid4()}"): 401,
    ("GET", "/api/v1/cases"): 401,
    ("GET", "/api/v1/inspections"): 401,
}


@dataclass
class Served:
    """The application upon one database, and somebody whom that database does not know."""

    app: App

    def ask(self, method: str, path: str) -> Any:
        """Send a request with a token that is signed well."""
        token = access_token(Claims(uuid4(), uuid4()), SECRET, datetime.now(UTC), 3600)
        headers = {"Authorization": f"Bearer {token}", "Tus-Resumable": "1.0.0"}
        return self.client.open(path, method=method, headers=headers)

    @property
    def client(self) -> FlaskClient:
        """Return a new client."""
        return self.app.test_client()

    def statuses(self) -> dict[tuple[str, str], int]:
        """Return what each route answers."""
        return {route: self.ask(*route).status_code for route in ROUTES}

    def fill_pool(self, connections: int = 4) -> None:
        """Leave so many connections idle in the pool."""
        with ExitStack() as opened:
            for _ in range(connections):
                opened.enter_context(self.app.extensions["wangge.database"].engine.connect())


@contextmanager
def served(url: str, owner_url: str, redis_url: str, folder: Path) -> Iterator[Served]:
    app = create_app(settings_for(url, owner_url, redis_url, folder))
    yield Served(app)
    app.extensions["wangge.database"].engine.dispose()
    app.extensions["wangge.redis"].close()


@pytest.fixture
def web(database: OwnDatabase, redis_url: str, tmp_path: Path) -> Iterator[Served]:
    with served(database.url, database.owner_url, redis_url, tmp_path) as opened:
        yield opened


def until(true: Callable[[], object], within_s: float = 60) -> None:
    ends = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < ends, "too late"
        time.sleep(0.02)


def test_connections_that_died_a_moment_ago_cost_no_request(
    web: Served, database: OwnDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "TRUSTED_FOR_S", 3600.0)
    web.fill_pool()

    end_connections(database)

    with ThreadPoolExecutor(4) as at_once:
        answers = list(at_once.map(lambda _: web.ask("GET", "/sync/v1/receipt-key"), range(8)))
    assert [answer.status_code for answer in answers] == [200] * 8


def end_connections(database: OwnDatabase) -> None:
    """End every connection of the application, as a database that goes down would."""
    others = "FROM pg_stat_activity WHERE usename = 'wangge_app' AND datname = current_database()"
    root = db.make_engine(database.superuser_url, pool_size=1)
    # A transaction that looks twice sees the activity of its first look (PostgreSQL 15, 28.2.2).
    with root.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"SELECT pg_terminate_backend(pid) {others}"))
        until(lambda: connection.execute(text(f"SELECT count(*) = 0 {others}")).scalar_one())
    root.dispose()


def test_a_connection_that_dies_within_a_request_is_a_503_and_the_next_request_is_well(web: Served) -> None:
    def dies() -> str:
        session().execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        return str(now())

    web.app.add_url_rule("/dies", view_func=dies)

    answer = web.ask("GET", "/dies")

    assert (answer.status_code, answer.json["type"]) == (503, "/problems/unavailable")
    assert int(answer.headers["Retry-After"]) > 0
    assert web.ask("GET", "/sync/v1/receipt-key").status_code == 200


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """Return a PostgreSQL that this test may run and kill; it does not run yet."""
    folder = Path(tempfile.mkdtemp(prefix="wangge-", dir="/var/tmp"))
    made = Cluster(postgres_programs(), folder, free_port())
    made.create()
    made.launch()
    made.found()
    postmaster.end(made.data)
    yield made
    shutil.rmtree(folder)
    shutil.rmtree(socket_folder(folder), ignore_errors=True)


@contextmanager
def running(cluster: Cluster) -> Iterator[None]:
    """Run the cluster as a child of the test; kill it as the block ends, and its own children with it."""
    child = subprocess.Popen(cluster.command(), stderr=subprocess.DEVNULL, **accounts.unprivileged())
    try:
        cluster.wait()
        yield
    finally:
        backends = Path(f"/proc/{child.pid}/task/{child.pid}/children").read_text().split()
        child.kill()
        child.wait()
        until(lambda: not any(alive(int(backend)) for backend in backends))


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_killed_postgresql_is_a_503_on_every_route_and_well_again_by_itself(
    cluster: Cluster, redis_url: str, tmp_path: Path
) -> None:
    owner, app = cluster.url("wangge_owner"), cluster.url("wangge_app")
    with served(app, owner, redis_url, tmp_path) as web:
        with running(cluster):
            throw_away.migrate(owner, app, redis_url, checkout=places().checkout)
            web.fill_pool()
            assert web.statuses() == ROUTES

        gone = {route: web.ask(*route) for route in ROUTES}
        assert {answer.status_code for answer in gone.values()} == {503}
        assert all(int(answer.headers["Retry-After"]) > 0 for answer in gone.values())

        with running(cluster):
            assert web.statuses() == ROUTES
