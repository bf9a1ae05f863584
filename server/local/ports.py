"""Ports on loopback."""

from __future__ import annotations

import socket
from pathlib import Path


def free_port() -> int:
    """Return a port that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Return whether a port can be bound; one that is only lingering after a close counts as free."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def kept_port(file: Path) -> int:
    """Return the port noted in a file while it is still free, else a new one, which is noted there."""
    try:
        noted = int(file.read_text())
    except (OSError, ValueError):
        noted = 0
    port = noted if noted and is_free(noted) else free_port()
    file.write_text(f"{port}\n")
    return port
