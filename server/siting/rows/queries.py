"""All SQL about the rows that siting reckons with."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.orm import Session

from server.siting.rows.books import Book


def rows(session: Session, book: Book) -> list[dict[str, Any]]:
    """Return every row of a book by its key, oldest first."""
    columns = ", ".join((*book.key, *book.values))
    found = session.execute(
        text(
            f"SELECT {columns}, source, valid_from, valid_to, set_at FROM server.{book.table}"
            f" ORDER BY {', '.join(book.key)}, valid_from, set_at"
        )
    )
    return [dict(row) for row in found.mappings()]


def in_force(session: Session, book: Book, day: date) -> list[Mapping[str, Any]]:
    """Return the rows of a book that hold on a day, by key."""
    columns = ", ".join((*book.key, *book.values))
    found = session.execute(
        text(
            f"SELECT {columns}, source FROM server.{book.table}"
            f" WHERE daterange(valid_from, valid_to) @> CAST(:day AS date) ORDER BY {', '.join(book.key)}"
        ),
        {"day": day},
    )
    return [dict(row) for row in found.mappings()]


def standing(session: Session, book: Book, key: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the last row of a key that has no end, locked."""
    condition = " AND ".join(f"{name} = :{name}" for name in book.key)
    found = session.execute(
        text(
            f"SELECT {', '.join(book.values)}, valid_from FROM server.{book.table}"
            f" WHERE {condition} AND valid_to IS NULL FOR UPDATE"
        ),
        dict(key),
    )
    row = found.mappings().one_or_none()
    return None if row is None else dict(row)


def end(session: Session, book: Book, key: Mapping[str, Any], day: date) -> None:
    """End the row of a key that has no end."""
    condition = " AND ".join(f"{name} = :{name}" for name in book.key)
    session.execute(
        text(f"UPDATE server.{book.table} SET valid_to = :day WHERE {condition} AND valid_to IS NULL"),
        {**key, "day": day},
    )


def begin(session: Session, book: Book, row: Mapping[str, Any]) -> None:
    """Store a row; `row` holds key, values, source, set_by and valid_from."""
    names = (*book.key, *book.values, "source", "set_by", "valid_from")
    session.execute(
        text(
            f"INSERT INTO server.{book.table} ({', '.join(names)})"
            f" VALUES ({', '.join(f':{name}' for name in names)})"
        ),
        {name: row[name] for name in names},
    )


def withdraw(session: Session, book: Book, key: Mapping[str, Any], day: date) -> bool:
    """Delete the last row of a key that begins on a day, or undo its end; tell whether there was one.

    What held before the day goes on without an end.
    """
    condition = " AND ".join(f"{name} = :{name}" for name in book.key)
    given = {**key, "day": day}
    later = f"SELECT EXISTS (SELECT FROM server.{book.table} WHERE {condition} AND valid_from > :day)"
    if session.execute(text(later), given).scalar_one():
        return False
    delete = f"DELETE FROM server.{book.table} WHERE {condition} AND valid_from = :day RETURNING 1"
    reopen = (
        f"UPDATE server.{book.table} SET valid_to = NULL WHERE {condition} AND valid_to = :day RETURNING 1"
    )
    gone, open_again = (session.execute(text(deed), given).all() for deed in (delete, reopen))
    return bool(gone or open_again)


def transformer_names(session: Session, ids: Collection[UUID]) -> dict[UUID, str]:
    """Return by facility the names of those that are transformers."""
    wanted = (
        "SELECT facility_id, name FROM geo.facility WHERE facility_id = ANY(:ids) AND kind = 'transformer'"
    )
    return {row.facility_id: row.name for row in session.execute(text(wanted), {"ids": list(ids)})}


def place_known(session: Session, place: UUID) -> bool:
    """Return whether this is a community or a building."""
    wanted = (
        "SELECT EXISTS (SELECT FROM geo.community WHERE community_id = :id)"
        " OR EXISTS (SELECT FROM geo.building WHERE building_id = :id)"
    )
    return bool(session.execute(text(wanted), {"id": place}).scalar_one())


def forbid(session: Session, row: Mapping[str, Any]) -> None:
    """Store forbidden ground; `geometry` is GeoJSON in WGS 84."""
    session.execute(
        text(
            "INSERT INTO server.siting_forbidden (area_id, reason, geom, drawn_by, valid_from) VALUES"
            " (:area_id, :reason, ST_Multi(ST_GeomFromGeoJSON(:geometry)), :drawn_by, :valid_from)"
        ),
        {**row, "geometry": orjson.dumps(row["geometry"]).decode()},
    )


def lift(session: Session, area_id: UUID, day: date) -> bool:
    """End forbidden ground; return whether there was any that held."""
    ended = session.execute(
        text(
            "UPDATE server.siting_forbidden SET valid_to = greatest(:day, valid_from)"
            " WHERE area_id = :id AND valid_to IS NULL RETURNING area_id"
        ),
        {"id": area_id, "day": day},
    )
    return ended.first() is not None


def forbidden(session: Session, day: date) -> list[Mapping[str, Any]]:
    """Return the forbidden grounds of a day with their outlines as GeoJSON text."""
    found = session.execute(
        text(
            "SELECT area_id, reason, valid_from, ST_AsGeoJSON(geom, 7) AS geometry"
            " FROM server.siting_forbidden WHERE daterange(valid_from, valid_to) @> CAST(:day AS date)"
            " ORDER BY drawn_at, area_id"
        ),
        {"day": day},
    )
    return [dict(row) for row in found.mappings()]
