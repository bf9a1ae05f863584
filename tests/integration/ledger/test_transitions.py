"""The table of states and commands stands twice, in Python and in the database: both say the same."""

from __future__ import annotations

from sqlalchemy import text

from server.ledger.lifecycle import NEXT
from tests.build import County


def test_the_database_permits_what_the_code_permits_and_no_more(county: County) -> None:
    with county.transaction() as session:
        stored = {
            tuple(row)
            for row in session.execute(
                text("SELECT command, from_state, to_state FROM server.case_transition")
            )
        }

    coded = {
        (command, state, to) for state, steps in NEXT.items() for command, tos in steps.items() for to in tos
    }
    assert stored == coded
