"""What can be drawn: a layer is a name, the SQL that finds its features, and what they tell."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Layer:
    """A map layer.

    Attributes:
        name: its name in addresses, in kebab case.
        sql: a SELECT that yields `id` (text), `geom` (WGS 84) and one column for each property. It may use
            the parameters `:division` (a code that places begin with, or null), `:unit` (a unit that serves
            them, or null), `:cells` (codes of grid cells, or null) and `:day`; nulls mean no limit.
        properties: the columns that a feature shows.
        right: the action that the caller needs a right to; the server's table of rights knows it.
    """

    name: str
    sql: str
    properties: tuple[str, ...]
    right: str
