"""What only a real web server shows: lines that break in the middle of a request."""

from __future__ import annotations

import random
import socket
import struct
import time

import requests

from tests.integration.photos.conftest import World, metadata
from tests.pictures import jpeg, sha256

PHOTO = jpeg(1, (64, 48)) + random.Random(1).randbytes(1_000_000)


def _cut_patch(port: int, path: str, headers: dict[str, str], rest: bytes, sent: int, reset: bool) -> None:
    """Announce all that is left, send some of it, and break the line."""
    lines = [f"PATCH {path} HTTP/1.1", "Host: here", f"Content-Length: {len(rest)}"]
    lines += ["Content-Type: application/offset+octet-stream"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall("\r\n".join([*lines, "", ""]).encode() + rest[:sent])
        time.sleep(0.3)  # a real line has handed over what it took long before it breaks
        if reset:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def test_an_upload_goes_on_where_the_line_broke_and_no_byte_is_sent_twice(world: World, port: int) -> None:
    address = f"http://127.0.0.1:{port}"
    announced = {"Upload-Length": str(len(PHOTO)), "Upload-Metadata": metadata(sha256=sha256(PHOTO).hex())}
    with requests.Session() as client:
        created = client.post(f"{address}/sync/v1/uploads", headers={**world.tus(), **announced}, timeout=10)
        path, at = created.headers["Location"], 0

        for sent, reset in ((1, False), (300_000, True), (262_144, False), (99_999, True)):
            _cut_patch(port, path, world.tus(Upload_Offset=str(at)), PHOTO[at:], sent, reset)
            stands = client.head(address + path, headers=world.tus(), timeout=10)
            at += sent
            assert stands.headers["Upload-Offset"] == str(at)

        last = {**world.tus(Upload_Offset=str(at)), "Content-Type": "application/offset+octet-stream"}
        done = client.patch(address + path, data=PHOTO[at:], headers=last, timeout=10)

    assert (done.status_code, done.headers["Upload-Offset"]) == (204, str(len(PHOTO)))
    assert world.store.original(sha256(PHOTO)).read_bytes() == PHOTO


def test_a_body_far_too_large_is_refused_without_being_read(world: World, port: int) -> None:
    address = f"http://127.0.0.1:{port}"
    announced = {"Upload-Length": str(len(PHOTO)), "Upload-Metadata": metadata(sha256=sha256(PHOTO).hex())}
    with requests.Session() as client:
        created = client.post(f"{address}/sync/v1/uploads", headers={**world.tus(), **announced}, timeout=10)
        headers = {**world.tus(Upload_Offset="0"), "Content-Type": "application/offset+octet-stream"}
        refused = client.patch(
            address + created.headers["Location"], data=bytes(60_000_000), headers=headers, timeout=20
        )

    assert (refused.status_code, refused.json()["type"]) == (413, "/problems/photo-too-large")


def test_a_newer_request_takes_over_while_the_older_one_still_hangs(world: World, port: int) -> None:
    address = f"http://127.0.0.1:{port}"
    announced = {"Upload-Length": str(len(PHOTO)), "Upload-Metadata": metadata(sha256=sha256(PHOTO).hex())}
    with requests.Session() as client:
        created = client.post(f"{address}/sync/v1/uploads", headers={**world.tus(), **announced}, timeout=10)
        path = created.headers["Location"]
        lines = [f"PATCH {path} HTTP/1.1", "Host: here", f"Content-Length: {len(PHOTO)}"]
        lines += ["Content-Type: application/offset+octet-stream"]
        lines += [f"{name}: {value}" for name, value in world.tus(Upload_Offset="0").items()]
        with socket.create_connection(("127.0.0.1", port), timeout=20) as stalled:
            stalled.sendall("\r\n".join([*lines, "", ""]).encode() + PHOTO[:400_000])
            at = _stands(client, address + path, world, 400_000)

            newer = {**world.tus(Upload_Offset=str(at)), "Content-Type": "application/offset+octet-stream"}
            done = client.patch(address + path, data=PHOTO[at:], headers=newer, timeout=20)
            stalled.sendall(PHOTO[400_000:])
            older = stalled.recv(200)

    assert (done.status_code, done.headers["Upload-Offset"]) == (204, str(len(PHOTO)))
    assert older.startswith(b"HTTP/1.1 204"), "all its bytes are part of a photo that is there"
    assert world.store.original(sha256(PHOTO)).read_bytes() == PHOTO


def _stands(client: requests.Session, url: str, world: World, wanted: int) -> int:
    """Return where an upload stands, once the server has read so much or half a minute is over."""
    ends = time.monotonic() + 30
    while True:
        at = int(client.head(url, headers=world.tus(), timeout=20).headers["Upload-Offset"])
        if at >= wanted or time.monotonic() > ends:
            return at
        time.sleep(0.1)
