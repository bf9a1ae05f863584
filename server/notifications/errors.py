"""What can go wrong with telling."""

from __future__ import annotations

from server.problems import DomainError


class NotDelivered(Exception):
    """A receiver did not take a notification; the message says why, without secrets."""


class ChannelUnusable(DomainError):
    """The address of a webhook or mailbox cannot be used."""
