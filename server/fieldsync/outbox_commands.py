"""`wangge sync import` and `wangge sync replay`."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import click
import orjson
from sqlalchemy.exc import DBAPIError

from server import queue
from server.console import Console, pass_console
from server.fieldsync import service
from server.fieldsync.importing import Import, Report
from server.fieldsync.outbox_file import opened
from server.fieldsync.rules import RELEASE
from server.fieldsync.senders import sender_behind
from server.photos.service import DERIVE
from server.photos.store import Folder
from sync.decide import Ports
from sync.replay import Replayed, replay

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
COUNTY_ZONE = ZoneInfo("Asia/Shanghai")
DONE = ("applied", "merged", "new", "known")
PARTLY = 2
ESCROW = {
    "device-revoked": "The device was revoked",
    "device-unknown": "The device was never enrolled here",
    "device-foreign": "The device belongs to another person",
    "file-damaged": "The envelopes are not the bytes that were written",
}


@click.command("import")
@click.argument("file", type=FILE)
@click.option("--user", help="Whose work it is, where the manifest's user name is unknown here.")
@click.option("--dry-run", is_flag=True, help="Read and check everything, store nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@pass_console
def import_outbox(console: Console, file: Path, user: str | None, dry_run: bool, as_json: bool) -> None:
    """Take in the outbox file of a tablet that can never reach the network (docs/outbox-file.md)."""
    settings = console.settings

    def tell(photos: int, items: int) -> None:
        click.echo(f"\r{photos} photos, {items} items", nl=False, err=True)

    with opened(file) as outbox:
        store = Folder(settings.photo_store)
        run = Import(console.database, _ports(console), store, settings, console.now, dry_run, tell)
        report = run.take(outbox, user)
    click.echo("", err=True)
    if not dry_run:
        _wake(settings.redis_url)
    click.echo(orjson.dumps(asdict(report)).decode() if as_json else _told(report, dry_run))
    if report.damages:
        raise click.exceptions.Exit(PARTLY)


@click.command("replay")
@click.option("--device", type=click.UUID, help="Only this tablet's items.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only what was received from this day on.")
@click.option("--dry-run", is_flag=True, help="Show what would become of the items; change nothing.")
@pass_console
def replay_items(console: Console, device: UUID | None, since: datetime | None, dry_run: bool) -> None:
    """Decide anew what is held, or quarantined by a fault of the server that is repaired now."""
    begins = since.replace(tzinfo=COUNTY_ZONE) if since else None
    transaction, ports = console.database.transaction, _ports(console)
    found: list[Replayed] = []
    run = replay(
        transaction, ports, sender_behind, console.now, device_id=device, since=begins, dry_run=dry_run
    )
    try:
        for one in run:
            found.append(one)
            click.echo(f"\r{len(found)} items", nl=False, err=True)
    except DBAPIError as error:
        raise click.ClickException(
            f"The database is in trouble after {len(found)} items: {error.orig}"
        ) from error
    click.echo("", err=True)
    for one in found:
        became = one.now or "decided meanwhile"
        click.echo(f"{one.place.device_id}  {one.place.seq:>6}  {one.type:<22} {one.was} -> {became}")
    if not dry_run:
        service.release_held(console.database, ports.command_types, console.now)
        _wake(console.settings.redis_url)
    sums = Counter(one.now or "decided meanwhile" for one in found)
    told = ", ".join(f"{status} {count}" for status, count in sorted(sums.items())) or "nothing to do"
    click.echo(f"{'Would be' if dry_run else 'Now'}: {told}")


def _ports(console: Console) -> Ports:
    return service.ports(console.info["command_types"])


def _wake(redis_url: str) -> None:
    with queue.connect(redis_url) as redis:
        queue.wake(redis, RELEASE)
        queue.wake(redis, DERIVE)


def _told(report: Report, dry_run: bool) -> str:
    lines = []
    if report.escrow:
        lines.append(f"{ESCROW[report.escrow]}: every new item waits for the office in quarantine.")
    lines += [f"seq {one.seq}  {one.type}: {one.status}" for one in report.items if one.status not in DONE]
    lines += [f"left out: {one.where}: {one.why} {one.why_zh}" for one in report.damages]
    if report.missing_photos:
        lines.append(f"{report.missing_photos} photos that the manifest counts are not in the file.")
    sums = Counter("handed in before" if one.replayed else one.status for one in report.items)
    told = ", ".join(f"{name} {count}" for name, count in sorted(sums.items())) or "none"
    photos = (
        f"{report.photos_stored} photos {'to store' if dry_run else 'stored'}, {report.photos_known} known"
    )
    lines.append(f"{len(report.items)} items ({told}); {photos}.")
    return "\n".join(lines)
