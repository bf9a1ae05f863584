"""The web server's processes share what was made before they were forked."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from server.local.places import CHECKOUT

SHARED = """
import os
from server import web_server
made = web_server.application()
child = os.fork()
if child == 0:
    os._exit(0 if web_server.application() is made else 1)
opened = made.extensions["wangge.database"].engine.pool.checkedin()
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), opened)
"""

# What only jobs and commands need; each would lie in the memory of every process.
HEAVY = (
    "PIL docx docxtpl highspy holidays lxml matplotlib openpyxl pandas pyogrio pyproj python_calamine scipy"
    " xlsxwriter"
)
LOADED = f"""
import sys
import server.app
print(*sorted(set("{HEAVY}".split()) & set(sys.modules)))
"""


def test_the_web_application_loads_nothing_that_only_jobs_need() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], capture_output=True, text=True, cwd=CHECKOUT)
    assert (done.stdout, done.stderr) == ("\n", "")


def test_a_forked_process_serves_the_application_made_before_which_holds_no_connection(
    tmp_path: Path,
) -> None:
    nowhere = {
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "SECRET_KEY": "s" * 32,
        "PHOTO_STORE": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-c", SHARED],
        capture_output=True,
        text=True,
        cwd=CHECKOUT,
        env={**os.environ, **nowhere},
    )
    assert done.stdout.split() == ["0", "0"], done.stderr
