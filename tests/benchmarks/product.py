"""A product of its own for the benchmarks, as durable as the real one, and gone afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from server.local import web
from server.local.children import Watch
from server.local.leftovers import mark
from server.local.places import CHECKOUT, Places
from server.local.ports import free_port
from server.local.postgres import Cluster
from server.local.programs import postgres_programs
from server.local.services import open_services
from tests.benchmarks.processes import signal_all

BACKGROUND = ("worker", "scheduler")


@dataclass(frozen=True, slots=True)
class Product:
    """A product whose services run: its folders, its address, the environment of its commands."""

    places: Places
    address: web.Address
    environ: dict[str, str]
    watch: Watch

    def open(self) -> None:
        """Start web, worker and scheduler, and return when they are ready."""
        for child in web.processes(self.places, self.address, self.environ):
            self.watch.add(child)
        web.wait_until_ready(self.address, self.places.log / "web.log", lambda: False)

    def wangge(self, *words: str) -> str:
        """Run one command of the product and return what it says.

        Raises:
            subprocess.CalledProcessError: the command failed.
        """
        command = [sys.executable, "-m", "server.cli", *words]
        done = subprocess.run(
            command, stdout=subprocess.PIPE, text=True, check=True, cwd=CHECKOUT, env=self.environ
        )
        return done.stdout

    @property
    def cluster(self) -> Cluster:
        """The product's own PostgreSQL."""
        port = urlsplit(self.environ["DATABASE_URL"]).port
        assert port is not None
        return Cluster(postgres_programs(), self.places.kept, port)

    def as_superuser(self, sql: str) -> str:
        """Run SQL that no role of the product may run, and return what it answers."""
        return self.cluster.ask(sql, "wangge")

    def pid(self, name: str) -> int:
        """Return the first process of web, worker, scheduler, postgres or redis."""
        return int((self.places.run / f"{name}.pid").read_text())

    def pause(self) -> None:
        """Stop worker and scheduler where they stand."""
        for name in BACKGROUND:
            signal_all(self.pid(name), signal.SIGSTOP)

    def resume(self) -> None:
        """Let worker and scheduler go on."""
        for name in BACKGROUND:
            signal_all(self.pid(name), signal.SIGCONT)


@contextmanager
def product() -> Iterator[Product]:
    """Yield a product whose database is empty and not yet migrated; its web process is not started yet."""
    folder = Path(tempfile.mkdtemp(prefix="wangge-bench-", dir="/var/tmp"))
    folder.chmod(0o755)
    places = Places(CHECKOUT, folder / "var", folder)
    watch = Watch(lambda words: print(f"  {words}", file=sys.stderr))
    address = web.Address(free_port())
    try:
        addresses = open_services(places, {}, watch)
        environ = {**os.environ, **addresses, **mark(folder)}
        running = Product(places, address, environ, watch)
        yield running
    finally:
        watch.stop()
        shutil.rmtree(folder, ignore_errors=True)
