"""`wangge run`: everything from nothing to a product that answers, until Ctrl-C."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from server.local import first_day, leftovers, web
from server.local.certificate import Certificate, certificate, local_names
from server.local.children import Watch
from server.local.errors import LocalError
from server.local.locks import locked
from server.local.places import Places, places
from server.local.ports import is_free
from server.local.services import open_services, write_addresses
from server.web.trust import fingerprint


class Stopped(Exception):
    """Somebody pressed Ctrl-C before everything stood."""


def run(port: int = 8000, tls: bool = False) -> int:
    """Start the product and keep it alive until Ctrl-C or SIGTERM; return the exit code for the shell."""
    stopping = _stop_signals()
    here = places()
    try:
        with locked(here.var / "run.lock", wait=False):
            return Product(here, port, tls, stopping).serve()
    except LocalError as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1


class Product:
    """One run of the product, from the services up to the last Ctrl-C."""

    def __init__(self, here: Places, port: int, tls: bool, stopping: threading.Event) -> None:
        self.here = here
        self.stopping = stopping
        self.watch = Watch(lambda words: print(f"  {words}", flush=True))
        self.address = web.Address(port, certificate_for(here) if tls else None)
        self.environ: dict[str, str] = {}
        self.to_come = here.var / "morning_to_come"

    def serve(self) -> int:
        """Start everything in order, wait for the end, stop everything in the opposite order.

        Raises:
            LocalError: something did not start; what had started is stopped again.
        """
        try:
            self._start()
            self.stopping.wait()
        except Stopped:
            pass
        finally:
            print("\nStopping …", flush=True)
            self.watch.stop()
            (self.here.run / "urls.env").unlink(missing_ok=True)
        print("Stopped. The data is kept; `make run` continues with it, `make reset` removes it.")
        return 0

    def _start(self) -> None:
        ended = leftovers.end(self.here.checkout)
        if ended:
            print(f"  ended {ended} processes that an earlier run had left behind")
        if not is_free(self.address.port, self.address.host):
            raise LocalError(
                f"Port {self.address.port} is taken; try `make run PORT={self.address.port + 1}`."
            )
        self._timed("PostgreSQL and Redis", self._services)
        self._timed("migrations", lambda: self._must("migrate"))
        for child in web.processes(self.here, self.address, self.environ):
            self.watch.add(child)
        self._timed("the county and its demo places", lambda: self._must("load-county"))
        if not self._usernames():  # one that is in service already gets no demo
            self._timed("people to sign in as", self._people)
        self._timed("web, worker, scheduler", self._wait)
        if self.to_come.exists() and self._morning():
            self.to_come.unlink()
        self._greet()

    def _services(self) -> None:
        addresses = open_services(self.here, os.environ, self.watch)
        given = {**addresses, "WANGGE_URL": self.address.url}
        write_addresses(self.here, given)
        self.environ = {**os.environ, **given, **leftovers.mark(self.here.checkout), **self._trust()}

    def _trust(self) -> dict[str, str]:
        held = self.address.certificate
        if held is None:
            return {}
        return {"REQUESTS_CA_BUNDLE": str(held.authority), "TLS_AUTHORITY": str(held.authority)}

    def _wait(self) -> None:
        web.wait_until_ready(self.address, self.here.log / "web.log", self.stopping.is_set)

    def _usernames(self) -> set[str]:
        """Return the names of everybody whom the database knows."""
        listing = [sys.executable, "-m", "server.cli", "user", "list", "--json"]
        told = subprocess.run(
            listing, env=self.environ, cwd=self.here.checkout, capture_output=True, text=True, check=False
        )
        if told.returncode != 0:
            raise LocalError(f"`wangge user list` failed: {told.stderr.strip()}")
        return {user["username"] for user in json.loads(told.stdout)}

    def _people(self) -> None:
        refused = first_day.create_people(self._wangge, first_day.password(self.here.var))
        if refused:
            print(f"  these demo users could not be made: {', '.join(refused)}")
        self.to_come.touch()

    def _morning(self) -> bool:
        print("A morning of work: five tablets enrol, inspect without a network and hand in what they found.")
        secret = first_day.password(self.here.var)
        return first_day.morning(self._wangge, self.address.url, secret)

    def _logins(self) -> list[str]:
        if not (self.here.var / "demo_password").exists():
            return []
        return first_day.logins(first_day.password(self.here.var), self._usernames())

    def _invitation(self) -> list[str]:
        """Return how a newcomer opens a tablet of the demo worker; a code that nobody used ends by itself."""
        if not (self.here.var / "demo_password").exists() or first_day.WALKER not in self._usernames():
            return []
        asking = [sys.executable, "-m", "server.cli", "device", "code", first_day.WALKER, "--json"]
        told = subprocess.run(
            asking, env=self.environ, cwd=self.here.checkout, capture_output=True, text=True, check=False
        )
        if told.returncode != 0:
            return []
        return first_day.invitation(self.address.url, json.loads(told.stdout)["enrolment_code"])

    def _must(self, *words: str) -> None:
        if self._wangge(words, None) != 0:
            raise LocalError(f"`wangge {' '.join(words)}` failed; see above.")

    def _wangge(self, words: Sequence[str], typed: str | None) -> int:
        """Run one command of the product; what it says is shown unless a password was typed into it."""
        command = [sys.executable, "-m", "server.cli", *words]
        process = subprocess.Popen(
            command,
            env=self.environ,
            cwd=self.here.checkout,
            start_new_session=True,
            stdin=subprocess.DEVNULL if typed is None else subprocess.PIPE,
            stdout=None if typed is None else subprocess.DEVNULL,
        )
        if typed is not None and process.stdin is not None:
            process.stdin.write(f"{typed}\n".encode())
            process.stdin.close()
        return self._awaited(process)

    def _awaited(self, process: subprocess.Popen[bytes]) -> int:
        while (code := process.poll()) is None:
            if self.stopping.wait(0.05):
                os.killpg(process.pid, signal.SIGTERM)
                process.wait()
                raise Stopped
        return code

    def _timed(self, what: str, act: Callable[[], None]) -> None:
        if self.stopping.is_set():
            raise Stopped
        began = time.monotonic()
        act()
        print(f"  {what} ({time.monotonic() - began:.1f} s)", flush=True)

    def _greet(self) -> None:
        print(f"\nwangge answers at {self.address.url}\n")
        if self.address.certificate is not None:
            names = ", ".join(f"https://{name}:{self.address.port}" for name in local_names()[1:])
            print(f"On the network: {names}")
            print(
                "A tablet opens /trust there once, past its browser's warning, and installs the certificate"
            )
            print(f"with the fingerprint {fingerprint(self.address.certificate.authority.read_bytes())}\n")
        logins = self._logins()
        if logins:
            print("Sign in as (name, password, what is theirs):")
            print("\n".join(logins))
        print("\n".join(self._invitation()))
        print("\nLook at: the ledger (/ledger), a case with photos and history, the map (/map),")
        print(
            "the inspections (/inspections), the API (/docs). Logs: var/log. Ctrl-C stops everything.",
            flush=True,
        )


def certificate_for(here: Places) -> Certificate:
    """Return the certificate of this checkout for the names that this machine has now."""
    return certificate(here.var / "tls", local_names(), datetime.now(UTC))


def _stop_signals() -> threading.Event:
    """Return an event that Ctrl-C, SIGTERM and a closed terminal set; a second Ctrl-C changes nothing."""
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda _number, _frame: stopping.set())
    return stopping
