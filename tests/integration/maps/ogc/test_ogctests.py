"""ogctests, a black box suite of others: the abstract tests of OGC API – Features, Part 1 Core."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from server.app import create_app
from tests.build import County
from tests.serving import served

ROOT = Path(__file__).resolve().parents[4]
LOCK = ROOT / "requirements-ogctests.lock"
ENVIRONMENT = ROOT / "var" / "ogctests"
CORE_TESTS = 29
# Its own command keeps the exit code to itself; without `-c` it would read how wangge's own tests are run.
RUN = """
import os, pathlib, sys, ogctests, pytest
tests = pathlib.Path(ogctests.__file__).parent / "features" / "core"
own = ["-c", os.devnull, "--rootdir", str(tests)]
sys.exit(pytest.main([str(tests), *own, "-q", "--tb=short", "-p", "no:cacheprovider"]))
"""

# The suite's schema knows no feature without a place, as divisions without an outline are (RFC 7946, 3.2).
_OUTLINES = """
UPDATE geo.{table} SET outline_origin = 'demo', geom =
       ST_Multi(ST_Expand(ST_SetSRID(ST_MakePoint(117.28, 35.66), 4326), 0.01)) WHERE geom IS NULL"""


def python_of_ogctests() -> str:
    """Return the Python of an environment that holds ogctests, made from its lock file when that is new."""
    done, python = ENVIRONMENT / "installed.lock", ENVIRONMENT / "bin" / "python"
    if not done.exists() or done.read_bytes() != LOCK.read_bytes():
        uv = shutil.which("uv", path=str(Path(sys.executable).parent))
        assert uv is not None, "uv is among the packages for development"
        subprocess.run(
            [uv, "venv", "-q", "--clear", "--python", sys.executable, str(ENVIRONMENT)], check=True
        )
        install = [uv, "pip", "install", "-q", "--python", str(python), "--require-hashes", "-r", str(LOCK)]
        took = subprocess.run(install, capture_output=True, text=True, check=False)
        if took.returncode != 0 and os.environ.get("CI") != "true":
            pytest.skip(f"ogctests cannot be installed here: {took.stderr.strip()[-200:]}")
        assert took.returncode == 0, took.stderr
        done.write_bytes(LOCK.read_bytes())
    return str(python)


@pytest.mark.slow
def test_all_abstract_tests_of_core_pass(county: County) -> None:
    with county.owner() as session:
        for table in ("subdistrict", "neighbourhood"):
            session.execute(text(_OUTLINES.format(table=table)))

    with served(create_app(county.settings)) as address:
        told = subprocess.run(
            [python_of_ogctests(), "-c", RUN],
            capture_output=True,
            text=True,
            cwd=ENVIRONMENT,
            env={"PATH": "/usr/bin:/bin", "INSTANCE_URL": f"{address}/ogc", "LC_ALL": "C.UTF-8"},
            check=False,
        )

    assert told.returncode == 0, told.stdout[-3000:]
    assert re.search(rf"\b{CORE_TESTS} passed\b", told.stdout), told.stdout[-500:]
