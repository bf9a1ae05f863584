"""A private PostgreSQL cluster: made, started, asked and stopped; no other on the machine is touched."""

from __future__ import annotations

import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from server.local import accounts
from server.local.errors import LocalError, NotReady
from server.local.places import socket_folder

ROLES = Path(__file__).with_name("roles.sql")
INITDB = (
    "-U",
    "postgres",
    "-A",
    "trust",
    "-E",
    "UTF8",
    "--locale-provider=icu",
    "--icu-locale=und",
    "--locale=C.UTF-8",
    "-N",
)
THROW_AWAY = {"fsync": "off", "full_page_writes": "off", "wal_level": "minimal", "max_wal_senders": "0"}


@dataclass(frozen=True, slots=True)
class Cluster:
    """One cluster in one folder.

    `throw_away` trades safety in a power cut for speed; a killed process still loses nothing.
    """

    programs: Path
    folder: Path
    port: int
    throw_away: bool = False

    @property
    def data(self) -> Path:
        """Return PostgreSQL's data directory."""
        return self.folder / "data"

    @property
    def sockets(self) -> Path:
        """Return the folder of the cluster's socket."""
        return socket_folder(self.folder)

    def url(self, role: str, database: str = "wangge") -> str:
        """Return the address of a database for a role, over loopback."""
        return f"postgresql://{role}@127.0.0.1:{self.port}/{database}"

    def create(self) -> bool:
        """Make the cluster's files if there are none yet; return whether they were made now."""
        if (self.data / "PG_VERSION").exists():
            return False
        accounts.hand_over(self.folder)
        making = (
            self.folder / "data.making"
        )  # a killed initdb leaves half a cluster that looks like a whole one
        shutil.rmtree(making, ignore_errors=True)
        self._program("initdb", *INITDB, "-D", str(making))
        making.rename(self.data)
        return True

    def command(self) -> list[str]:
        """Return the words that serve this cluster in the foreground."""
        accounts.hand_over(self.sockets)
        return [str(self.programs / "postgres"), "-D", str(self.data), *self._options()]

    def launch(self) -> None:
        """Start the cluster in the background and return when it answers (pg_ctl's own way of waiting).

        Raises:
            LocalError: it did not come up; the message carries PostgreSQL's words.
        """
        accounts.hand_over(self.sockets)
        log = str(self.folder / "postgres.log")
        self._program(
            "pg_ctl", "start", "-w", "-s", "-D", str(self.data), "-l", log, "-o", " ".join(self._options())
        )

    def wait(self, patience_s: float = 60, *, log: Path | None = None) -> None:
        """Return when the cluster answers.

        Raises:
            NotReady: it did not within `patience_s` seconds.
        """
        ends = time.monotonic() + patience_s
        ready = [str(self.programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        while subprocess.run(ready, check=False, **accounts.unprivileged()).returncode != 0:
            if time.monotonic() > ends:
                raise NotReady(
                    f"PostgreSQL did not answer within {patience_s:.0f} s; see {log or self.folder}"
                )
            time.sleep(0.1)

    def found(self) -> None:
        """Make roles, database and extension (roles.sql) where they are missing."""
        self._psql("-f", "-", stdin=ROLES.read_text(encoding="utf-8"))

    def ask(self, sql: str, database: str = "postgres") -> str:
        """Run SQL as superuser and return what it answers, unaligned and without headings."""
        return self._psql("-d", database, "-At", "-c", sql).strip()

    def _options(self) -> list[str]:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": str(self.sockets),
            "max_connections": "200",
            "timezone": "UTC",
            "log_timezone": "UTC",
            **(THROW_AWAY if self.throw_away else {}),
        }
        return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]

    def _psql(self, *words: str, stdin: str | None = None) -> str:
        asked = (
            "-X",
            "-q",
            "-h",
            str(self.sockets),
            "-p",
            str(self.port),
            "-U",
            "postgres",
            "-v",
            "ON_ERROR_STOP=1",
        )
        return self._program("psql", *asked, *words, stdin=stdin)

    def _program(self, name: str, *words: str, stdin: str | None = None) -> str:
        argv = [str(self.programs / name), *words]
        # pg_ctl hands its standard output on to the server: a pipe there would never end.
        quiet = subprocess.DEVNULL if name == "pg_ctl" else subprocess.PIPE
        done = subprocess.run(
            argv, input=stdin, text=True, stdout=quiet, stderr=quiet, check=False, **accounts.unprivileged()
        )
        if done.returncode != 0:
            raise LocalError(
                f"{name} failed with {done.returncode}: {(done.stderr or self._last_words()).strip()}"
            )
        return done.stdout or ""

    def _last_words(self) -> str:
        log = self.folder / "postgres.log"
        return "\n".join(log.read_text(errors="replace").splitlines()[-5:]) if log.exists() else "no log"
