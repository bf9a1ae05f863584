"""The process that web, worker and scheduler of one machine are forked from, so that all share its memory.

`python -m server.forker` reads one order a line from standard input, `{"name": …, "words": […], "log": …}`,
and answers it with the id of the new process. It ends with its input; whoever was forked lives on.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from server import web_server, worker

# Each by the words of its own command line.
ROLES: Mapping[str, Callable[[list[str]], int]] = {
    "web": web_server.serve,
    "worker": worker.main,
    "scheduler": worker.main,
}


def main() -> int:
    """Fork what is ordered; return the exit code of the one that this process has become."""
    web_server.prepare()
    worker.preload()
    # Their parent does not wait for them: who ordered them sees their end.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while line := sys.stdin.readline():
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            return _become(order)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()
    return 0


def _become(order: Mapping[str, Any]) -> int:
    """Turn this process, just forked, into what was ordered, as if it had been started by itself."""
    name: str = order["name"]
    words: Sequence[str] = order["words"]
    os.setsid()
    _redirect(order["log"])
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    Path("/proc/self/comm").write_text(name)
    return ROLES[name](list(words))


def _redirect(log: str) -> None:
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for opened, number in ((nothing, 0), (written, 1), (written, 2)):
        os.dup2(opened, number)
    os.close(written)
    os.close(nothing)


if __name__ == "__main__":
    sys.exit(main())
