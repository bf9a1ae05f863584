"""Rules of imports that the contracts in pyproject.toml cannot say."""

from __future__ import annotations

from pathlib import Path

import grimp
import pytest

PACKAGES = ("checklists", "geo", "sync", "server")
IMPURE = {"sqlalchemy", "psycopg2", "flask", "flask_smorest", "marshmallow", "redis", "rq", "requests"}


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(
        *PACKAGES, include_external_packages=True, exclude_type_checking_imports=True, cache_dir=None
    )


def _outside(graph: grimp.ImportGraph, module: str) -> set[str]:
    """Return the packages that a module of the server uses, by itself or by others of the server."""
    open_ends, seen, outside = [module], {module}, set()
    while open_ends:
        for name in graph.find_modules_directly_imported_by(open_ends.pop()) - seen:
            seen.add(name)
            if name.startswith("server."):
                open_ends.append(name)
            else:
                outside.add(name.split(".")[0])
    return outside


def test_the_client_of_sync_imports_nothing_of_the_product(graph: grimp.ImportGraph) -> None:
    client = {name for name in graph.modules if name == "sync.client" or name.startswith("sync.client.")}

    imported = {name for module in client for name in graph.find_modules_directly_imported_by(module)}

    assert len(client) > 1
    assert [name for name in sorted(imported - client) if name.split(".")[0] in PACKAGES] == []


def test_rules_and_lifecycles_can_be_tried_without_a_database_or_a_request(graph: grimp.ImportGraph) -> None:
    pure = [
        m for m in graph.modules if m.startswith("server.") and m.rsplit(".", 1)[1] in {"rules", "lifecycle"}
    ]

    reached = {m: _outside(graph, m) & IMPURE for m in pure}

    assert {m: sorted(i) for m, i in reached.items() if i} == {}


def test_every_folder_of_code_is_a_package() -> None:
    root = Path(__file__).resolve().parents[2]
    folders = {file.parent for package in PACKAGES for file in (root / package).rglob("*.py")}
    outside = {f for f in folders if "node_modules" in f.parts or f.name == "versions"}

    assert [str(f) for f in folders - outside if not (f / "__init__.py").exists()] == []
