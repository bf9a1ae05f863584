"""Where the files of a running product lie."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
LONGEST_SOCKET_FOLDER = 80  # a socket's path must stay below 107 bytes and PostgreSQL adds its own file name


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of one checkout. Nothing here exists until it is asked for."""

    checkout: Path
    var: Path
    clusters: Path

    @property
    def run(self) -> Path:
        """Return the folder of pid files and of `urls.env`."""
        return self.var / "run"

    @property
    def log(self) -> Path:
        """Return the folder of the logs, one file a process."""
        return self.var / "log"

    @property
    def kept(self) -> Path:
        """Return the folder of the cluster that `make run` keeps."""
        return self.clusters / "kept"


def places(checkout: Path = CHECKOUT, *, uid: int | None = None) -> Places:
    """Return the places of a checkout.

    As root the clusters lie below /var/tmp, because PostgreSQL then runs as another account, and a checkout
    below a 0700 folder is out of that account's reach.
    """
    var = checkout / "var"
    if (os.geteuid() if uid is None else uid) == 0:
        return Places(checkout, var, Path("/var/tmp") / f"wangge-{checkout_hash(checkout)}")
    return Places(checkout, var, var / "clusters")


def checkout_hash(checkout: Path) -> str:
    """Return twelve hex digits that stand for the checkout's path."""
    return hashlib.sha256(str(checkout).encode()).hexdigest()[:12]


def socket_folder(cluster: Path) -> Path:
    """Return a folder whose sockets have a short enough path: the cluster's own, else a temporary one."""
    own = cluster / "socket"
    if len(os.fsencode(own)) <= LONGEST_SOCKET_FOLDER:
        return own
    return Path(tempfile.gettempdir()) / f"wangge-{os.geteuid()}-{checkout_hash(cluster)}"
