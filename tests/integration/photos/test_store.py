import errno
import os
import time
from pathlib import Path

import pytest
import uuid6

from server.disk import StorageFull
from server.photos.errors import ChecksumMismatch, NotAPicture, PhotoTooLarge
from server.photos.incoming import Incoming
from server.photos.store import Folder
from tests.pictures import jpeg, sha256


def _files(store: Folder) -> list[str]:
    return sorted(str(file.relative_to(store.root)) for file in store.root.rglob("*") if file.is_file())


def _incoming(store: Folder, content: bytes, limit: int = 10**6) -> Incoming:
    incoming = Incoming(store.temporary(), limit)
    for start in range(0, len(content), 1000):
        incoming.write(content[start : start + 1000])
    return incoming


def test_a_photo_is_kept_under_its_digest(store: Folder) -> None:
    content = jpeg()
    name = sha256(content).hex()

    arrival = _incoming(store, content).arrived(sha256(content))
    store.keep(arrival.file, arrival.sha256)
    arrival.discard()

    assert (arrival.size, arrival.content_type) == (len(content), "image/jpeg")
    assert _files(store) == [f"{name[:2]}/{name[2:4]}/{name}"]
    assert store.original(arrival.sha256).read_bytes() == content


def test_what_has_its_name_is_never_written_again(store: Folder, tmp_path: Path) -> None:
    name = sha256(jpeg())
    (tmp_path / "first").write_bytes(b"first")
    (tmp_path / "second").write_bytes(b"second")

    store.keep(tmp_path / "first", name)
    store.keep(tmp_path / "second", name)

    assert store.original(name).read_bytes() == b"first"


@pytest.mark.parametrize(
    ("content", "digest", "limit", "error"),
    [
        (jpeg(), sha256(b"another"), 10**6, ChecksumMismatch),
        (b"words in a file named photo.jpg", sha256(b"words in a file named photo.jpg"), 10**6, NotAPicture),
        (b"", sha256(b""), 10**6, NotAPicture),
        (jpeg(), sha256(jpeg()), 500, PhotoTooLarge),
    ],
)
def test_what_is_refused_leaves_no_file(
    store: Folder, content: bytes, digest: bytes, limit: int, error: type[Exception]
) -> None:
    with pytest.raises(error):
        _incoming(store, content, limit).arrived(digest)

    assert _files(store) == []


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EROFS])
def test_a_full_or_read_only_disk_keeps_nothing_half(
    store: Folder, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    incoming = _incoming(store, jpeg()[:1000])

    def full(handle: int, chunk: object) -> int:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(StorageFull):
        incoming.write(b"more")
    monkeypatch.undo()

    assert _files(store) == []


def test_what_killed_processes_left_is_swept_and_open_uploads_stay(store: Folder) -> None:
    open_upload, ended_upload = uuid6.uuid7(), uuid6.uuid7()
    left = [store.temporary(), store.part(ended_upload, 1)]
    kept = [store.part(open_upload, 1)]
    for file in left + kept:
        file.write_bytes(b"half a pho")
    fresh = store.temporary()

    assert store.sweep(time.time() - 3600, lambda upload_id: upload_id == open_upload) == 0
    for file in left + kept:
        os.utime(file, (0, 0))
    fresh.write_bytes(b"just begun")
    removed = store.sweep(time.time() - 3600, lambda upload_id: upload_id == open_upload)

    assert removed == 2
    assert [file.exists() for file in [*left, *kept, fresh]] == [False, False, True, True]
