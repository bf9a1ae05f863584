"""tipg beside the product, as its makers say to run it, over a copy of one of the product's layers."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import requests

from server.local.ports import free_port
from server.local.web import WEB_PROCESSES
from tests.benchmarks.peers import program
from tests.benchmarks.product import Product

COLLECTION = "beside.facilities"
# The columns of the layer without its joins: what tipg does not look up costs it nothing.
_COPY = """
DROP SCHEMA IF EXISTS beside CASCADE;
CREATE SCHEMA beside;
CREATE TABLE beside.facilities AS
SELECT f.facility_id, f.kind, f.name, f.registration_code, f.attributes, c.community_id,
       c.name AS community_name, f.building_id, f.origin, f.version, f.geom
  FROM geo.facility f JOIN geo.community c USING (community_id);
ALTER TABLE beside.facilities ADD PRIMARY KEY (facility_id);
CREATE INDEX ON beside.facilities USING gist (geom);
"""


@dataclass(frozen=True, slots=True)
class Tipg:
    """A running tipg: its address, its first process."""

    url: str
    pid: int


@contextmanager
def tipg(product: Product) -> Iterator[Tipg]:
    """Yield a tipg with as many processes as the product has, on the same PostgreSQL."""
    product.as_superuser(_COPY)
    product.as_superuser("VACUUM ANALYZE beside.facilities")
    port = free_port()
    environ = {
        **os.environ,
        "DATABASE_URL": product.cluster.url("postgres", "wangge"),
        "TIPG_DB_SCHEMAS": '["beside"]',
        "TIPG_TILE_BUFFER": "64",  # as in the product's tiles, so that both hold the same
    }
    command = [program("uvicorn"), "tipg.main:app", "--workers", str(WEB_PROCESSES), "--port", str(port)]
    url = f"http://127.0.0.1:{port}"
    with subprocess.Popen([*command, "--log-level", "warning"], env=environ) as process:
        try:
            _wait_for(url, process)
            yield Tipg(url, process.pid)
        finally:
            process.terminate()


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + 180
    while process.poll() is None and time.monotonic() < ends:
        try:
            if requests.get(f"{url}/collections/{COLLECTION}", timeout=5).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.2)
    raise LookupError("tipg did not start")
