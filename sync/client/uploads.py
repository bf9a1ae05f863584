"""Photos by tus 1.0: created once, sent in pieces, gone on with where the line broke."""

from __future__ import annotations

import base64
import hashlib
import time

from sync.client.errors import LineDown, Refused
from sync.client.line import Line
from sync.client.outbox import Store

PATH = "/sync/v1/uploads"
TUS = {"Tus-Resumable": "1.0.0"}
GONE = frozenset({403, 404, 410})
AGAIN = frozenset({409, 460})
TRIES_WITHOUT_PROGRESS = 40
PAUSE_S = 1.0
HAVE_AT_ONCE = 200


def upload_all(line: Line, store: Store, chunk_bytes: int) -> int:
    """Bring every waiting photo to the server; return how many it had already or has now."""
    waiting = store.photos()
    for start in range(0, len(waiting), HAVE_AT_ONCE):
        _ask(line, store, waiting[start : start + HAVE_AT_ONCE])
    for digest in store.photos():
        upload(line, store, digest, chunk_bytes)
    return len(waiting)


def doubt(store: Store) -> None:
    """Ask the server anew about photos that it said to hold: it was restored from a backup."""
    for digest in store.photos(waiting=False):
        store.set_arrived(digest, arrived=False)


def upload(line: Line, store: Store, digest: str, chunk_bytes: int) -> None:
    """Bring one photo to the server.

    Raises:
        Refused: it will not take it. LineDown: it cannot be reached.
    """
    content, content_type, url = store.photo(digest)
    furthest, tries = -1, 0
    while tries < TRIES_WITHOUT_PROGRESS:
        offset = _offset(line, url) if url else None
        if url is None or offset is None:
            url, offset = _create(line, digest, content, content_type)
            store.set_upload(digest, url)
        if offset == len(content):
            store.set_arrived(digest)
            return
        furthest, tries = (offset, 0) if offset > furthest else (furthest, tries + 1)
        _send(line, url, content[offset : offset + chunk_bytes], offset)
    raise LineDown(f"photo {digest} does not get beyond byte {furthest}")


def _ask(line: Line, store: Store, digests: list[str]) -> None:
    """Learn what the server holds, and where unfinished uploads go on. A switched-off tablet is not told."""
    try:
        answer = line.call("POST", "/sync/v1/photos/have", json={"sha256": digests}).json()
    except Refused as refused:
        if refused.slug != "device-revoked":
            raise
        return
    missing = set(answer["missing"])
    for digest in digests:
        if digest not in missing:
            store.set_arrived(digest)
        elif digest in answer["partial"]:
            store.set_upload(digest, answer["partial"][digest]["url"])


def _create(line: Line, digest: str, content: bytes, content_type: str) -> tuple[str, int]:
    metadata = {"sha256": digest, "filetype": content_type}
    pairs = (f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in metadata.items())
    headers = {**TUS, "Upload-Length": str(len(content)), "Upload-Metadata": ",".join(pairs)}
    answer = line.call("POST", PATH, headers=headers, needs=("Location",))
    return answer.headers["Location"], int(answer.headers.get("Upload-Offset", "0"))


def _offset(line: Line, url: str) -> int | None:
    """Return where an upload stands; None when it is gone."""
    answer = line.call("HEAD", url, headers=TUS, expect=GONE | AGAIN, needs=("Upload-Offset",))
    return int(answer.headers["Upload-Offset"]) if answer.status_code < 400 else None


def _send(line: Line, url: str, piece: bytes, offset: int) -> None:
    """Send one piece, once: after a cut the upload tells where it stands."""
    checksum = base64.b64encode(hashlib.sha256(piece).digest()).decode()
    headers = {
        **TUS,
        "Upload-Offset": str(offset),
        "Upload-Checksum": f"sha256 {checksum}",
        "Content-Type": "application/offset+octet-stream",
    }
    answer = line.once("PATCH", url, data=piece, headers=headers)
    if answer is not None and answer.status_code in (413, 422):
        raise Refused(answer.status_code, answer.json())
    if answer is not None and answer.status_code >= 500:
        time.sleep(PAUSE_S)
