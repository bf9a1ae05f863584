"""Every error that the server can meet has a kind; without one it would be told as a fault of the input."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages
from types import ModuleType

import grimp
import pytest

import geo
import server
import sync
from geo.errors import GeoError
from server.problems import PROBLEMS, DomainError, kind_of, slug
from sync.errors import SyncError

PACKAGES = (geo, server, sync)
# What has no class of its own: faults of HTTP itself, and of the server.
BY_STATUS = {"bad-request", "method-not-allowed", "not-acceptable", "internal", "unavailable"}
# That no plan is possible is what a siting problem comes to, kept with it; nobody is refused by these.
RESULTS = {"conflict", "impossible", "no-candidates"}


def _names(package: ModuleType) -> list[str]:
    found = [one.name for one in walk_packages(package.__path__, f"{package.__name__}.")]
    return [name for name in found if ".migrations" not in name and not name.endswith("__main__")]


def _below(error_class: type[Exception]) -> Iterator[type[Exception]]:
    for below in error_class.__subclasses__():
        yield below
        yield from _below(below)


@pytest.fixture(scope="module")
def errors() -> list[type[Exception]]:
    """Return every class of error that the product has."""
    for package in PACKAGES:
        for name in _names(package):
            import_module(name)
    own = {package.__name__ for package in PACKAGES}
    found = [one for base in (DomainError, GeoError, SyncError) for one in _below(base)]
    return [one for one in found if one.__module__.partition(".")[0] in own]


@pytest.fixture(scope="module")
def needed() -> set[str]:
    """Return the modules that the server needs, its own among them."""
    names = [package.__name__ for package in PACKAGES]
    graph = grimp.build_graph(*names, exclude_type_checking_imports=True, cache_dir=None)
    return graph.find_upstream_modules("server", as_package=True) | graph.find_descendants("server")


def test_every_error_that_the_server_can_meet_has_a_kind(
    errors: list[type[Exception]], needed: set[str]
) -> None:
    met = [one for one in errors if one.__module__ in needed]

    assert len(met) > 50
    assert {slug(one) for one in met if kind_of(one.__new__(one)) is None} == RESULTS


def test_every_kind_is_told_by_somebody(errors: list[type[Exception]]) -> None:
    assert PROBLEMS.keys() - {slug(one) for one in errors} - BY_STATUS == set()


def test_every_kind_has_a_status_of_refusal_and_a_title_in_both_languages() -> None:
    for name, kind in PROBLEMS.items():
        assert 400 <= kind.status < 600, name
        assert kind.title.isascii(), name
        assert not kind.title_zh.isascii(), name
