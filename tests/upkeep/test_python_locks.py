"""The lock files say what pyproject.toml asks for, and nothing else."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PIN = re.compile(
    r"^(?P<name>[a-z0-9][a-z0-9._-]*)==(?P<version>[^\s;\\]+)(?: ; (?P<marker>[^\\\n]+))?", re.M | re.I
)


def _pins() -> dict[str, str]:
    """Return the versions that this Python needs; pins for other Pythons carry a marker."""
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    needed = (p for p in PIN.finditer(text) if p["marker"] is None or Marker(p["marker"].strip()).evaluate())
    return {canonicalize_name(pin["name"]): pin["version"] for pin in needed}


def _asked() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    return [Requirement(line) for lines in (project["dependencies"], *extras) for line in lines]


def _reachable(wanted: Iterable[Requirement]) -> set[str]:
    open_ends, reached = list(wanted), set[tuple[str, str]]()
    while open_ends:
        requirement = open_ends.pop()
        for extra in ("", *requirement.extras):
            key = (canonicalize_name(requirement.name), extra)
            if key not in reached:
                reached.add(key)
                lines = metadata.requires(requirement.name) or []
                needs = (Requirement(line) for line in lines)
                open_ends += [n for n in needs if n.marker is None or n.marker.evaluate({"extra": extra})]
    return {name for name, _ in reached}


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-node.lock"])
def test_a_lock_has_a_hash_for_every_pin_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")

    entries = re.split(r"\n(?=\S)", text.strip())

    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
    assert "://" not in text


def test_every_package_that_is_asked_for_is_pinned_at_a_version_that_fits() -> None:
    pins = _pins()

    unfit = [str(r) for r in _asked() if not r.specifier.contains(pins.get(canonicalize_name(r.name), "0"))]

    assert unfit == []


def test_nothing_is_pinned_that_nobody_asked_for() -> None:
    assert set(_pins()) - _reachable(_asked()) == set()


def test_the_lock_serves_every_python_that_pyproject_admits() -> None:
    """Debian 12 has Python 3.11.2, where redis needs a package that 3.11.3 made needless."""
    assert "async-timeout==" in (ROOT / "requirements.lock").read_text(encoding="utf-8")


def test_what_is_installed_is_what_is_pinned() -> None:
    installed = {name: metadata.version(name) for name in _pins()}

    assert installed == _pins()
