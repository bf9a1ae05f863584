"""The processes of the product itself: web, worker, scheduler."""

from __future__ import annotations

import json
import ssl
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from server.local.accounts import Launch
from server.local.certificate import Certificate
from server.local.children import Child
from server.local.errors import NotReady
from server.local.forked import Forked, Forker
from server.local.places import Places

WEB_PROCESSES = 2
THREADS = 12
# A pool of memory for each thread would keep what every one of them needed at most; granian's own allocator
# would keep a pool for each thread, too, and for ten seconds what nobody needs any more.
MEMORY = {
    "MALLOC_ARENA_MAX": "2",
    "_RJEM_MALLOC_CONF": "narenas:2,dirty_decay_ms:1000,muzzy_decay_ms:0",
}
# What a connection reads ahead, bytes; granian would keep 400 KiB for each tablet.
READ_AHEAD = 131_072


@dataclass(frozen=True, slots=True)
class Address:
    """Where the product answers; with a certificate it does so to the whole network, by https."""

    port: int
    certificate: Certificate | None = None

    @property
    def host(self) -> str:
        """Return the address to bind."""
        return "127.0.0.1" if self.certificate is None else "0.0.0.0"

    @property
    def url(self) -> str:
        """Return the address to open on this machine."""
        return f"{'http' if self.certificate is None else 'https'}://127.0.0.1:{self.port}"


def processes(places: Places, address: Address, environ: Mapping[str, str]) -> list[Child]:
    """Return web, worker and scheduler after what they are forked from, in the order in which they start."""
    env = MEMORY | {name: value for name, value in environ.items() if name != "DATABASE_OWNER_URL"}
    launch: Launch = {"cwd": str(places.checkout), "env": env}

    def files(name: str) -> tuple[Path, Path]:
        return places.log / f"{name}.log", places.run / f"{name}.pid"

    forker = Forker("forker", [sys.executable, "-m", "server.forker"], launch, *files("forker"))

    def forked(name: str, *words: str) -> Child:
        return Forked(name, words, launch, *files(name), forker=forker)

    return [
        forker,
        forked("web", *_granian(address)),
        forked("worker", "worker"),
        forked("scheduler", "scheduler"),
    ]


def wait_until_ready(
    address: Address, log: Path, stopping: Callable[[], bool], patience_s: float = 60
) -> None:
    """Return when /readyz says so.

    Raises:
        NotReady: it did not within `patience_s` seconds, or the wait was broken off.
    """
    trust = ssl.create_default_context(cafile=address.certificate.authority) if address.certificate else None
    ends = time.monotonic() + patience_s
    answer = "no answer"
    while not stopping() and time.monotonic() < ends:
        try:
            with urllib.request.urlopen(f"{address.url}/readyz", timeout=3, context=trust):
                return
        except urllib.error.HTTPError as refusal:
            answer = json.dumps(refusal.read().decode(errors="replace"), ensure_ascii=False)
        except OSError as problem:
            answer = str(problem)
        time.sleep(0.1)
    raise NotReady(f"The web process is not ready ({answer}). The end of {log}:\n{_last_lines(log)}")


def _last_lines(log: Path, count: int = 15) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
    return "\n".join(lines[-count:])


def _granian(address: Address) -> list[str]:
    words = ["--workers", str(WEB_PROCESSES)]
    words += ["--blocking-threads", str(THREADS), "--respawn-failed-workers", "--workers-kill-timeout", "5"]
    words += ["--host", address.host, "--port", str(address.port), "--no-ws"]
    words += ["--http1-buffer-size", str(READ_AHEAD)]
    if address.certificate is not None:
        words += ["--ssl-certificate", str(address.certificate.certificate)]
        words += ["--ssl-keyfile", str(address.certificate.key), "--ssl-protocol-min", "tls1.2"]
    return words
