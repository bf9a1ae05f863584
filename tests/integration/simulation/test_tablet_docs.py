"""The examples of docs/tablet-client.md are carried out as they are printed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from server.local.places import CHECKOUT
from tests.pictures import jpeg

if TYPE_CHECKING:
    from tests.integration.simulation.conftest import Place

PAGE = CHECKOUT / "docs" / "tablet-client.md"
UUID7 = f"uuid7() {{ '{sys.executable}' -c 'import uuid6; print(uuid6.uuid7())'; }}\n"


def blocks(language: str) -> str:
    """Return the page's code of one language, joined."""
    return "\n".join(re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL))


def carried_out(place: Place, words: list[str]) -> list[str]:
    photo = place.folder / "photo.jpg"
    photo.write_bytes(jpeg(7, (640, 480)))
    told = {"URL": place.url, "CODE": place.code(), "PHOTO": str(photo), "PYTHONPATH": str(CHECKOUT)}
    done = subprocess.run(
        words, cwd=place.folder, env={**os.environ, **told}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_the_example_in_python_does_what_it_says(place: Place) -> None:
    said = carried_out(place, [sys.executable, "-c", blocks("python")])

    assert said == ["1 applied None", "photos waiting: 0", "receipts: 1"]
    assert (Path(place.folder) / "tablet.outbox.zip").stat().st_size > 0


def test_the_example_with_curl_does_what_it_says(place: Place) -> None:
    missing = [name for name in ("bash", "curl", "jq", "sha256sum") if shutil.which(name) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")

    said = carried_out(place, ["bash", "-euo", "pipefail", "-c", UUID7 + blocks("bash")])

    assert said[0].startswith('{"seq":1,"status":"applied","missing_photos":["')
    assert said[1:] == [
        '{"missing":[],"partial":{}}',
        '{"seq":1,"status":"applied","replayed":true,"missing_photos":[]}',
    ]
