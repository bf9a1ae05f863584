"""Use case of the office: taking in the outbox file that somebody brought from a tablet without a network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import IO, Any

from server.auth import audit, enrolment
from server.auth import service as people
from server.auth.actor import Actor
from server.fieldsync.importing import Import, Report
from server.fieldsync.outbox_file import Manifest, opened

RIGHT = "quarantine.decide"


def take_in(run: Import, content: IO[bytes], user: str, actor: Actor) -> Mapping[str, Any]:
    """Take a file in, or with a dry run only look at it, and return what came of it.

    What was handed in before, by wire or by file, is not done again; what arrives later finds its result.

    Args:
        run: of which database, store and moment.
        user: the user name to go by instead of the manifest's; empty: the manifest's.

    Raises:
        NotYours: the role takes no files in, or the person is beyond its reach; nothing is taken in.
        OutboxFileUnusable: the file is none; nothing is taken in.
        UnknownUser: nobody here has the name; nothing is taken in.
    """
    with opened(content) as file:
        manifest = replace(file.manifest, user=user or file.manifest.user)
        with run.database.transaction() as session:
            enrolment.check_reach(session, actor, people.user_named(session, manifest.user), RIGHT)
        report = run.take(file, manifest.user)
    if not run.dry_run:
        _note(run, manifest, report, actor)
    return {**asdict(report), **_whose(manifest), "dry_run": run.dry_run}


def _whose(manifest: Manifest) -> dict[str, str]:
    return {"device_id": str(manifest.device_id), "user": manifest.user}


def _note(run: Import, manifest: Manifest, report: Report, actor: Actor) -> None:
    sums = Counter("replayed" if one.replayed else one.status for one in report.items)
    told = {"user": manifest.user, "items": dict(sums), "photos": report.photos_stored}
    with run.database.transaction() as session:
        audit.write(session, actor, RIGHT, "outbox_file", str(manifest.device_id), told, run.now)
