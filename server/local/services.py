"""The database and the queue of the running product: those named in the environment, else private ones."""

from __future__ import annotations

import os
import secrets
import signal
from collections.abc import Mapping
from pathlib import Path

from server.local import accounts, postmaster
from server.local.children import Child, Watch
from server.local.leftovers import mark
from server.local.places import Places
from server.local.ports import kept_port
from server.local.postgres import Cluster
from server.local.programs import postgres_programs, redis_program
from server.local.redis_server import RedisServer


def open_services(places: Places, environ: Mapping[str, str], watch: Watch) -> dict[str, str]:
    """Return the addresses and the secret of the product, after starting what nobody named.

    Raises:
        ProgramMissing: a server program is neither installed nor installable.
        NotReady: a service did not come up.
    """
    addresses = _database(places, environ, watch) | _redis(places, environ, watch)
    store = environ.get("PHOTO_STORE", str(places.var / "photos"))
    return {**addresses, "SECRET_KEY": environ.get("SECRET_KEY") or _secret(places.var), "PHOTO_STORE": store}


def write_addresses(places: Places, addresses: Mapping[str, str]) -> Path:
    """Write `var/run/urls.env`, by which `wangge` finds the running product; only its owner may read it."""
    places.run.mkdir(parents=True, exist_ok=True)
    file = places.run / "urls.env"
    lines = "".join(f"{name}={value}\n" for name, value in addresses.items())
    _write_private(file, lines)
    return file


def kept_cluster(places: Places) -> Cluster:
    """Return the cluster that `make run` keeps, on the port it had last time while that is free."""
    accounts.claim(places.clusters)
    accounts.hand_over(places.kept)
    return Cluster(postgres_programs(), places.kept, kept_port(places.kept / "port"))


def _database(places: Places, environ: Mapping[str, str], watch: Watch) -> dict[str, str]:
    if "DATABASE_URL" in environ:
        given = environ["DATABASE_URL"]
        return {"DATABASE_URL": given, "DATABASE_OWNER_URL": environ.get("DATABASE_OWNER_URL", given)}
    postmaster.end(places.kept / "data")
    cluster = kept_cluster(places)
    cluster.create()
    watch.add(_postgres(places, cluster))
    cluster.wait(log=places.log / "postgres.log")
    cluster.found()
    return {"DATABASE_URL": cluster.url("wangge_app"), "DATABASE_OWNER_URL": cluster.url("wangge_owner")}


def _postgres(places: Places, cluster: Cluster) -> Child:
    return Child(
        "postgres",
        cluster.command(),
        accounts.unprivileged(mark(places.checkout)),
        places.log / "postgres.log",
        places.run / "postgres.pid",
        before=lambda: postmaster.forget_stale_pid(cluster.data),
        stop_signal=signal.SIGINT,
        patience_s=60,
    )


def _redis(places: Places, environ: Mapping[str, str], watch: Watch) -> dict[str, str]:
    if "REDIS_URL" in environ:
        return {"REDIS_URL": environ["REDIS_URL"]}
    folder = places.var / "redis"
    folder.mkdir(parents=True, exist_ok=True)
    server = RedisServer(redis_program(), folder, kept_port(folder / "port"))
    launch: accounts.Launch = {"cwd": "/", "env": {**os.environ, **mark(places.checkout)}}
    log, pid_file = places.log / "redis.log", places.run / "redis.pid"
    watch.add(Child("redis", server.command(), launch, log, pid_file))
    server.wait()
    return {"REDIS_URL": server.url()}


def _secret(var: Path) -> str:
    file = var / "secret_key"
    if not file.exists():
        var.mkdir(parents=True, exist_ok=True)
        _write_private(file, secrets.token_hex(32) + "\n")
    return file.read_text().strip()


def _write_private(file: Path, text: str) -> None:
    fresh = file.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as handle:
        handle.write(text)
    fresh.replace(file)
