"""What no committed file may contain, and what README must."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST_MODULE = 400
# Each pattern is written so that it does not match this file.
INDEX_HOSTS = re.compile(
    r"p[y]pi\.[a-z]|pythonhoste[d]|npmj[s]\.[a-z]|npmmirro[r]|registr[y]\.(npm|yarn)", re.I
)
MACHINE_PATHS = re.compile(r"/wor[k]/|/tmp/brie[f]|/opt/p[y]pi|/roo[t]/|/hom[e]/[a-z]")


def _committed(*suffixes: str) -> list[Path]:
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    files = [ROOT / name for name in names.stdout.split("\0") if name.endswith(suffixes or "")]
    return [file for file in files if file.is_file()]


def _lines_with(pattern: re.Pattern[str]) -> list[str]:
    found = []
    for file in _committed():
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        found += [f"{file.relative_to(ROOT)}:{n}" for n, line in enumerate(lines, 1) if pattern.search(line)]
    return found


def test_no_committed_file_names_a_package_index() -> None:
    assert _lines_with(INDEX_HOSTS) == []


def test_no_committed_file_names_a_path_of_the_machine_it_was_made_on() -> None:
    assert _lines_with(MACHINE_PATHS) == []


def test_no_module_is_longer_than_a_sitting() -> None:
    lengths = {file: len(file.read_bytes().splitlines()) for file in _committed(".py", ".ts", ".vue", ".sql")}

    assert [str(file.relative_to(ROOT)) for file, n in lengths.items() if n > LONGEST_MODULE] == []


@pytest.mark.parametrize("name", ["utils", "helpers", "manager", "common"])
def test_no_module_is_named_after_nothing(name: str) -> None:
    assert [file for file in _committed(".py", ".ts", ".vue") if file.stem.lower() == name] == []


def test_readme_tells_every_make_target() -> None:
    targets = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert [target for target in targets if f"make {target}" not in readme] == []


def test_the_front_end_lock_records_no_addresses() -> None:
    file = ROOT / "server" / "web" / "package-lock.json"

    packages = json.loads(file.read_text(encoding="utf-8"))["packages"]

    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [n for n, p in packages.items() if n and "integrity" not in p and not p.get("inBundle")] == []
