"""Clients that others wrote resume after a cut, and the reference server answers the same script alike."""

from __future__ import annotations

import hashlib
import io
import json
import os
import random
import shutil
import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from tusclient.client import TusClient

from server.local.front_end import PROJECT
from tests.integration.photos.conftest import World, metadata
from tests.line import Line
from tests.pictures import jpeg, sha256

HERE = Path(__file__).parent
MODULES = PROJECT / "node_modules"
UPLOADS = "/sync/v1/uploads"
PHOTO = jpeg(1, (64, 48)) + random.Random(1).randbytes(1_500_000)
NAMED = {"sha256": hashlib.sha256(PHOTO).hexdigest(), "filetype": "image/jpeg"}
CUT_EVERY_BYTES, CUTS = 350_000, 3
# The headers that the protocol asks for; the rest is each server's own.
TOLD = {
    "POST": ("Tus-Resumable",),
    "HEAD": ("Tus-Resumable", "Upload-Offset", "Upload-Length", "Cache-Control"),
    "PATCH": ("Tus-Resumable", "Upload-Offset"),
    "DELETE": ("Tus-Resumable",),
}
# Where the text asks for 415 and 412 the reference server says 400; of a missing offset the text is silent.
OTHERWISE = {"no offset": (400, 403), "another type": (415, 400), "another version": (412, 400)}


@pytest.fixture(scope="module")
def node() -> str:
    """Return Node with the packages of the pages; `make test` brings both."""
    found = shutil.which("node", path=f"{sysconfig.get_path('scripts')}{os.pathsep}{os.environ['PATH']}")
    if found is None or not (MODULES / "@tus" / "server").is_dir():
        pytest.skip("Node or its packages are not installed: make pages")
    return found


def _environ() -> dict[str, str]:
    return {**os.environ, "NODE_MODULES": str(MODULES)}


@pytest.fixture
def reference(node: str, tmp_path: Path) -> Iterator[int]:
    """Return the port of the reference server."""
    store = tmp_path / "reference"
    store.mkdir()
    words = [node, str(HERE / "reference.mjs"), str(store)]
    with subprocess.Popen(words, env=_environ(), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def _token(world: World) -> dict[str, str]:
    return world.token(world.worker)


def _kept(world: World) -> bool:
    return world.store.original(sha256(PHOTO)).read_bytes() == PHOTO


def test_tuspy_resumes_after_cuts(world: World, port: int) -> None:
    with Line(port, cut_every_bytes=CUT_EVERY_BYTES, most_cuts=CUTS) as line:
        client = TusClient(f"http://127.0.0.1:{line.port}{UPLOADS}", headers=_token(world))
        uploader = client.uploader(
            file_stream=io.BytesIO(PHOTO),
            chunk_size=400_000,
            metadata=NAMED,
            retries=20,
            retry_delay=1,  # what a broken line has handed over is read by then
            upload_checksum=True,
        )
        uploader.upload()

    assert (uploader.offset, line.cuts) == (len(PHOTO), CUTS)
    assert line.forwarded < 1.3 * len(PHOTO)
    assert _kept(world)


def _upload_by_js(node: str, port: int, file: Path, headers: dict[str, str]) -> list[Any]:
    words = [node, str(HERE / "upload.mjs"), f"http://127.0.0.1:{port}{UPLOADS}", str(file)]
    words += [json.dumps(headers), json.dumps(NAMED)]
    done = subprocess.run(words, env=_environ(), capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_tus_js_client_resumes_after_cuts_here_as_at_the_reference_server(
    world: World, port: int, reference: int, node: str, tmp_path: Path
) -> None:
    file = tmp_path / "photo.jpg"
    file.write_bytes(PHOTO)
    ended = []
    for server, headers in ((port, _token(world)), (reference, {})):
        with Line(server, cut_every_bytes=CUT_EVERY_BYTES, most_cuts=CUTS) as line:
            answers = _upload_by_js(node, line.port, file, headers)
        assert line.cuts == CUTS
        assert {(method, status) for method, status, _ in answers} == {
            ("POST", 201),
            ("HEAD", 200),
            ("PATCH", 204),
        }
        ended.append(answers[-1])

    assert ended == [["PATCH", 204, str(len(PHOTO))]] * 2
    assert _kept(world)


def _script(port: int, own: dict[str, str]) -> list[tuple[str, int, dict[str, str | None]]]:
    """Walk through the protocol, its refusals too, and return what was answered."""
    tus = {**own, "Tus-Resumable": "1.0.0"}
    part = {**tus, "Content-Type": "application/offset+octet-stream"}
    announced = {**tus, "Upload-Length": str(len(PHOTO)), "Upload-Metadata": metadata(**NAMED)}
    base = f"http://127.0.0.1:{port}"
    seen: list[tuple[str, int, dict[str, str | None]]] = []

    def ask(
        step: str, method: str, url: str, headers: dict[str, str], data: bytes = b""
    ) -> requests.Response:
        answer = requests.request(method, url, headers=headers, data=data, timeout=30)
        told = TOLD[method] if answer.ok else ("Tus-Resumable",)
        seen.append((step, answer.status_code, {name: answer.headers.get(name) for name in told}))
        return answer

    created = ask("create", "POST", base + UPLOADS, announced)
    url = base + created.headers["Location"]
    ask("stands at 0", "HEAD", url, tus)
    ask("first bytes", "PATCH", url, {**part, "Upload-Offset": "0"}, PHOTO[:1000])
    ask("the same again", "PATCH", url, {**part, "Upload-Offset": "0"}, PHOTO[:1000])
    ask("beyond", "PATCH", url, {**part, "Upload-Offset": "5000"}, PHOTO[5000:])
    ask("stands at 1000", "HEAD", url, tus)
    ask("no offset", "PATCH", url, part, b"x")
    ask("another type", "PATCH", url, {**tus, "Upload-Offset": "1000", "Content-Type": "text/plain"}, b"x")
    ask("another version", "HEAD", url, {**own, "Tus-Resumable": "0.2.2"})
    ask("the rest", "PATCH", url, {**part, "Upload-Offset": "1000"}, PHOTO[1000:])
    ask("stands at the end", "HEAD", url, tus)
    ask("no length", "POST", base + UPLOADS, {**tus, "Upload-Metadata": metadata(**NAMED)})
    other = {**announced, "Upload-Metadata": metadata(**NAMED | {"sha256": "0" * 64})}
    second = base + ask("create another", "POST", base + UPLOADS, other).headers["Location"]
    ask("terminate", "DELETE", second, tus)
    return seen


def test_the_reference_server_answers_the_same_script_alike(world: World, port: int, reference: int) -> None:
    own, theirs = _script(port, _token(world)), _script(reference, {})

    assert [one for one in own if one[0] not in OTHERWISE] == [
        one for one in theirs if one[0] not in OTHERWISE
    ]
    statuses = [{step: status for step, status, _ in one} for one in (own, theirs)]
    assert {step: tuple(one[step] for one in statuses) for step in OTHERWISE} == OTHERWISE
    assert _kept(world)
