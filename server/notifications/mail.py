"""Handing a notification to a mailbox by SMTP."""

from __future__ import annotations

import re
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256

from server.notifications.errors import ChannelUnusable, NotDelivered
from server.notifications.tables import Notification
from server.settings import Settings

TIMEOUT_S = 15.0
_MAILBOX = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def check_mailbox(address: str) -> None:
    """Let a mailbox pass.

    Raises:
        ChannelUnusable: it is none.
    """
    if not _MAILBOX.fullmatch(address):
        detail, zh = "Give a mailbox such as office@example.org.", "请填写形如 office@example.org 的邮箱。"
        raise ChannelUnusable(detail, zh, errors=[{"pointer": "/address", "detail": detail, "detail_zh": zh}])


def message(told: Notification, sender: str, to: str) -> EmailMessage:
    """Return the mail that tells of something; its Message-ID is the same at every attempt."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, f"[网格治理] {told.title_zh}"
    mail["Date"] = format_datetime(told.created_at)
    name = sha256(f"{told.event_id} {to}".encode()).hexdigest()[:32]
    mail["Message-ID"] = f"<{name}@{sender.rpartition('@')[2]}>"
    mail["X-Wangge-Event"] = told.event_id
    mail.set_content(f"{told.title_zh}\n{told.title_en}\n\n{told.entity} {told.entity_id}\n{told.event_id}\n")
    return mail


def send(told: Notification, to: str, settings: Settings) -> None:
    """Hand a mail to the SMTP server of the settings.

    Raises:
        NotDelivered: no server is set, or it does not take the mail.
    """
    if not settings.smtp_host:
        raise NotDelivered("no SMTP server is set (SMTP_HOST)")
    try:
        with smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=TIMEOUT_S) as server:
            if settings.smtp_starttls:
                server.starttls(context=ssl.create_default_context())
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password)
            server.send_message(message(told, settings.smtp_from, to))
    except (OSError, smtplib.SMTPException) as fault:
        raise NotDelivered(f"{type(fault).__name__}: {fault}"[:300]) from fault
