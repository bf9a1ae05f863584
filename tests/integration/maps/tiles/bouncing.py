"""A PgBouncer in transaction mode before a test's database."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from server.local.ports import free_port

PROGRAM = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")

# Session parameters of the start are the database's own affair there: a connection serves many clients.
_SETTINGS = """
[databases]
{name} = host=127.0.0.1 port={port} dbname={name} user=wangge_app
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {own_port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 2
ignore_startup_parameters = extra_float_digits,options
"""


@contextmanager
def bounced(database_url: str) -> Iterator[str]:
    """Yield the address of the same database behind PgBouncer, two connections for everybody."""
    assert PROGRAM is not None
    there = urlsplit(database_url)
    name, own_port = there.path.lstrip("/"), free_port()
    folder = Path(tempfile.mkdtemp(prefix="wangge-bouncer-", dir="/var/tmp"))
    folder.chmod(0o755)
    settings = folder / "pgbouncer.ini"
    settings.write_text(_SETTINGS.format(name=name, port=there.port, own_port=own_port))
    command = [PROGRAM, *(("-u", "postgres") if os.geteuid() == 0 else ()), str(settings)]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(running, own_port)
        yield f"postgresql://wangge_app@127.0.0.1:{own_port}/{name}"
    finally:
        running.terminate()
        running.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(running: subprocess.Popen[bytes], port: int) -> None:
    while running.poll() is None:
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError("PgBouncer did not start")
