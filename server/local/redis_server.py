"""A private Redis that keeps nothing: what it holds can be found again from the database."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import redis

from server.local.errors import NotReady

DATABASES = 64


@dataclass(frozen=True, slots=True)
class RedisServer:
    """One Redis on loopback, in one folder."""

    program: Path
    folder: Path
    port: int

    def url(self, database: int = 0) -> str:
        """Return the address of one of its numbered databases."""
        return f"redis://127.0.0.1:{self.port}/{database}"

    def command(self) -> list[str]:
        """Return the words that serve it in the foreground."""
        self.folder.mkdir(parents=True, exist_ok=True)
        # Its own process title would hide the environment by which a left-over process is recognised.
        settings = {
            "port": self.port,
            "bind": "127.0.0.1",
            "save": "",
            "appendonly": "no",
            "dir": self.folder,
            "databases": DATABASES,
            "maxmemory-policy": "noeviction",
            "set-proc-title": "no",
        }
        return [
            str(self.program),
            *(word for name, value in settings.items() for word in (f"--{name}", str(value))),
        ]

    def launch(self) -> None:
        """Start it in the background and return when it answers."""
        log, pid = str(self.folder / "redis.log"), str(self._pid_file)
        words = [*self.command(), "--daemonize", "yes", "--logfile", log, "--pidfile", pid]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL, cwd="/")
        self.wait()

    def wait(self, patience_s: float = 20) -> None:
        """Return when it answers.

        Raises:
            NotReady: it did not within `patience_s` seconds.
        """
        ends = time.monotonic() + patience_s
        while not self.answers():
            if time.monotonic() > ends:
                raise NotReady(f"Redis did not answer on port {self.port} within {patience_s:.0f} s")
            time.sleep(0.05)

    def answers(self) -> bool:
        """Return whether it answers a PING now."""
        with redis.Redis(port=self.port, socket_connect_timeout=1, socket_timeout=1) as client:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False

    def stop(self) -> None:
        """End the one that `launch` started, if it still runs."""
        try:
            pid = int(self._pid_file.read_text())
            ours = os.fsencode(self.program) in Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, ValueError):
            return
        if ours:
            os.kill(pid, signal.SIGKILL)
        self._pid_file.unlink(missing_ok=True)

    @property
    def _pid_file(self) -> Path:
        return self.folder / "redis.pid"
