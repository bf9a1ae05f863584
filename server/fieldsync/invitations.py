"""What a tablet is invited by: an address that opens its page with the code in it, also as a picture."""

from __future__ import annotations

import io
from urllib.parse import urlsplit

import segno

PAGE = "/tablet/"


def invitation_url(address: str, code: str) -> str:
    """Return the address that opens the tablet's page with a code; `address` is the server's own."""
    told = urlsplit(address)
    return f"{told.scheme}://{told.netloc}{PAGE}#enrol={code}"


def qr_svg(text: str) -> str:
    """Return a text as a QR code in SVG, black on white with its quiet zone."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", scale=8, border=4, light="#fff", xmldecl=False
    )
    return out.getvalue().decode()
