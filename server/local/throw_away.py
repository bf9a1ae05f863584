"""Services for one run of the tests, shared by its processes and gone with it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psycopg2
from psycopg2.extensions import connection

from server.local import accounts, postmaster
from server.local.errors import LocalError
from server.local.locks import locked
from server.local.places import Places, checkout_hash
from server.local.ports import free_port
from server.local.postgres import Cluster
from server.local.programs import postgres_programs, redis_program
from server.local.redis_server import RedisServer

TEMPLATE = "wangge"
BLANK_BUILD = 1
MEMORY = Path("/dev/shm")
ROOM_BYTES = 6 * 2**30


@dataclass(frozen=True, slots=True)
class ThrowAway:
    """A cluster with a migrated template database, and a Redis."""

    cluster: Cluster
    redis: RedisServer

    def clone(self, name: str, template: str = TEMPLATE) -> None:
        """Make a fresh database from the migrated template, or from another that nobody is connected to."""
        copy = f"CREATE DATABASE {name} TEMPLATE {template} OWNER wangge_owner STRATEGY FILE_COPY"
        self._ask(copy)

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        self._ask(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def _ask(self, sql: str) -> None:
        # One connection for the whole process: each test copies a database and drops it.
        with superuser(self.cluster.url("postgres", "postgres")).cursor() as cursor:
            cursor.execute(sql)

    def stop(self) -> None:
        """End both services and remove what they wrote."""
        postmaster.end(self.cluster.data, at_once=True, patience_s=10)
        self.redis.stop()
        _remove(self.cluster.folder)
        shutil.rmtree(self.cluster.sockets, ignore_errors=True)


@cache
def superuser(url: str) -> connection:
    """Return a connection that commits each statement by itself, the same one each time."""
    made = psycopg2.connect(url)
    made.autocommit = True
    return made


def shared(places: Places, run: int) -> ThrowAway:
    """Return the services of a test run, named by its first process; the first who asks starts them."""
    folder = _folder(places, run)
    accounts.claim(places.clusters)
    with locked(places.clusters / "throw_away.lock", wait=True):
        found = _noted(folder)
        if found is None:
            sweep(places)
            found = _start(places, folder)
            _note(folder, found)
        return found


def stop(places: Places, run: int) -> None:
    """End the services of a test run, if it ever asked for any."""
    found = _noted(_folder(places, run))
    if found is not None:
        found.stop()


def sweep(places: Places) -> None:
    """End and remove what killed test runs left behind."""
    for folder in places.clusters.glob("test-*"):
        run = int(folder.name.removeprefix("test-"))
        if not Path(f"/proc/{run}").exists():
            stop(places, run)
            _remove(folder)


def migrate(owner_url: str, app_url: str, redis_url: str, *, checkout: Path) -> None:
    """Bring a database to the newest schema, in a process of its own.

    Raises:
        LocalError: a migration failed; the message carries its words.
    """
    addresses = {"DATABASE_OWNER_URL": owner_url, "DATABASE_URL": app_url, "REDIS_URL": redis_url}
    env = {**os.environ, "SECRET_KEY": "0" * 32, **addresses}
    words = [sys.executable, "-m", "server.cli", "migrate"]
    done = subprocess.run(words, env=env, cwd=checkout, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise LocalError(f"wangge migrate failed with {done.returncode}:\n{done.stdout}{done.stderr}")


def _start(places: Places, folder: Path) -> ThrowAway:
    programs = postgres_programs()
    _remove(folder)
    accounts.hand_over(folder)
    subprocess.run(["cp", "-a", str(_blank(places, programs)), str(_data_folder(folder))], check=True)
    cluster = Cluster(programs, folder, free_port(), throw_away=True)
    redis = RedisServer(redis_program(), folder / "redis", free_port())
    cluster.launch()
    redis.launch()
    owner, app = cluster.url("wangge_owner", TEMPLATE), cluster.url("wangge_app", TEMPLATE)
    migrate(owner, app, redis.url(), checkout=places.checkout)
    return ThrowAway(cluster, redis)


def _data_folder(folder: Path) -> Path:
    """Return where a cluster keeps its files, seen from `folder` as `data`: in memory where there is room.

    Each test makes and removes a thousand files. ext4 passes over every inode that was freed within the last
    minutes, which took a third of all processor time of a run.
    """
    data = folder / "data"
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ROOM_BYTES:
        return data
    in_memory = MEMORY / f"wangge-{checkout_hash(folder)}"
    data.symlink_to(in_memory)
    return in_memory


def _remove(folder: Path) -> None:
    data = folder / "data"
    if data.is_symlink():
        shutil.rmtree(data.readlink(), ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def _blank(places: Places, programs: Path) -> Path:
    """Return a data directory with roles and PostGIS but no tables; making it costs 2 s, copying it 0.1 s."""
    folder = places.clusters / f"blank-{programs.parent.name}-{BLANK_BUILD}"
    if not (folder / "made").exists():
        shutil.rmtree(folder, ignore_errors=True)
        cluster = Cluster(programs, folder, free_port(), throw_away=True)
        cluster.create()
        cluster.launch()
        cluster.found()
        postmaster.end(cluster.data)
        (folder / "made").touch()
    return folder / "data"


def _folder(places: Places, run: int) -> Path:
    return places.clusters / f"test-{run}"


def _note(folder: Path, made: ThrowAway) -> None:
    programs = {"postgres": str(made.cluster.programs), "redis": str(made.redis.program)}
    ports = {"postgres_port": made.cluster.port, "redis_port": made.redis.port}
    (folder / "services.json").write_text(json.dumps({**programs, **ports}))


def _noted(folder: Path) -> ThrowAway | None:
    file = folder / "services.json"
    if not file.exists():
        return None
    note = json.loads(file.read_text())
    cluster = Cluster(Path(note["postgres"]), folder, note["postgres_port"], throw_away=True)
    return ThrowAway(cluster, RedisServer(Path(note["redis"]), folder / "redis", note["redis_port"]))
