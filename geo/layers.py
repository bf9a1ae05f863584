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
            them, or null), `:cells` (codes of grid cells, or null) and `:day`; nulls mean no limit. What had
            ended by the day `:since` may be left out.
        properties: the columns that a feature shows.
        right: the action that the caller needs a right to; the server's table of rights knows it.
        title: what people call it.
        key: the column in whose order features are paged: unique, never null, indexed as it stands.
        time: the columns from which and until which a feature holds (the same one for a moment); an end of
            type `date` is the first day on which it no longer holds.
        published: the SQL condition upon the columns under which everybody may see a feature, even
            without signing in.
        points: whether every feature is a point, so that a process may hold them all and cut tiles by itself.
    """

    name: str
    sql: str
    properties: tuple[str, ...]
    right: str
    title: str = ""
    key: str = "id"
    time: tuple[str, str] | None = None
    published: str | None = None
    points: bool = False
