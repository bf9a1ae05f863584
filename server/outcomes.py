"""Errors of the domain as outcomes of a tablet's items."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geo.errors import GeoError
from server.problems import PROBLEMS, DomainError, document, kind_of
from sync.mutations import Outcome, Warning


def problem_of(error: DomainError | GeoError) -> dict[str, Any]:
    """Return the problem document of an error, without the case it may carry."""
    slug, kind = kind_of(error) or ("invalid-input", PROBLEMS["invalid-input"])
    body = document(slug, kind, error)
    body.pop("current", None)
    return body


def rejected(error: DomainError | GeoError, version: int | None = None) -> Outcome:
    """Return the outcome of an item that can never be done."""
    return Outcome("rejected", version=version, problem=problem_of(error))


def held(error: DomainError | GeoError, *waits_for: str) -> Outcome:
    """Return the outcome of an item that waits; for what, see `Outcome.waits_for`."""
    return Outcome("held", problem=problem_of(error), waits_for=waits_for)


def conflict(error: DomainError, version: int | None, current: Mapping[str, Any]) -> Outcome:
    """Return the outcome of an item that met a newer state; `current` is what stands."""
    return Outcome("conflict", version=version, problem=problem_of(error), current=current)


def unknown_field(name: str, at: str = "/data") -> Warning:
    """Return the warning about a member that nobody reads."""
    pointer = f"{at}/{name.replace('~', '~0').replace('/', '~1')}"
    return Warning("unknown-field", pointer, "This field is unknown and was not read.", "未知字段，未读取。")
