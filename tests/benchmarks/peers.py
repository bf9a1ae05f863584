"""The peers' own environment: what they need is none of the product's business."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PEERS = ROOT / "var" / "peers"
LOCK = ROOT / "requirements-peers.lock"
_DONE = PEERS / "installed.lock"


def program(name: str) -> str:
    """Return a program of the peers' environment, which is made from its lock file when that is new."""
    if not _DONE.exists() or _DONE.read_bytes() != LOCK.read_bytes():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(PEERS)], check=True)
        install = [str(PEERS / "bin" / "python"), "-m", "pip", "install", "-q", "--require-hashes"]
        subprocess.run([*install, "-r", str(LOCK)], check=True)
        _DONE.write_bytes(LOCK.read_bytes())
    return str(PEERS / "bin" / name)
