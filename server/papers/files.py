"""The files of papers: the .docx, made when it is asked for, and sealed scans, kept for good."""

from __future__ import annotations

import hashlib
import os
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.auth.actor import Actor
from server.disk import removed_on_fault, room_or_storage_full
from server.papers import queries, service, templating, view
from server.papers.errors import NotAScan, PaperStateForbids
from server.papers.kinds import SERVICE_RETURN, TEMPLATES
from server.photos.store import Folder, PhotoStore
from server.problems import NotFound

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
THUMBNAIL_PX = 640
MOST_SCAN_BYTES = 30 * 1024 * 1024
EXTENSIONS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
_PIECE = 1 << 20
_TAIL = 2048


def made(
    session: Session, photos: PhotoStore, paper_id: UUID, form: str, *, actor: Actor, now: datetime
) -> tuple[str, bytes]:
    """Return name and bytes of a paper's .docx, by the template in force, or at its issue.

    Args:
        form: `paper`, or `service_return` for the return of service of an issued one.

    Raises:
        NotFound: outside the actor's reach. PaperStateForbids: a draft is not served.
    """
    from server.papers import rendering  # Word's library is loaded where a paper is made only

    service.seen(session, paper_id, actor, now)
    paper, row = queries.facts(session, paper_id), queries.paper(session, paper_id)
    assert paper is not None
    if form == SERVICE_RETURN.code:
        if row.state != "issued":
            raise PaperStateForbids(form, row.state)
        kind, fields = SERVICE_RETURN, view.service_return(paper, row.number, row.issued_at)
        template = templating.in_force(session, kind.code, now)
    else:
        kind, fields = TEMPLATES[row.kind], view.filled(paper, row.number, row.issued_at)
        template = (
            queries.template_by_id(session, row.template_id)
            if row.template_id
            else templating.in_force(session, row.kind, now)
        )
    named = [one for f in kind.fields if f.shape == "photos" for one in fields.get(f.name, ())]
    content = rendering.render(template.content, kind, fields, _thumbnails(photos, named))
    return f"{kind.title}{row.number or '（未签发）'}.docx", content


def _thumbnails(photos: PhotoStore, digests: list[str]) -> dict[str, bytes]:
    found = {one: photos.thumbnail(bytes.fromhex(one), THUMBNAIL_PX) for one in digests}
    return {one: file.read_bytes() for one, file in found.items() if file.is_file()}


def scans(photo_store: Path) -> Folder:
    """Return the store of sealed scans, beside the photos: what has its name is never written again."""
    return Folder(photo_store / "papers")


def receive_scan(store: Folder, content: IO[bytes]) -> dict[str, Any]:
    """Keep a scan for good and return its `sha256`, `size` and `content_type`.

    Raises:
        NotAScan: neither PDF nor JPEG nor PNG, cut off, or larger than 30 MB.
        StorageFull: there is no room.
    """
    file = store.temporary()
    digest, size, head, tail = hashlib.sha256(), 0, b"", b""
    with room_or_storage_full(), removed_on_fault(file), file.open("xb") as out:
        while piece := content.read(_PIECE):
            size += len(piece)
            if size > MOST_SCAN_BYTES:
                raise NotAScan(MOST_SCAN_BYTES)
            head, tail = head or piece[:_TAIL], (tail + piece)[-_TAIL:]
            digest.update(piece)
            out.write(piece)
        found = content_type_of(head, tail)
        if found is None:
            raise NotAScan(MOST_SCAN_BYTES)
        out.flush()
        os.fsync(out.fileno())
    try:
        store.keep(file, digest.digest())
    finally:
        file.unlink(missing_ok=True)
    return {"sha256": digest.hexdigest(), "size": size, "content_type": found}


def content_type_of(head: bytes, tail: bytes) -> str | None:
    """Return what a whole file is by its beginning and its end, None for anything but PDF, JPEG and PNG."""
    if head.startswith(b"%PDF-") and b"%%EOF" in tail:
        return "application/pdf"
    if head.startswith(b"\xff\xd8\xff") and tail.rstrip(b"\0").endswith(b"\xff\xd9"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n") and b"IEND" in tail[-16:]:
        return "image/png"
    return None


def scan(
    session: Session, store: Folder, paper_id: UUID, *, actor: Actor, now: datetime
) -> tuple[Path, str, str]:
    """Return file, content type and name of the newest scan of a paper.

    Raises:
        NotFound: outside the actor's reach, or nothing was uploaded.
    """
    row = service.seen(session, paper_id, actor, now)
    paper = queries.facts(session, paper_id)
    assert paper is not None
    step = paper.last("paper.attach_scan")
    if step is None:
        raise NotFound("No scan was uploaded.", "尚未上传扫描件。")
    content_type = step.data["content_type"]
    return (
        store.original(bytes.fromhex(step.data["sha256"])),
        content_type,
        f"{row['number']}.{EXTENSIONS[content_type]}",
    )
