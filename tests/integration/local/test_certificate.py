"""A tablet that trusts the authority can talk to the product, by name and by address."""

from __future__ import annotations

import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from server.local.certificate import Certificate, certificate, local_names

NOW = datetime.now(UTC)
NAMES = ["localhost", "127.0.0.1"]


def _handshake(files: Certificate, name: str) -> str | None:
    """Return the version of TLS that a client who trusts only the authority agrees on with the server."""
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.load_cert_chain(files.certificate, files.key)
    theirs = ssl.create_default_context(cafile=str(files.authority))
    one, other = socket.socketpair()

    def serve() -> None:
        try:
            with ours.wrap_socket(one, server_side=True) as channel:
                channel.recv(1)
        except OSError:
            one.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        with theirs.wrap_socket(other, server_hostname=name) as channel:
            channel.send(b"x")
            return channel.version()
    finally:
        other.close()
        thread.join()


@pytest.mark.parametrize("name", NAMES)
def test_a_client_that_trusts_the_authority_connects(tmp_path: Path, name: str) -> None:
    assert _handshake(certificate(tmp_path / "tls", NAMES, NOW), name) == "TLSv1.3"


def test_another_name_is_refused(tmp_path: Path) -> None:
    files = certificate(tmp_path / "tls", NAMES, NOW)

    with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
        _handshake(files, "127.0.0.2")


def test_the_same_names_keep_the_certificate(tmp_path: Path) -> None:
    first = certificate(tmp_path / "tls", NAMES, NOW).certificate.read_bytes()

    assert certificate(tmp_path / "tls", NAMES, NOW + timedelta(days=300)).certificate.read_bytes() == first


@pytest.mark.parametrize(
    ("names", "later"), [([*NAMES, "192.0.2.7"], timedelta(0)), (NAMES, timedelta(days=380))]
)
def test_new_names_or_a_near_end_renew_the_certificate_but_not_the_authority(
    tmp_path: Path, names: list[str], later: timedelta
) -> None:
    files = certificate(tmp_path / "tls", NAMES, NOW)
    before, authority = files.certificate.read_bytes(), files.authority.read_bytes()

    certificate(tmp_path / "tls", names, NOW + later)

    assert files.certificate.read_bytes() != before
    assert files.authority.read_bytes() == authority


def test_only_the_owner_may_read_the_keys(tmp_path: Path) -> None:
    files = certificate(tmp_path / "tls", NAMES, NOW)

    assert [oct(file.stat().st_mode & 0o777) for file in (files.key, tmp_path / "tls" / "authority.key")] == [
        "0o600"
    ] * 2


def test_this_machine_has_names() -> None:
    assert local_names()[:2] == NAMES
