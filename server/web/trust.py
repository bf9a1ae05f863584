"""How a tablet learns to trust the server's own authority, made by `make run TLS=1`."""

from __future__ import annotations

from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from flask import Blueprint, Response, abort, jsonify, render_template

from server import request
from server.web.routes import HEADERS, policy

FILE = "authority.crt"
# What Android and iPadOS know as a certificate to install, and browsers as a file to open.
CERTIFICATE = "application/x-x509-ca-cert"


def fingerprint(authority: bytes) -> str:
    """Return the SHA-256 of a certificate in PEM as tablets show it: `AB:CD:…`.

    Raises:
        ValueError: it is no certificate.
    """
    return x509.load_pem_x509_certificate(authority).fingerprint(SHA256()).hex(":").upper()


def blueprint() -> Blueprint:
    """Return the blueprint of `/trust`; 404 where the server has no authority of its own."""
    pages = Blueprint("trust", __name__, template_folder="templates")

    def page() -> Response:
        """Answer what to do on the tablet, in Chinese and English."""
        shown = render_template("trust.html", fingerprint=fingerprint(_authority()), file=f"/trust/{FILE}")
        return _dressed(Response(shown, content_type="text/html; charset=utf-8"))

    def file() -> Response:
        """Answer the authority's certificate."""
        answer = Response(_authority(), content_type=CERTIFICATE)
        answer.headers["Content-Disposition"] = f'attachment; filename="wangge-{FILE}"'
        return _dressed(answer)

    def known() -> Response:
        """Answer the fingerprint as JSON, null where there is no authority of the server's own to trust."""
        found = _named()
        return _dressed(jsonify({"fingerprint": found and fingerprint(found.read_bytes())}))

    pages.add_url_rule("/trust", view_func=page)
    pages.add_url_rule("/trust/authority.json", view_func=known)
    pages.add_url_rule(f"/trust/{FILE}", view_func=file)
    return pages


def _named() -> Path | None:
    named = request.settings().tls_authority
    return Path(named) if named and Path(named).is_file() else None


def _authority() -> bytes:
    return (_named() or abort(404)).read_bytes()


def _dressed(answer: Response) -> Response:
    answer.headers.update(HEADERS)
    answer.headers["Content-Security-Policy"] = policy(())
    answer.headers["Cache-Control"] = "no-store"
    return answer
