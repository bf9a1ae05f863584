"""The private cluster on this machine: made, killed, started twice, found with a stale pid file."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest

from server.local import accounts, postmaster
from server.local.children import Child, Watch
from server.local.places import socket_folder
from server.local.ports import free_port
from server.local.postgres import Cluster
from server.local.programs import postgres_programs


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """Return a cluster as `make run` keeps it; it does not run yet."""
    folder = Path(tempfile.mkdtemp(prefix="wangge-", dir="/var/tmp"))
    made = Cluster(postgres_programs(), folder, free_port())
    made.create()
    made.launch()
    made.found()
    postmaster.end(made.data)
    yield made
    postmaster.end(made.data, at_once=True)
    shutil.rmtree(folder)
    shutil.rmtree(socket_folder(folder), ignore_errors=True)


@pytest.fixture
def watch() -> Iterator[Watch]:
    kept = Watch(lambda _words: None)
    yield kept
    kept.stop()


def _child(cluster: Cluster, folder: Path) -> Child:
    return Child(
        "postgres",
        cluster.command(),
        accounts.unprivileged(),
        folder / "postgres.log",
        folder / "postgres.pid",
        before=lambda: postmaster.forget_stale_pid(cluster.data),
        stop_signal=signal.SIGINT,
    )


def _until(true: Callable[[], object], within_s: float) -> float:
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < within_s, "too late"
        time.sleep(0.02)
    return time.monotonic() - began


def _rows(cluster: Cluster) -> list[tuple[int]]:
    connection = psycopg2.connect(cluster.url("wangge_owner"))
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute("CREATE TABLE IF NOT EXISTS kept (n integer)")
            cursor.execute("INSERT INTO kept VALUES (1) RETURNING n")
            cursor.execute("SELECT n FROM kept")
            return [(int(row[0]),) for row in cursor.fetchall()]
    finally:
        connection.close()


def test_what_was_committed_outlives_a_kill_and_the_cluster_comes_back(
    cluster: Cluster, watch: Watch, tmp_path: Path
) -> None:
    watch.add(_child(cluster, tmp_path))
    cluster.wait()
    before = _rows(cluster)
    pid = int((tmp_path / "postgres.pid").read_text())

    os.kill(pid, signal.SIGKILL)

    _until(lambda: postmaster.serving(cluster.data) not in (None, pid), within_s=5)
    cluster.wait()
    assert len(_rows(cluster)) == len(before) + 1


def test_a_stop_leaves_nothing_behind(cluster: Cluster, watch: Watch, tmp_path: Path) -> None:
    watch.add(_child(cluster, tmp_path))
    cluster.wait()

    watch.stop()

    assert postmaster.serving(cluster.data) is None
    assert not (cluster.data / "postmaster.pid").exists()
    assert not (tmp_path / "postgres.pid").exists()


def test_a_pid_file_that_names_a_stranger_does_not_stop_the_start(
    cluster: Cluster, watch: Watch, tmp_path: Path
) -> None:
    stranger = subprocess.Popen(["sleep", "60"], start_new_session=True)
    try:
        stale = f"{stranger.pid}\n{cluster.data}\n1\n{cluster.port}\n{cluster.sockets}\n127.0.0.1\n\n"
        (cluster.data / "postmaster.pid").write_text(stale)

        watch.add(_child(cluster, tmp_path))

        cluster.wait(15)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_founding_twice_changes_nothing(cluster: Cluster) -> None:
    names = "SELECT string_agg(rolname, ' ' ORDER BY rolname) FROM pg_roles WHERE rolname ~ '^wangge'"
    cluster.launch()
    try:
        cluster.found()

        assert cluster.ask(names) == "wangge_app wangge_owner"
    finally:
        postmaster.end(cluster.data)


def test_the_application_may_make_no_table(cluster: Cluster) -> None:
    cluster.launch()
    try:
        connection = psycopg2.connect(cluster.url("wangge_app"))
        with connection.cursor() as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute("CREATE TABLE mine (n integer)")
        connection.close()
    finally:
        postmaster.end(cluster.data)


def test_a_killed_initdb_is_not_taken_for_a_cluster(cluster: Cluster) -> None:
    folder = Path(tempfile.mkdtemp(prefix="wangge-", dir="/var/tmp"))
    half = folder / "data.making"
    half.mkdir()
    (half / "PG_VERSION").write_text("15\n")

    made = Cluster(cluster.programs, folder, free_port()).create()

    assert made
    assert (folder / "data" / "global").is_dir()
    shutil.rmtree(folder)


def test_a_long_path_gets_its_sockets_elsewhere() -> None:
    short, long = Path("/var/tmp/wangge-1"), Path("/var/tmp") / ("x" * 90)

    assert socket_folder(short) == short / "socket"
    assert len(os.fsencode(socket_folder(long) / ".s.PGSQL.65535.lock")) < 107
