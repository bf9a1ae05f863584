"""Commands about tablets: how each one fares, switching one off or on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import click
import orjson

from server.console import Console, pass_console
from server.fieldsync import devices
from server.fieldsync.device_queries import Wanted

COLUMNS = ("held", "quarantined", "conflicts", "photos_missing", "gaps")
PAGE = 500


@click.command("list")
@click.option("--text", help="Part of a user name, a person's or a tablet's name or its id.")
@click.option("--troubled", is_flag=True, help="Only tablets with something undecided, lost or missing.")
@click.option("--silent-for-h", type=click.IntRange(1), help="Only tablets not heard of for so many hours.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_console
def list_devices(
    console: Console, text: str | None, troubled: bool, silent_for_h: int | None, as_json: bool
) -> None:
    """List tablets by user name: last contact, what waits and what is missing."""
    silent = None if silent_for_h is None else console.now - timedelta(hours=silent_for_h)
    found = _all(console, Wanted(text=text, troubled=troubled, silent_since=silent))
    if as_json:
        click.echo(orjson.dumps(found, default=str).decode())
        return
    for one in found:
        click.echo(_line(one))


@click.command("revoke")
@click.argument("device_id", type=click.UUID)
@click.option("--reason", default="", help="Stands in the audit trail.")
@pass_console
def revoke_device(console: Console, device_id: UUID, reason: str) -> None:
    """Switch a tablet off: it pulls no more; what it still pushes is kept for the office."""
    _switch(console, device_id, reason, on=False)


@click.command("readmit")
@click.argument("device_id", type=click.UUID)
@click.option("--reason", default="", help="Stands in the audit trail.")
@pass_console
def readmit_device(console: Console, device_id: UUID, reason: str) -> None:
    """Switch a tablet on again."""
    _switch(console, device_id, reason, on=True)


def _all(console: Console, wanted: Wanted) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    with console.transaction() as session:
        while True:
            after = (found[-1]["username"], str(found[-1]["device_id"])) if found else None
            page = devices.listed(session, None, replace(wanted, after=after), PAGE, console.now)
            found += page
            if len(page) < PAGE:
                return found


def _switch(console: Console, device_id: UUID, reason: str, *, on: bool) -> None:
    with console.transaction() as session:
        one = devices.switch(session, device_id, on=on, actor=None, reason=reason, now=console.now)
    click.echo(_line(one))


def _line(one: dict[str, Any]) -> str:
    odd = [f"{one[name]} {name.replace('_', ' ')}" for name in COLUMNS if one[name]]
    state = f"revoked {one['revoked_at']:%Y-%m-%d}" if one["revoked_at"] else "in use"
    seen = f"last heard of {one['last_contact_at']:%Y-%m-%d %H:%M} UTC"
    told = [str(one["device_id"]), one["username"], one["name"], state, seen, *odd]
    return "  ".join(told)
