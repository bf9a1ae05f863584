"""The product on a port, with a loaded county behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from server.app import create_app
from tests.build import County
from tests.serving import served


@dataclass(frozen=True, slots=True)
class Place:
    """The product at an address, and a folder for tablets' files."""

    url: str
    county: County
    folder: Path


@pytest.fixture
def place(county: County, tmp_path: Path) -> Iterator[Place]:
    with served(create_app(replace(county.settings, pool_size=12))) as url:
        yield Place(url, county, tmp_path)
