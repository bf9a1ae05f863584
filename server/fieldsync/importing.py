"""Taking an outbox file in: the rules of a push, for a tablet that can never reach the network."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.auth import service as people
from server.db import Database
from server.fieldsync import outbox_queries as queries
from server.fieldsync.outbox_file import Line, OutboxFile
from server.fieldsync.senders import sender_behind
from server.photos import service as photos
from server.photos.store import PhotoStore
from server.problems import DomainError
from server.settings import Settings
from sync import envelope as envelopes
from sync import inbox
from sync.decide import Ports
from sync.envelope import Envelope
from sync.errors import SyncError
from sync.items import Item
from sync.mutations import Sender
from sync.push import again_after_deadlock, push
from sync.verdicts import sort_items

NEW, KNOWN, CLASH = "new", "known", "used twice"


@dataclass(frozen=True, slots=True)
class TakenItem:
    """One item: what became of it and why, or whether it is new (dry run); `replayed`: it came before.

    `entity_id` is the record that it is about, None where the item cannot be read.
    """

    seq: int
    type: str
    entity_id: UUID | None
    status: str
    replayed: bool = False
    why: str = ""
    why_zh: str = ""


@dataclass(frozen=True, slots=True)
class Damage:
    """A line (by number) or a photo (by digest) that was left out, and why."""

    where: str
    why: str
    why_zh: str


@dataclass(slots=True)
class Report:
    """What came of an import; `escrow` is the reason for which everything waits for the office, if any."""

    escrow: str | None = None
    items: list[TakenItem] = field(default_factory=list)
    damages: list[Damage] = field(default_factory=list)
    lines: int = 0
    photos_stored: int = 0
    photos_known: int = 0
    missing_photos: int = 0


@dataclass(frozen=True, slots=True)
class Import:
    """One run of the import of a file.

    Attributes:
        tell: hears how many photos were looked at, and how many items.
        began_at: of the first run, where this one goes on with what was cut off: what was done since then
            is told as done now.
    """

    database: Database
    ports: Ports
    store: PhotoStore
    settings: Settings
    now: datetime
    dry_run: bool
    tell: Callable[[int, int], None] = lambda photos, items: None
    began_at: datetime | None = None

    def heard_by(self, tell: Callable[[int, int], None]) -> Import:
        """Return this run, with somebody who hears how far it is."""
        return replace(self, tell=tell)

    def take(self, file: OutboxFile, user: str | None = None) -> Report:
        """Take a file in and return what came of it; the same file again does nothing twice.

        Args:
            user: the user name to go by instead of the manifest's.

        Raises:
            UnknownUser: nobody here has the name; nothing is taken in.
        """
        sender = self._sender(file, user or file.manifest.user)
        report = Report(escrow=sender.escrow if sender.revoked else None)
        self._photos(file, report)
        for line in file.lines(self.settings.max_inflated_bytes):
            report.lines += 1
            self._line(file, sender, line, report)
        self._count(file, report)
        return report

    def _sender(self, file: OutboxFile, user: str) -> Sender:
        with self.database.transaction() as session:
            person = people.user_named(session, user)
            sender = sender_behind(session, file.manifest.device_id, person.user_id)
        assert sender is not None
        if not sender.revoked and not file.is_whole():
            return replace(sender, revoked=True, escrow="file-damaged")
        return sender

    def _photos(self, file: OutboxFile, report: Report) -> None:
        with self.database.transaction() as session:
            missing = set(self.ports.missing_photos(session, file.photos)) if file.photos else set()
            known = [bytes.fromhex(one) for one in file.photos if one not in missing]
            done = queries.stored_since(session, known, self.began_at) if self.began_at and known else 0
        report.photos_stored, report.photos_known = done, len(known) - done
        for looked_at, digest in enumerate(sorted(missing), len(known) + 1):
            try:
                self._photo(file, digest)
                report.photos_stored += 1
            except DomainError as error:
                report.damages.append(Damage(f"photos/{digest}", error.detail, error.detail_zh))
            self.tell(looked_at, 0)

    def _photo(self, file: OutboxFile, digest: str) -> None:
        arrival = file.photo(digest, self.store.temporary(), self.settings.max_photo_bytes)
        try:
            if not self.dry_run:
                with self.database.transaction() as session:
                    photos.take(session, self.store, [arrival], now=self.now)
        finally:
            arrival.discard()

    def _line(self, file: OutboxFile, sender: Sender, line: Line, report: Report) -> None:
        where = f"line {line.number}"
        if line.body is None:
            report.damages.append(
                Damage(where, "It is longer than an envelope may be.", "超过批次大小上限。")
            )
            return
        try:
            read = envelopes.read(line.body, max_mutations=self.settings.max_mutations)
        except SyncError as error:
            report.damages.append(Damage(where, error.detail, error.detail_zh))
            return
        if read.device_id != file.manifest.device_id:
            report.damages.append(Damage(where, "It is another device's.", "属于另一台设备。"))
            return
        report.items += self._look(read) if self.dry_run else self._push(sender, read, line.body)
        self.tell(len(file.photos), len(report.items))

    def _push(self, sender: Sender, read: Envelope, body: bytes) -> list[TakenItem]:
        transaction = self.database.transaction
        answer = push(transaction, self.ports, sender, read, body, self.now, over_holes=True)
        sent = {item.seq: _what(item) for item in read.items}
        ours = self._done_before_the_cut(read.device_id, answer["results"])
        return [_taken(one, sent[one["seq"]], ours) for one in answer["results"]]

    def _done_before_the_cut(self, device_id: UUID, results: Sequence[Mapping[str, Any]]) -> set[int]:
        """Return the items that a run of this import had done before it was cut off."""
        replayed = [one["seq"] for one in results if one["replayed"]]
        if self.began_at is None or not replayed:
            return set()
        with self.database.transaction() as session:
            return queries.decided_since(session, device_id, replayed, self.began_at)

    def _look(self, read: Envelope) -> list[TakenItem]:
        def once() -> list[TakenItem]:
            with self.database.transaction() as session:
                return _known(session, read)

        return again_after_deadlock(once)

    def _count(self, file: OutboxFile, report: Report) -> None:
        """Tell of envelopes and photos that the manifest counts and the file does not hold."""
        announced, held = file.manifest.envelopes, report.lines
        if announced is not None and announced > held:
            lost = announced - held
            told = (
                f"{lost} envelopes that the manifest counts are missing.",
                f"缺少清单所列的 {lost} 个批次。",
            )
            report.damages.append(Damage("envelopes.jsonl", *told))
        if file.manifest.photos is not None:
            report.missing_photos = max(0, file.manifest.photos - len(file.photos))


def _what(item: Item) -> tuple[str, UUID | None]:
    return (item.mutation.type, item.mutation.entity_id) if item.mutation else ("?", None)


def _taken(result: Mapping[str, Any], what: tuple[str, UUID | None], ours: Collection[int]) -> TakenItem:
    seq, replayed = result["seq"], result["replayed"] and result["seq"] not in ours
    return TakenItem(seq, *what, result["status"], replayed, *_why(result["problem"]))


def _why(problem: Mapping[str, Any] | None) -> tuple[str, str]:
    told = problem or {}
    return str(told.get("detail", "")), str(told.get("detail_zh", ""))


def _known(session: Session, read: Envelope) -> list[TakenItem]:
    found = sort_items(read.items, inbox.known(session, read))
    clashes = {item.seq for item in found.clashes}
    return [
        TakenItem(
            item.seq,
            *_what(item),
            KNOWN if item.seq in found.replayed else CLASH if item.seq in clashes else NEW,
            item.seq in found.replayed,
        )
        for item in read.items
    ]
