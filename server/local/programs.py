"""Find the server programs on this machine, and install them where that is allowed."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

from server.local.errors import ProgramMissing

OLDEST_POSTGRESQL = 15
LIBRARIES = Path("/usr/lib/postgresql")
EXTENSIONS = Path("/usr/share/postgresql")
WAY_OUT = (
    "Install {what}, or start everything in containers with `docker compose up`, "
    "or name running services in DATABASE_URL, DATABASE_OWNER_URL and REDIS_URL."
)


def postgres_programs() -> Path:
    """Return the folder of initdb, postgres and psql of the newest PostgreSQL that has PostGIS.

    Raises:
        ProgramMissing: there is none and this account may not install it.
    """
    return _found_or_installed(_newest_postgis, "PostgreSQL 15 or newer with PostGIS", _postgis_packages)


def redis_program() -> Path:
    """Return the path of redis-server, or of valkey-server in its place.

    Raises:
        ProgramMissing: there is none and this account may not install it.
    """
    return _found_or_installed(_redis, "redis-server", lambda: ["redis-server"])


def newest(versions: Iterable[str]) -> int | None:
    """Return the highest supported PostgreSQL version among folder names; None when there is none."""
    return max((int(v) for v in versions if v.isdigit() and int(v) >= OLDEST_POSTGRESQL), default=None)


def _found_or_installed(
    find: Callable[[], Path | None], what: str, packages: Callable[[], list[str]]
) -> Path:
    found = find()
    if found is None and install(packages):
        found = find()
    if found is None:
        raise ProgramMissing(f"{what} is not installed here. {WAY_OUT.format(what=what)}")
    return found


def _newest_postgis() -> Path | None:
    with_postgis = (file.parents[1].name for file in EXTENSIONS.glob("*/extension/postgis.control"))
    version = newest(v for v in with_postgis if (LIBRARIES / v / "bin" / "postgres").exists())
    return None if version is None else LIBRARIES / str(version) / "bin"


def _redis() -> Path | None:
    found = shutil.which("redis-server") or shutil.which("valkey-server")
    return Path(found) if found else None


def _postgis_packages() -> list[str]:
    listed = subprocess.run(
        ["apt-cache", "pkgnames", "postgresql-"], capture_output=True, text=True, check=False
    ).stdout.split()
    versions = [
        name.removeprefix("postgresql-").removesuffix("-postgis-3")
        for name in listed
        if name.endswith("-postgis-3")
    ]
    return [f"postgresql-{newest(versions) or OLDEST_POSTGRESQL}-postgis-3"]


def _apt() -> list[str] | None:
    """Return the words that run apt with the needed rights, None where it cannot be used."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return [sudo, "-n"]
    return None


def install(packages: Callable[[], list[str]]) -> bool:
    """Install Debian packages; return whether this account may. A failure shows apt's own words.

    The packages are asked for after the lists were fetched: a fresh machine has none.
    """
    run_as = _apt()
    if run_as is None:
        return False
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt = [*run_as, "apt-get", "-q", "-y", "-o", "DPkg::Lock::Timeout=300"]
    subprocess.run([*apt, "update"], env=quiet, check=False)
    names = packages()
    print(f"Installing {' '.join(names)} …", flush=True)
    subprocess.run([*apt, "install", "--no-install-recommends", *names], env=quiet, check=False)
    return True
