"""The web server: granian, its processes forked when the application is made, so that they share its memory.

`python -m server.web_server` takes the options of `granian`, without an application.
"""

from __future__ import annotations

import gc
import multiprocessing
import sys
from functools import cache

from granian.cli import cli

from server.app import create_app
from server.logs import write_json_lines
from server.request import App

APPLICATION = "server.web_server:application"


@cache
def application() -> App:
    """Return the application of the environment; a forked process gets the one made before the fork.

    It holds no connection yet: each process opens its own.
    """
    write_json_lines()
    return create_app()


def prepare() -> None:
    """Make the application, for the processes that are forked from this one."""
    multiprocessing.set_start_method("fork")
    application()
    gc.collect()
    # A collector that walks over the shared objects would write into their pages, and so copy them.
    gc.freeze()


def serve(words: list[str]) -> int:
    """Serve the application that was made until a signal ends it; return the exit code for the shell."""
    own = ["--interface", "wsgi", "--factory", APPLICATION]
    code: int = cli([*words, *own], auto_envvar_prefix="GRANIAN")
    return code


def main() -> None:
    """Make the application and serve it until a signal ends it."""
    prepare()
    serve(sys.argv[1:])


if __name__ == "__main__":
    # Under its own name, as the forked processes import it: here it is called __main__.
    from server import web_server

    web_server.main()
