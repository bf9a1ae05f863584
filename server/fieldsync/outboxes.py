"""Use cases of the office: taking in the outbox file that somebody brought from a tablet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.auth import audit, enrolment
from server.auth import service as people
from server.auth.actor import Actor
from server.fieldsync import outbox_arrivals as arrivals
from server.fieldsync import outbox_queries as queries
from server.fieldsync.importing import Import, Report, TakenItem
from server.fieldsync.outbox_file import OutboxFile, opened
from server.problems import InvalidInput, NotFound
from server.sheets import service as tasks
from server.sheets.files import SheetFiles

RIGHT = "quarantine.decide"
KIND = "outbox-file"
# As many are told in the answer, those first that somebody must look at; the report tells all.
MOST_LISTED = 500
QUIET = frozenset({"applied", "merged", "new", "known"})


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that is here as a whole: where it lies, and under which name it came."""

    file_id: UUID
    name: str


def sent_before(session: Session, sent: UUID, actor: Actor) -> Sent:
    """Return the file of an upload that is whole, or the one that an earlier look was about.

    Raises:
        NotFound: neither is one's own. InvalidInput: the upload is not whole yet.
    """
    upload = queries.upload_of(session, sent, actor.user_id)
    if upload is None:
        task = tasks.of_owner(session, sent, actor)
        if task.kind != KIND:
            raise NotFound("There is no such file of yours.", "没有您的此文件。")
        return Sent(UUID(task.asked["sent"]), task.file_name)
    if upload.received_bytes < upload.size:
        told = f"{upload.received_bytes} of {upload.size} bytes are here: send the rest."
        zh = f"{upload.size} 字节中只收到 {upload.received_bytes} 字节，请继续发送。"
        raise InvalidInput(told, zh, errors=[{"pointer": "/sent", "detail": told, "detail_zh": zh}])
    return Sent(sent, upload.file_name)


def look_into(session: Session, file: Path, user: str, actor: Actor) -> Mapping[str, Any]:
    """Return whose work a file holds and how many photos, if this person may take it in.

    Args:
        user: the user name to go by instead of the manifest's; empty: the manifest's.

    Raises:
        OutboxFileUnusable: the file is none. UnknownUser: nobody here has the name.
        NotYours: the role takes no files in, or the person is beyond its reach.
        NotFound: the file was taken in since, or is too old.
    """
    with _kept(file) as outbox:
        name = user or outbox.manifest.user
        enrolment.check_reach(session, actor, people.user_named(session, name), RIGHT)
        return {"user": name, "device_id": str(outbox.manifest.device_id), "photos": len(outbox.photos)}


def take_in(run: Import, file: Path, user: str, told: tasks.Progress) -> Report:
    """Take a file in, or with a dry run only look at it, and return what came of it.

    What was handed in before, by wire or by file, is not done again; what arrives later finds its result.

    Args:
        run: of which database, store and moment; `told` hears photos and items together.

    Raises:
        OutboxFileUnusable, NotFound: the file is none, or no longer kept; nothing is taken in.
    """
    with _kept(file) as outbox:
        whole = len(outbox.photos) + outbox.items(run.settings.max_inflated_bytes)
        told(0, whole)
        return run.heard_by(lambda photos, items: told(photos + items, whole)).take(outbox, user)


def answer(report: Report, whose: Mapping[str, Any], *, dry_run: bool) -> dict[str, Any]:
    """Return what the person who brought the file is told; all items stand in the report beside it."""
    first = sorted(report.items, key=lambda one: (one.status in QUIET, one.seq))[:MOST_LISTED]
    sums = Counter(outcome(one) for one in report.items)
    return {
        **whose,
        **{key: value for key, value in asdict(report).items() if key not in ("items", "damages")},
        "dry_run": dry_run,
        "sums": dict(sums),
        "items": [_listed(one) for one in first],
        "not_listed": len(report.items) - len(first),
        "damages": [asdict(one) for one in report.damages[:MOST_LISTED]],
        "report": True,
    }


def outcome(item: TakenItem) -> str:
    """Return in one word what became of an item."""
    return "replayed" if item.replayed else item.status


def note(session: Session, run: Import, report: Report, whose: Mapping[str, Any], actor: Actor) -> None:
    """Write down who took the file in, and what came of it."""
    sums = Counter(outcome(one) for one in report.items)
    told = {"user": whose["user"], "items": dict(sums), "photos": report.photos_stored}
    audit.write(session, actor, RIGHT, "outbox_file", whose["device_id"], told, run.now)


def forget(session: Session, files: SheetFiles, file_id: UUID) -> None:
    """Forget a file that was taken in, or is none."""
    queries.forget_upload(session, file_id)
    files.incoming(file_id).unlink(missing_ok=True)


def forget_old(session: Session, files: SheetFiles, now: datetime) -> int:
    """Forget files that were sent long ago and never taken in; return how many."""
    gone = queries.forget_uploads(session, now - arrivals.KEEP)
    for file_id in gone:
        files.remove(file_id)
    return len(gone)


def _kept(file: Path) -> AbstractContextManager[OutboxFile]:
    if not file.is_file():
        raise NotFound("The file is no longer kept: send it again.", "文件已不再保留，请重新发送。")
    return opened(file)


def _listed(item: TakenItem) -> dict[str, Any]:
    return {**asdict(item), "entity_id": str(item.entity_id) if item.entity_id else None}
