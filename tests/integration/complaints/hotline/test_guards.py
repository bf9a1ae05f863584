"""What PostgreSQL itself refuses of work orders, to the application and to the owner of the tables."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from server.complaints.hotline.lifecycle import NEXT
from tests.build import County
from tests.integration.complaints.hotline.calling import HotlineDesk

COPIED = "unit_code, called_at, dispatched_at, due_at, yellow_at, return_due_at, received_at"
BY_OWNER_TOO = [
    "UPDATE server.hotline_order SET state = 'closed'",
    "UPDATE server.hotline_order SET version = version + 1",
    "UPDATE server.hotline_order SET due_at = due_at + interval '1 day'",
    "UPDATE server.hotline_order SET reply = '已解决'",
    "UPDATE server.hotline_order SET content = '别的'",
    "UPDATE server.hotline_order SET yellow_at = due_at",
    "UPDATE server.hotline_order SET community_id = NULL, edition = 2",
    "DELETE FROM server.hotline_order",
    "TRUNCATE server.hotline_order CASCADE",
    "UPDATE server.hotline_entry SET facts = '{}'",
    "DELETE FROM server.hotline_entry",
    "UPDATE server.hotline_edition SET content = '别的'",
    "DELETE FROM server.hotline_edition",
    "DELETE FROM server.hotline_order_case",
    "INSERT INTO server.hotline_order_case (order_id, case_id, linked_at) SELECT :other, case_id, now()"
    " FROM server.hotline_order_case",
    "UPDATE server.hotline_text SET wording = '别的'",
    "UPDATE server.hotline_rule SET value = 99",
    # A history that skips, goes where no command leads, or closes without contact.
    "INSERT INTO server.hotline_entry (order_id, seq, command, from_state, to_state, recorded_at)"
    " VALUES (:id, 9, 'hotline.note', 'in_progress', 'in_progress', now())",
    "INSERT INTO server.hotline_entry (order_id, seq, command, from_state, to_state, recorded_at)"
    " SELECT :id, version + 1, 'hotline.contact', 'in_progress', 'closed', now()"
    " FROM server.hotline_order WHERE order_id = :id",
    "INSERT INTO server.hotline_entry (order_id, seq, command, from_state, to_state, recorded_at)"
    " SELECT :id, version + 1, 'hotline.reply', 'in_progress', 'replied', now()"
    " FROM server.hotline_order WHERE order_id = :id",
    "INSERT INTO server.hotline_entry (order_id, seq, command, from_state, to_state, recorded_at)"
    " SELECT :id, version + 1, 'hotline.return', 'in_progress', 'returned', return_due_at"
    " FROM server.hotline_order WHERE order_id = :id",
    "INSERT INTO server.hotline_entry (order_id, seq, command, from_state, to_state, recorded_at, facts)"
    " SELECT :id, version + 1, 'hotline.return', 'in_progress', 'returned',"
    " return_due_at + interval '1 second',"
    """ CAST('{"reason"\\: "x"}' AS jsonb) FROM server.hotline_order WHERE order_id = :id""",
    # An order without a history, and one that was answered before it began.
    f"INSERT INTO server.hotline_order (order_id, order_no, content, {COPIED})"
    f" SELECT gen_random_uuid(), 'X1', 'x', {COPIED} FROM server.hotline_order WHERE order_id = :id",
    "INSERT INTO server.hotline_order (order_id, order_no, state, reply, answered_at, content,"
    f" {COPIED}) SELECT gen_random_uuid(), 'X1', 'replied', 'x', now(), 'x', {COPIED}"
    " FROM server.hotline_order WHERE order_id = :id",
]


def _run(opened: AbstractContextManager[Session], sql: str, given: dict[str, UUID]) -> None:
    with opened as session:
        session.execute(text(sql), {name: given[name] for name in given if f":{name}" in sql})


def test_no_plain_sql_moves_an_order_past_its_history(desk: HotlineDesk) -> None:
    order = desk.open_case(desk.taken("A1")).json
    other = desk.taken("A2")
    assert len(order["cases_linked"]) == 1
    given = {"id": UUID(order["order_id"]), "other": UUID(other["order_id"])}
    ways: list[Callable[[], AbstractContextManager[Session]]] = [
        desk.cast.county.transaction,
        desk.cast.county.owner,
    ]

    for way in ways:
        for sql in BY_OWNER_TOO:
            with pytest.raises(DBAPIError):
                _run(way(), sql, given)

    assert desk.order("A1")["version"] == order["version"]
    assert desk.order("A2")["version"] == other["version"]


def test_the_database_and_the_code_know_the_same_commands(county: County) -> None:
    with county.transaction() as session:
        rows = session.execute(
            text("SELECT command, from_state, to_state FROM server.hotline_transition")
        ).all()

    stored = {(command, before, after) for command, before, after in rows}
    coded = {(command, before, after) for command, ways in NEXT.items() for before, after in ways.items()}
    assert stored == coded | {("hotline.receive", "", "received")}


def test_who_called_can_be_forgotten_and_an_old_sheet_does_not_bring_them_back(desk: HotlineDesk) -> None:
    desk.taken("A1")
    with desk.cast.county.transaction() as session:
        session.execute(text("DELETE FROM server.hotline_caller"))

    again = desk.taken("A1")

    assert (again["caller"], again["version"]) == (None, 1)
