"""Commands about what tablets hand in."""

from __future__ import annotations

import click

from server.fieldsync.outbox_commands import import_outbox, replay_items
from server.fieldsync.receipt_commands import check_receipt


@click.group()
def sync() -> None:
    """What tablets hand in."""


sync.add_command(check_receipt)
sync.add_command(import_outbox)
sync.add_command(replay_items)
