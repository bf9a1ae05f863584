"""Webhooks and mail: at least once, signed, tried again, given up visibly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from redis import Redis

from server.ledger.telling import tell_some
from server.local.ports import free_port
from server.notifications.backoff import PAUSES_S
from server.notifications.jobs import deliver
from server.notifications.webhook import signature
from server.work import Work
from tests.integration.ledger.acting import Cast, an_id
from tests.integration.notifications.conftest import Receiver
from tests.integration.notifications.test_inbox import dispatched

SECRET = "a secret of the unit"


class Mailbox(Message):
    """Keeps what it is sent."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[Any] = []

    def handle_message(self, message: Any) -> None:
        self.mails.append(message)


@pytest.fixture
def mail() -> Iterator[tuple[Mailbox, int]]:
    box, port = Mailbox(), free_port()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    yield box, port
    server.stop()


def channel(cast: Cast, kind: str, address: str, channel_id: UUID | None = None, **more: Any) -> Any:
    body = {"unit_code": cast.fixer.unit_code, "kind": kind, "address": address, **more}
    if kind == "webhook":
        body.setdefault("secret", SECRET)
    with cast.county.client() as client:
        return client.put(
            f"/api/v1/notification-channels/{channel_id or an_id()}",
            json=body,
            headers=cast.county.bearer(cast.headquarters),
        )


def asked(cast: Cast, method: str, path: str) -> Any:
    with cast.county.client() as client:
        return getattr(client, method)(
            f"/api/v1/notification-channels{path}", headers=cast.county.bearer(cast.headquarters)
        )


def send(cast: Cast, after: timedelta = timedelta(), **settings: Any) -> int:
    """Run the job once, so long after the cast's clock; private addresses are the test's own."""
    with cast.county.transaction() as session:
        tell_some(session, cast.clock)
    chosen = {"webhooks_to_private_addresses": True, **settings}
    with Redis.from_url(cast.county.settings.redis_url) as redis:
        work = Work(cast.county.database, replace(cast.county.settings, **chosen), redis, cast.clock + after)
        return deliver(work)


def test_a_webhook_gets_the_event_signed_with_the_units_secret(cast: Cast, receiver: Receiver) -> None:
    assert channel(cast, "webhook", receiver.url).status_code == 200
    case_id = dispatched(cast)

    sent = send(cast)

    [(headers, body)] = receiver.got
    event = orjson.loads(body)
    assert sent == 1
    assert (event["kind"], event["entity_id"], event["unit"]) == (
        "dispatched",
        str(case_id),
        cast.fixer.unit_code,
    )
    assert headers["X-Wangge-Event"] == event["event_id"] == f"case:{case_id}:3"
    assert headers["X-Wangge-Signature"] == signature(SECRET, cast.clock, body)
    assert send(cast, timedelta(days=1)) == 0


def test_a_mail_reaches_the_mailbox(cast: Cast, mail: tuple[Mailbox, int]) -> None:
    box, port = mail
    channel(cast, "email", "office@example.org")
    case_id = dispatched(cast)

    send(cast, smtp_host="127.0.0.1", smtp_port=port, smtp_from="desk@example.org")

    [told] = box.mails
    text = told.get_payload(decode=True).decode()
    assert (told["To"], told["X-Wangge-Event"]) == ("office@example.org", f"case:{case_id}:3")
    assert "已派遣给贵单位" in text


def test_what_fails_is_tried_again_with_the_same_event_until_it_is_taken(
    cast: Cast, receiver: Receiver
) -> None:
    receiver.answers = [503, 302]
    channel(cast, "webhook", receiver.url)
    dispatched(cast)

    counts = [send(cast, timedelta(seconds=after)) for after in (0, 30, 61, 362)]

    assert counts == [0, 0, 0, 1]
    assert len({headers["X-Wangge-Event"] for headers, _ in receiver.got}) == 1
    assert len(receiver.got) == 3


def test_what_is_given_up_stands_among_the_dead_letters_and_can_be_revived(
    cast: Cast, receiver: Receiver
) -> None:
    receiver.answers = [500] * (len(PAUSES_S) + 1)
    made = channel(cast, "webhook", receiver.url).json
    dispatched(cast)
    after = timedelta()
    for pause in (0, *PAUSES_S):
        after += timedelta(seconds=pause + 1)
        send(cast, after)

    [dead] = asked(cast, "get", "/dead-letters").json["items"]
    revived = asked(cast, "post", f"/{made['channel_id']}/revive").json

    assert (dead["attempts"], dead["last_error"]) == (len(PAUSES_S) + 1, "answered 500")
    assert revived == {"revived": 1}
    # The request's own moment is the real one, far from the cast's.
    assert send(cast, timedelta(days=3650)) == 1


def test_nothing_is_sent_to_a_private_address_unless_the_setting_allows_it(
    cast: Cast, receiver: Receiver
) -> None:
    channel(cast, "webhook", receiver.url)
    dispatched(cast)

    sent = send(cast, webhooks_to_private_addresses=False)

    assert (sent, receiver.got) == (0, [])


def test_a_mail_without_a_server_waits(cast: Cast) -> None:
    channel(cast, "email", "office@example.org")
    dispatched(cast)

    assert send(cast) == 0


def test_a_secret_is_never_shown_and_kept_when_the_channel_is_changed_without_one(
    cast: Cast, receiver: Receiver
) -> None:
    made = channel(cast, "webhook", receiver.url)
    changed = channel(cast, "webhook", receiver.url + "2", UUID(made.json["channel_id"]), secret=None)
    dispatched(cast)
    send(cast)

    listed = asked(cast, "get", "")
    assert changed.status_code == 200
    assert SECRET not in made.text + changed.text + listed.text
    assert len(listed.json["items"]) == 1
    [(headers, body)] = receiver.got
    assert headers["X-Wangge-Signature"] == signature(SECRET, cast.clock, body)


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"kind": "webhook", "address": "ftp://example.org"}, "/address"),
    ({"kind": "webhook", "address": "https://example.org", "secret": None}, "/secret"),
    ({"kind": "webhook", "address": "https://example.org", "secret": "short"}, "/secret"),
    ({"kind": "email", "address": "nobody"}, "/address"),
    ({"kind": "pigeon", "address": "roof"}, "/kind"),
]


@pytest.mark.parametrize(("body", "pointer"), REFUSED)
def test_an_unusable_channel_is_refused_with_the_place(
    cast: Cast, body: dict[str, Any], pointer: str
) -> None:
    refused = channel(cast, **body)

    assert refused.status_code == 422
    assert [one["pointer"] for one in refused.json["errors"]] == [pointer]


def test_only_headquarters_set_channels_for_units_that_exist_once(cast: Cast) -> None:
    channel(cast, "email", "office@example.org")

    assert channel(cast, "email", "office@example.org").status_code == 422
    assert (
        channel(cast, "email", "b@example.org", unit_code="no such unit").json["type"]
        == "/problems/unknown-unit"
    )
    with cast.county.client() as client:
        for path in ("", "/dead-letters"):
            got = client.get(f"/api/v1/notification-channels{path}", headers=cast.county.bearer(cast.fixer))
            assert got.status_code == 403


def test_a_removed_channel_gets_nothing_more(cast: Cast, receiver: Receiver) -> None:
    made = channel(cast, "webhook", receiver.url).json
    dispatched(cast)
    with cast.county.transaction() as session:
        tell_some(session, cast.clock)

    assert asked(cast, "delete", f"/{made['channel_id']}").status_code == 204
    assert asked(cast, "delete", f"/{made['channel_id']}").status_code == 404
    assert send(cast) == 0
    assert receiver.got == []
