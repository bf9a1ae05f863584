"""Handing a notification to a unit's web server: signed, to public addresses only, no redirect followed."""

from __future__ import annotations

import hmac
import http.client
import ipaddress
import socket
import ssl
from datetime import datetime
from hashlib import sha256
from urllib.parse import SplitResult, urlsplit

from server.notifications.errors import ChannelUnusable, NotDelivered

TIMEOUT_S = 10.0
_PORTS = {"http": 80, "https": 443}


def signature(secret: str, at: datetime, body: bytes) -> str:
    """Return the value of `X-Wangge-Signature`: `t=<unix seconds>,v1=<hex>`.

    `v1` is HMAC-SHA256 under the channel's secret over the seconds, a full stop and the body as sent.
    """
    seconds = str(int(at.timestamp()))
    digest = hmac.new(secret.encode(), seconds.encode() + b"." + body, sha256).hexdigest()
    return f"t={seconds},v1={digest}"


def check_address(url: str) -> SplitResult:
    """Return the parts of a webhook's address.

    Raises:
        ChannelUnusable: not http or https, no host, a user name in it, or an impossible port.
    """
    try:
        parts = urlsplit(url)
        usable = parts.scheme in _PORTS and parts.hostname and not parts.username and parts.port != 0
    except ValueError:
        usable = False
    if not usable or any(ord(one) <= 32 or ord(one) > 126 for one in url):
        detail = "Give an address such as https://example.org/hook, without user name."
        zh = "请填写形如 https://example.org/hook 的地址，不含用户名。"
        errors = [{"pointer": "/address", "detail": detail, "detail_zh": zh}]
        raise ChannelUnusable(detail, zh, errors=errors)
    return parts


def send(
    url: str, secret: str, event_id: str, body: bytes, at: datetime, *, private_allowed: bool = False
) -> None:
    """Post a body of JSON; an answer of 2xx means that it was taken.

    Args:
        private_allowed: also send to private, loopback and link-local addresses.

    Raises:
        NotDelivered: the host is unknown or private, does not answer in time, or answers anything but 2xx.
    """
    parts = check_address(url)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "wangge",
        "X-Wangge-Event": event_id,
        "X-Wangge-Signature": signature(secret, at, body),
    }
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection = _connect(parts, private_allowed)
        try:
            connection.request("POST", path, body, headers)
            status = connection.getresponse().status
        finally:
            connection.close()
    except (OSError, UnicodeError, http.client.HTTPException) as fault:
        raise NotDelivered(f"{type(fault).__name__}: {fault}"[:300]) from fault
    if not 200 <= status < 300:
        raise NotDelivered(f"answered {status}")


def _connect(parts: SplitResult, private_allowed: bool) -> http.client.HTTPConnection:
    """Return a connection to an address that was looked at: the name is not looked up a second time."""
    assert parts.hostname is not None
    port = parts.port or _PORTS[parts.scheme]
    address = _address(parts.hostname, port, private_allowed)
    connection = http.client.HTTPConnection(parts.hostname, port, timeout=TIMEOUT_S)
    plain = socket.create_connection((address, port), TIMEOUT_S)
    if parts.scheme == "https":
        try:
            plain = ssl.create_default_context().wrap_socket(plain, server_hostname=parts.hostname)
        except OSError:
            plain.close()
            raise
    connection.sock = plain
    return connection


def _address(host: str, port: int, private_allowed: bool) -> str:
    found = {str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    if not private_allowed and not all(is_public(one) for one in found):
        raise NotDelivered("the address is not a public one")
    return min(found, key=lambda one: (":" in one, one))


def is_public(address: str) -> bool:
    """Return whether an IP address is one of the public internet, seen through IPv4-in-IPv6 forms."""
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is not None:
            ip = inner
        elif ip in _NAT64:
            ip = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.is_global and not ip.is_multicast


_NAT64 = ipaddress.ip_network("64:ff9b::/96")
