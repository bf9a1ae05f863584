"""Migrations of rules go back and forward over the rules that a county has set."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.build import County
from tests.integration.ledger.acting import Cast, a_cast
from tests.upkeep.test_migrations_with_rows import back, forward


@pytest.fixture
def cast(county: County) -> Cast:
    return a_cast(county)


def test_0840_goes_back_and_forward_over_a_rule_of_siting_that_is_to_come(cast: Cast) -> None:
    to_come = (
        "INSERT INTO server.siting_rate (name, value, source, valid_from)"
        " VALUES ('case_weight', 2, '纪要', current_date + 400)"
    )
    with cast.county.owner() as session:
        session.execute(
            text("UPDATE server.siting_rate SET valid_to = current_date + 400 WHERE name = 'case_weight'")
        )
        session.execute(text(to_come))
    delete = "DELETE FROM server.siting_rate WHERE valid_from > current_date + 300"

    back(cast, "0830")
    with pytest.raises(DBAPIError), cast.county.transaction() as session:
        session.execute(text(delete))
    forward(cast)

    with cast.county.transaction() as session:
        session.execute(text(delete))
    with pytest.raises(DBAPIError), cast.county.owner() as session:
        session.execute(text("DELETE FROM server.siting_rate"))
