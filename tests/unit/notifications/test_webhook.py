"""Where webhooks may lead, how they are signed, when they are tried again."""

from __future__ import annotations

import hmac
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from server.notifications.backoff import PAUSES_S, next_attempt
from server.notifications.errors import ChannelUnusable, NotDelivered
from server.notifications.mail import check_mailbox
from server.notifications.webhook import check_address, is_public, send, signature

NOW = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)

ADDRESSES = [
    ("8.8.8.8", True),
    ("2001:4860:4860::8888", True),
    ("127.0.0.1", False),
    ("10.1.2.3", False),
    ("172.16.0.1", False),
    ("192.168.1.1", False),
    ("169.254.169.254", False),
    ("100.64.0.1", False),
    ("0.0.0.0", False),
    ("224.0.0.1", False),
    ("::1", False),
    ("fe80::1%eth0", False),
    ("fd00::1", False),
    ("::ffff:127.0.0.1", False),
    ("2002:7f00:1::", False),
    ("64:ff9b::7f00:1", False),
    ("64:ff9b::808:808", True),
]


@pytest.mark.parametrize(("address", "public"), ADDRESSES)
def test_only_the_public_internet_is_public(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/",
        "https://",
        "https://user:word@example.org/",
        "http://example.org:99999/",
        "http://[bad/",
        "https://example.org/ x",
        "https://例子.org/",
        "file:///etc/passwd",
        "https://example.org:0/",
    ],
)
def test_an_address_that_is_no_webhook_is_refused(url: str) -> None:
    with pytest.raises(ChannelUnusable):
        check_address(url)


@pytest.mark.parametrize(
    "address", ["office", "a@b", "a b@example.org", "a@example.org\nBcc: x@example.org", "@x.org"]
)
def test_what_is_no_mailbox_is_refused(address: str) -> None:
    with pytest.raises(ChannelUnusable):
        check_mailbox(address)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "http://localhost:1/", "http://[::1]:1/"])
def test_nothing_is_sent_to_private_addresses(url: str) -> None:
    with pytest.raises(NotDelivered, match="not a public one"):
        send(url, "s" * 16, "case:1:1", b"{}", NOW)


def test_a_receiver_can_check_the_signature() -> None:
    signed = signature("a secret of ours", NOW, b'{"kind":"closed"}')

    seconds, digest = (part.split("=")[1] for part in signed.split(","))
    expected = hmac.new(b"a secret of ours", f"{seconds}.".encode() + b'{"kind":"closed"}', sha256)
    assert int(seconds) == NOW.timestamp()
    assert digest == expected.hexdigest()


def test_it_is_tried_for_days_at_growing_distances_and_then_given_up() -> None:
    tries = [next_attempt(attempts, NOW) for attempts in range(1, len(PAUSES_S) + 2)]

    pauses = [at - NOW for at in tries if at is not None]
    assert tries[-1] is None
    assert pauses == sorted(pauses)
    assert sum(pauses, timedelta()) > timedelta(days=2)
