"""A certificate of our own making: on a tablet camera, GPS and service worker need https."""

from __future__ import annotations

import ipaddress
import os
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LIFETIME = timedelta(days=397)  # browsers refuse longer ones
AUTHORITY_LIFETIME = timedelta(days=3650)
RENEWED_BEFORE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Certificate:
    """Files in PEM: the authority that a tablet is told to trust, the server's certificate and key."""

    authority: Path
    certificate: Path
    key: Path


def certificate(folder: Path, names: list[str], now: datetime) -> Certificate:
    """Return a certificate for host names and addresses, made anew when names changed or its end is near.

    The authority stays the same, so that a tablet has to be told only once.
    """
    files = Certificate(folder / "authority.crt", folder / "server.crt", folder / "server.key")
    if not _still_good(files, names, now):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        authority, authority_key = _authority(files.authority, folder / "authority.key", now)
        _write_server(files, names, authority, authority_key, now)
    return files


def local_names() -> list[str]:
    """Return the names and addresses by which this machine may be reached on its network."""
    host = socket.gethostname()
    try:
        found = {info[4][0] for info in socket.getaddrinfo(host, None, socket.AF_INET)}
    except OSError:
        found = set()
    return ["localhost", "127.0.0.1", host, *sorted(str(a) for a in (found | _outward()) - {"127.0.0.1"})]


def _outward() -> set[str]:
    """Return the address that packets to other machines leave from; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return set()
        return {str(probe.getsockname()[0])}


def _still_good(files: Certificate, names: list[str], now: datetime) -> bool:
    if not (files.authority.exists() and files.certificate.exists() and files.key.exists()):
        return False
    stored = x509.load_pem_x509_certificate(files.certificate.read_bytes())
    held = stored.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return list(held) == _alternatives(names) and stored.not_valid_after_utc - now > RENEWED_BEFORE


def _authority(
    file: Path, key_file: Path, now: datetime
) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    if file.exists() and key_file.exists():
        key = serialization.load_pem_private_key(key_file.read_bytes(), None)
        if isinstance(key, ec.EllipticCurvePrivateKey):
            return x509.load_pem_x509_certificate(file.read_bytes()), key
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(f"wangge on {socket.gethostname()}")
    made = (
        _builder(name, name, key, now, AUTHORITY_LIFETIME)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    _write_key(key_file, key)
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return made, key


def _write_server(
    files: Certificate,
    names: list[str],
    authority: x509.Certificate,
    authority_key: ec.EllipticCurvePrivateKey,
    now: datetime,
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    made = (
        _builder(_name(names[0]), authority.subject, key, now, LIFETIME)
        .add_extension(x509.SubjectAlternativeName(_alternatives(names)), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    _write_key(files.key, key)
    files.certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime, life: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + life)
    )


def _alternatives(names: list[str]) -> list[x509.GeneralName]:
    return [_alternative(name) for name in names]


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _write_key(file: Path, key: ec.EllipticCurvePrivateKey) -> None:
    encoded = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
        handle.write(encoded)
