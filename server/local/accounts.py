"""The account that PostgreSQL runs as: oneself, or `postgres` when that would be root."""

from __future__ import annotations

import os
import pwd
import stat
from pathlib import Path
from typing import TypedDict

from server.local.errors import LocalError


class Launch(TypedDict, total=False):
    """Keyword arguments of `subprocess` that drop privileges."""

    user: int
    group: int
    extra_groups: list[int]
    cwd: str
    env: dict[str, str]


def unprivileged(marks: dict[str, str] | None = None) -> Launch:
    """Return how to launch a PostgreSQL program: PostgreSQL refuses to run as root.

    The environment is rebuilt, so that PGHOST and its like cannot point a private cluster elsewhere.
    """
    marks = {**_harmless(), **(marks or {})}
    if os.geteuid() != 0:
        return {"cwd": "/", "env": marks}
    account = pwd.getpwnam("postgres")
    groups = os.getgrouplist("postgres", account.pw_gid)
    env = {**marks, "HOME": account.pw_dir, "USER": "postgres", "LOGNAME": "postgres"}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": groups, "cwd": "/", "env": env}


def hand_over(folder: Path) -> None:
    """Make a folder that PostgreSQL's account owns and others cannot read; its parents stay as they are."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.geteuid() == 0:
        account = pwd.getpwnam("postgres")
        os.chown(folder, account.pw_uid, account.pw_gid)


def claim(folder: Path) -> None:
    """Make the folder that clusters lie in, or see that it is ours: anybody may make names below /var/tmp.

    Raises:
        LocalError: somebody else owns it or may write to it.
    """
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise LocalError(f"{folder} belongs to somebody else or may be written by others; remove it first.")


def _harmless() -> dict[str, str]:
    names = ("PATH", "HOME", "USER", "LOGNAME", "LANG", "TMPDIR", "TZ")
    return {name: os.environ[name] for name in names if name in os.environ}
