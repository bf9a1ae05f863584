"""The page on which a tablet is told to trust the server's own authority."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509

from server.app import create_app
from server.local.certificate import certificate
from server.web.trust import fingerprint
from tests.build import County


def test_a_tablet_reads_the_fingerprint_and_takes_the_certificate(county: County, tmp_path: Path) -> None:
    authority = certificate(tmp_path / "tls", ["localhost"], datetime.now(UTC)).authority
    client = create_app(replace(county.settings, tls_authority=str(authority))).test_client()

    page, file = client.get("/trust"), client.get("/trust/authority.crt")
    known = client.get("/trust/authority.json")

    assert fingerprint(authority.read_bytes()) in page.text
    assert known.json == {"fingerprint": fingerprint(authority.read_bytes())}
    assert len(fingerprint(authority.read_bytes()).split(":")) == 32
    assert file.content_type == "application/x-x509-ca-cert"
    assert x509.load_pem_x509_certificate(file.data).subject.rfc4514_string().startswith("CN=wangge on ")


def test_a_server_without_an_authority_of_its_own_has_nothing_to_trust(county: County) -> None:
    client = create_app(county.settings).test_client()

    assert [client.get(path).status_code for path in ("/trust", "/trust/authority.crt")] == [404, 404]
    assert client.get("/trust/authority.json").json == {"fingerprint": None}
